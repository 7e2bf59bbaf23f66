"""A server of this machine that answers with the bytes it is given, whole or broken, to one request a connection."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Self

import h11

__all__ = [
    "Arrived",
    "RawServer",
    "Reply",
    "chunked",
    "endless",
    "http",
    "reset",
    "stay_silent",
]

Reply = bytes | Callable[[socket.socket], None]


class Arrived(NamedTuple):
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class RawServer:
    """Answers with the given replies in turn, the last one again and again.

    Attributes:
        url: Where it is, without a trailing slash.
        arrived: The requests that came.
        left: Is set when a client closed a connection that was still answered.
    """

    def __init__(self, *replies: Reply) -> None:
        self._replies = replies or (http(),)
        self._lock = threading.Lock()
        self.arrived: list[Arrived] = []
        self.left = threading.Event()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                outer._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            request_queue_size = 64

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()  # waits for the connections' threads
        self._thread.join()

    def _serve(self, line: socket.socket) -> None:
        line.settimeout(30)
        try:
            request = _read(line)
            if request is None:
                return
            with self._lock:
                self.arrived.append(request)
                reply = self._replies[min(len(self.arrived), len(self._replies)) - 1]
            if isinstance(reply, bytes):
                line.sendall(reply)
            else:
                reply(line)
        except ConnectionError:
            self.left.set()


def _read(line: socket.socket) -> Arrived | None:
    """One request; None from a client that says nothing, or breaks off."""
    parser: Any = h11.Connection(h11.SERVER)
    head, body = None, b""
    while True:
        try:
            event = parser.next_event()
        except h11.RemoteProtocolError:
            return None
        if event is h11.NEED_DATA:
            parser.receive_data(line.recv(65536))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = {name.decode(): value.decode() for name, value in head.headers}
            return Arrived(head.method.decode(), head.target.decode(), headers, body)
        else:
            return None


def http(body: bytes = b"{}", *headers: str, status: str = "200 OK", length: bool = True) -> bytes:
    """A reply that ends its connection; without a length, its end is that of the connection."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body)}"] if length else []
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


def chunked(parts: Iterable[bytes], *headers: str) -> bytes:
    """A reply in chunks."""
    body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [*parts, b""])
    return http(body, "Transfer-Encoding: chunked", *headers, length=False)


def reset(line: socket.socket) -> None:
    """Resets the connection."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def stay_silent(line: socket.socket) -> None:
    """Says nothing until the client leaves."""
    line.recv(1)


def endless(line: socket.socket) -> None:
    """Sends a body without an end, until the client leaves."""
    line.sendall(http(b"", length=False))
    while True:
        line.sendall(b" " * 65536)
