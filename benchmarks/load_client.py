"""A small HTTP/1.1 client that asks the same again and again, as fast as the server answers."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import cast

__all__ = ["ask_again_and_again"]

_END = b"\r\n\r\n"


class _Connection(asyncio.Protocol):
    """Sends the next request when the reply to the last one is whole."""

    def __init__(self, request: bytes, status: bytes) -> None:
        self._request = request
        self._start = b"HTTP/1.1 " + status
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self.done = 0
        self.wrong: bytes | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(_END)
        if head < 0:
            return
        fields = self._received[:head].lower()
        length = int(fields.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(self._received) < head + len(_END) + length:
            return
        if not self._received.startswith(self._start):
            self.wrong = self._received[:500]
            self.close()
            return
        self._received = b""
        self.done += 1
        if self._transport is not None:
            self._transport.write(self._request)

    def close(self) -> None:
        """Ends it."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None


def ask_again_and_again(
    port: int, request: bytes, seconds: float, connections: int = 16
) -> tuple[int, float]:
    """Asks for some time.

    Args:
        port: Where the server listens, on this machine.
        request: The whole request, head and body.
        seconds: How long.
        connections: How many ask at the same time.

    Returns:
        The number of replies, and the seconds they took.

    Raises:
        RuntimeError: A reply was not a 2xx one.
    """
    return asyncio.run(_ask(port, request, seconds, connections))


async def _ask(port: int, request: bytes, seconds: float, connections: int) -> tuple[int, float]:
    loop = asyncio.get_running_loop()
    clients = [_Connection(request, b"2") for _ in range(connections)]
    began = time.perf_counter()
    for client in clients:
        await loop.create_connection(partial(_itself, client), "127.0.0.1", port)
    await asyncio.sleep(seconds)
    # A starved machine may not have answered anything yet.
    async with asyncio.timeout(60):
        while not any(client.done or client.wrong for client in clients):
            await asyncio.sleep(0.05)
    took = time.perf_counter() - began
    for client in clients:
        client.close()
        if client.wrong is not None:
            raise RuntimeError(f"the server answered {client.wrong!r}")
    return sum(client.done for client in clients), took


def _itself(client: _Connection) -> _Connection:
    return client
