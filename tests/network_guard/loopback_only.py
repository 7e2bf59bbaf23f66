"""Refuses every connection that leaves this machine. Loopback and local (AF_UNIX) sockets are fine."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any


class NetworkBlockedError(RuntimeError):
    """A test tried to reach the network."""


def _is_local(host: Any) -> bool:
    if host in ("localhost", "", None, b"localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def block_network() -> None:
    """Installs the guard; once is enough."""
    if getattr(socket.socket, "_guarded", False):
        return

    class GuardedSocket(socket.socket):
        _guarded = True

        def connect(self, address: Any) -> None:
            self._check(address)
            return super().connect(address)

        def connect_ex(self, address: Any) -> int:
            self._check(address)
            return super().connect_ex(address)

        def sendto(self, *args: Any) -> int:
            self._check(args[-1])
            return super().sendto(*args)

        def _check(self, address: Any) -> None:
            if self.family != getattr(socket, "AF_UNIX", None) and not _is_local(address[0]):
                raise NetworkBlockedError(
                    f"tests reach no network, but something asked for {address[0]}"
                )

    real_lookup = socket.getaddrinfo

    def lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_local(host):
            raise NetworkBlockedError(f"tests reach no network, but something asked for {host}")
        return real_lookup(host, *args, **kwargs)

    socket.socket = GuardedSocket  # type: ignore[misc]
    socket.getaddrinfo = lookup
