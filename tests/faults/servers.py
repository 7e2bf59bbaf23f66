"""Servers on loopback: one that asks a function, and ones that break off, stay silent, or say what they like."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2

__all__ = ["RawServer", "raw_server", "serve"]

Script = Callable[[socket.socket], object]
"""What is done with one request, whose head and body were read: send, close, nothing."""


@contextmanager
def serve(handler: Callable[[httpx2.Request], httpx2.Response]) -> Iterator[str]:
    """A server that answers with a function; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            url = f"http://{self.headers['host']}{self.path}"
            content = self.rfile.read(length)
            reply = handler(
                httpx2.Request(self.command, url, headers=dict(self.headers), content=content)
            )
            self.send_response(reply.status_code)
            for name, value in reply.headers.multi_items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.content)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815  # the library's names

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class RawServer:
    """Reads requests, and does with each what the next of its scripts says; the last one again and again.

    Attributes:
        port: Where it listens.
        requests: Heads and bodies of what came, as text.
    """

    def __init__(self, scripts: list[Script], context: ssl.SSLContext | None = None) -> None:
        self._scripts = scripts
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._guard = threading.Lock()
        self.port: int = self._socket.getsockname()[1]
        self.requests: list[str] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http{'s' if self._context else ''}://127.0.0.1:{self.port}"

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._guard:
                self._open.append(connection)
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with suppress(OSError):  # the client may be gone, or end before the handshake does
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            while (request := _read(connection)) is not None:
                with self._guard:
                    self.requests.append(request)
                    script = self._scripts[min(len(self.requests), len(self._scripts)) - 1]
                script(connection)

    def close(self) -> None:
        """Ends all connections."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        with self._guard:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                connection.close()


def _read(connection: socket.socket) -> str | None:
    """A request with a length or without a body; None at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return None
        data += more
        if data.startswith(b"\x16"):
            return "a TLS handshake"
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        if not (more := connection.recv(65536)):
            return None
        body += more
    return (head + b"\r\n\r\n" + body).decode("latin-1")


@contextmanager
def raw_server(*scripts: Script, context: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """A server that does as its scripts say."""
    server = RawServer(list(scripts), context)
    try:
        yield server
    finally:
        server.close()
