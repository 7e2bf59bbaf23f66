"""An address that is there at once, and a server behind it from the first connection on."""

from __future__ import annotations

import os
import select
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..._serve import Server
    from ...sandbox.sandbox import Sandbox

__all__ = ["Doorstep"]


class Doorstep:
    """Listens on a free port of 127.0.0.1. Most tests never connect, and a server costs them a fifth of a second.

    Args:
        sandbox: What is served.
        port: Where to listen if it is free; 0 for any port.
    """

    def __init__(self, sandbox: Sandbox, port: int = 0) -> None:
        self._sandbox = sandbox
        self._server: Server | None = None
        self._listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":
            # Elsewhere it would let somebody else listen at the same address.
            self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._listening.bind(("127.0.0.1", port))
        except OSError:
            self._listening.bind(("127.0.0.1", 0))
        # Whoever connects waits in the queue until the server takes over.
        self._listening.listen(100)
        self.port: int = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._woken, self._waker = socket.socketpair()
        self._thread = threading.Thread(
            target=self._wait, name="deviceclouds-testing-doorstep", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stops listening, and the server if there is one."""
        self._waker.close()
        self._thread.join(10)
        if self._server is not None:
            self._server.close()
        self._woken.close()
        self._listening.close()

    def _wait(self) -> None:
        ready, _, _ = select.select([self._listening, self._woken], [], [])
        if self._woken not in ready:
            from ..._serve import Server

            self._sandbox.hosts.add("127.0.0.1")
            self._server = Server(self._sandbox.app, listening=self._listening)
            self._sandbox.webhooks.watch()
