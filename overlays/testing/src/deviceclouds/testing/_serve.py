"""The stand-in over loopback, for programs that need a real URL."""

from __future__ import annotations

import socket
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import uvicorn

from ._load import MOUNTS

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = ["Server"]


class Server:
    """A running server, on 127.0.0.1 unless told otherwise; stop it with :meth:`close`, or use it as a context manager.

    Args:
        app: The application.
        port: Port to listen on; 0 picks a free one.
        host: Address to listen at.
        listening: A socket that listens already, instead of both; it is closed with the server.

    Raises:
        OSError: The port is taken.
        RuntimeError: The server did not start within 10 seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        listening: socket.socket | None = None,
    ) -> None:
        self._host = host
        self._closing = False
        self._socket = _listen(host, port) if listening is None else listening
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run,
            args=([self._socket],),
            name="deviceclouds-testing-server",
            daemon=True,
        )
        self._thread.start()
        self._wait_until_started()

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        shown = "127.0.0.1" if self._host == "0.0.0.0" else self._host  # noqa: S104  # only compared
        return f"http://{shown}:{self.port}"

    def base_url(self, vendor: str) -> str:
        """Where a vendor's API is. Raises KeyError for an unknown vendor."""
        return self.url + MOUNTS[vendor]

    def close(self) -> None:
        """Stops the server. May be called more than once; whoever interrupts it is not made to wait again."""
        if self._closing:
            return
        self._closing = True
        self._server.should_exit = True
        try:
            self._thread.join(10)
        finally:
            self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _wait_until_started(self) -> None:
        deadline = time.monotonic() + 10
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.close()
                raise RuntimeError("the stand-in server did not start")
            time.sleep(0.005)


def _listen(host: str, port: int) -> socket.socket:
    # The protocol is named because asyncio switches off waiting for acknowledgements (40 ms) only where it is.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made
