"""What networks do, over real sockets: at the API and where tokens are given, in clients that are our own."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import struct
import tracemalloc
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import FakeClock, client_class

from .planted import CLIENT_ID, CLIENT_SECRET, ISSUED, STATIC_TOKEN, everything, found
from .servers import RawServer, raw_server

TOKEN_PATH = "/oauth2/default/v1/token"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LARGE = 64 * 2**20


def says(data: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(data)


def body(content: bytes, *headers: bytes) -> bytes:
    head = b"".join(header + b"\r\n" for header in headers)
    return OK + head + b"Content-Length: %d\r\n\r\n" % len(content) + content


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


def reset(connection: socket.socket) -> None:
    """Ends a connection as a crash does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def then_reset(data: bytes) -> Callable[[socket.socket], None]:
    def script(connection: socket.socket) -> None:
        connection.sendall(data)
        reset(connection)

    return script


def then_close(data: bytes) -> Callable[[socket.socket], None]:
    def script(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_RDWR)

    return script


def silent(connection: socket.socket) -> None:
    pass


SIGNED_IN = body(b'{"access_token": "%s-1", "expires_in": 3600}' % ISSUED.encode())
PART = b'{"access_token": "%s-part' % ISSUED.encode()


class Console:
    """An AITRIOS client of our own at a server on loopback, sync or async."""

    def __init__(self, kind: str, runner: asyncio.Runner, url: str, options: Any) -> None:
        self._runner = runner
        self.kind = kind
        self.clock = FakeClock()
        self.client = client_class("aitrios", kind)(base_url=url, clock=self.clock, **options)

    def get(self) -> Any:
        call = self.client.manage_devices.get_device("d")
        return self._runner.run(call) if self.kind == "async" else call

    def fail(self) -> Any:
        with pytest.raises(rt.DeviceCloudError) as caught:
            self.get()
        assert not found(everything(caught.value))
        return caught.value

    def close(self) -> None:
        closing = self.client.close()
        if self.kind == "async":
            self._runner.run(closing)


@pytest.fixture
def console(kind: str, runner: asyncio.Runner) -> Iterator[Callable[..., Console]]:
    opened: list[Console] = []

    def open_console(url: str, token_url: str | None = None, **options: Any) -> Console:
        given: dict[str, Any] = {"token": STATIC_TOKEN, "retries": 2}
        if token_url is not None:
            given = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "retries": 2}
            given["token_url"] = token_url + TOKEN_PATH
        opened.append(Console(kind, runner, url, {**given, **options}))
        return opened[-1]

    yield open_console
    for one in opened:
        one.close()


def check(
    error: Any, kind: type[rt.DeviceCloudError], where: str, attempts: int, words: str
) -> None:
    operation = "sign-in" if where == "token" else "manage_devices.get_device"
    assert type(error) is kind
    assert (error.vendor, error.operation, error.attempts) == ("aitrios", operation, attempts)
    assert words in str(error)


at_each = pytest.mark.parametrize("where", ["api", "token"])


def opened_at(console: Any, where: str, url: str, **options: Any) -> Console:
    """A client whose API, or whose token endpoint, is at an address."""
    if where == "api":
        one: Console = console(url, **options)
    else:
        one = console("http://127.0.0.1:1", token_url=url, **options)
    return one


def check_sent(server: RawServer, where: str, number: int) -> None:
    """That all requests were the same, with their credentials, and nothing else came."""
    assert len(server.requests) == number
    assert len(set(server.requests)) == min(1, number)
    for request in server.requests:
        if where == "api":
            assert request.startswith("GET /api/v2/devices/d HTTP/1.1\r\n")
            assert f"authorization: bearer {STATIC_TOKEN}\r\n" in request.lower()
        else:
            assert request.startswith(f"POST {TOKEN_PATH} HTTP/1.1\r\n")
            assert "authorization: basic " in request.lower()


@at_each
def test_nobody_listens(console: Any, where: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = opened_at(console, where, f"http://127.0.0.1:{port}").fail()
    check(error, rt.ApiConnectionError, where, 3, f"no complete reply from 127.0.0.1:{port}")
    assert error.__cause__ is not None


@at_each
@pytest.mark.parametrize(
    "script",
    [
        reset,
        then_reset(OK + b"Content-Length: 100\r\n\r\n" + PART),
        then_reset(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(PART)),
        then_close(OK + b"Content-Length: 100\r\n\r\n" + PART),
        then_close(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(PART)),
        then_close(OK[:20]),
        then_close(PART),
        then_close(b""),
    ],
    ids=[
        "reset at once",
        "reset in a body",
        "reset between chunks",
        "short body",
        "no last chunk",
        "half a head",
        "no HTTP",
        "nothing",
    ],
)
def test_it_breaks_off(console: Any, where: str, script: Any) -> None:
    with raw_server(script) as server:
        error = opened_at(console, where, server.url).fail()
        check(error, rt.ApiConnectionError, where, 3, "no complete reply from 127.0.0.1")
        check_sent(server, where, 3)


@at_each
@pytest.mark.parametrize(
    "script", [silent, says(OK), says(OK + b"Content-Length: 100\r\n\r\n" + PART)]
)
def test_it_falls_silent(console: Any, where: str, script: Any) -> None:
    with raw_server(script) as server:
        one = opened_at(console, where, server.url, timeout=(5, 0.2, 5, 5), retries=1)
        error = one.fail()
        check(error, rt.ApiTimeoutError, where, 2, "did not answer in time (ReadTimeout)")
    # Looked at when the server has ended: on a busy machine it may read a request after the client gave it up.
    check_sent(server, where, 2)


@at_each
def test_it_comes_back(console: Any, where: str) -> None:
    good = body(b"{}") if where == "api" else SIGNED_IN
    with raw_server(reset, silent, says(good), says(body(b"{}"))) as server:
        token_url = None if where == "api" else server.url
        one = console(server.url, token_url=token_url, timeout=(5, 0.2, 5, 5))
        one.get()
        assert len(server.requests) == (3 if where == "api" else 4)
        assert len(one.clock.sleeps) == 2


CERTIFICATE = Path(__file__).parent / "self_signed.pem"


@at_each
def test_a_certificate_nobody_trusts(console: Any, where: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with raw_server(says(body(b"{}")), context=context) as server:
        error = opened_at(console, where, server.url).fail()
        check(error, rt.ApiConnectionError, where, 3, "CERTIFICATE_VERIFY_FAILED")
        assert server.requests == []
    with raw_server(says(body(b"{}"))) as server:
        error = opened_at(console, where, server.url.replace("http:", "https:")).fail()
        check(error, rt.ApiConnectionError, where, 3, "SSL")


@at_each
def test_a_name_nobody_knows(console: Any, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def lookup(host: Any, *_: Any, **__: Any) -> Any:
        asked.append(host.decode() if isinstance(host, bytes) else host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    error = opened_at(console, where, "https://no-such.test").fail()
    check(error, rt.ApiConnectionError, where, 3, "no complete reply from no-such.test")
    assert "Name or service not known" in str(error)
    assert asked == ["no-such.test"] * 3


@cache
def bomb(times: int) -> bytes:
    content = b" " * LARGE
    for _ in range(times):
        content = gzip.compress(content, 9, mtime=0)
    return content


@at_each
@pytest.mark.parametrize("times", [0, 1, 2], ids=["plain", "gzip", "gzip in gzip"])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunks"])
def test_a_reply_that_grows(console: Any, where: str, times: int, chunked: bool) -> None:
    packed = bomb(times)
    head = OK + b"X-Request-Id: r-7\r\n"
    head += b"Content-Encoding: %s\r\n" % b", ".join([b"gzip"] * times) if times else b""
    rest = (
        b"Transfer-Encoding: chunked\r\n\r\n" + chunk(packed) + chunk(b"")
        if chunked
        else b"Content-Length: %d\r\n\r\n" % len(packed) + packed
    )
    with raw_server(says(head + rest)) as server:
        one = opened_at(console, where, server.url, max_reply=2**20)
        tracemalloc.start()
        try:
            error = one.fail()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        check(error, rt.DecodeError, where, 1, "the reply is larger than 1048576 bytes")
        assert (error.status_code, error.request_id, error.content) == (200, "r-7", b"")
        check_sent(server, where, 1)
    assert peak < 12 * 2**20


def test_a_token_reply_is_small_whatever_the_client_takes(console: Any) -> None:
    with raw_server(says(body(b" " * (2**20 + 1)))) as server:
        error = opened_at(console, "token", server.url).fail()
        check(error, rt.DecodeError, "token", 1, "the reply is larger than 1048576 bytes")


def test_a_reply_as_large_as_it_may_be(console: Any) -> None:
    content = b'{"device_id": "%s"}' % (b"x" * 2**20)
    packed = gzip.compress(content)
    with raw_server(says(body(content)), says(body(packed, b"Content-Encoding: gzip"))) as server:
        one = console(server.url, max_reply=len(content))
        assert len(one.get().device_id) == 2**20
        assert len(one.get().device_id) == 2**20
        one = console(server.url, max_reply=len(content) - 1)
        assert "larger than" in str(one.fail())


@at_each
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_elsewhere_is_not_followed(
    console: Any, runner: asyncio.Runner, kind: str, where: str, status: int
) -> None:
    import httpx2

    with raw_server(says(body(b"{}"))) as elsewhere:
        answer = b"HTTP/1.1 %d Moved\r\nLocation: %s/x?y\r\nContent-Length: 0\r\n\r\n"
        with raw_server(says(answer % (status, elsewhere.url.encode()))) as server:
            error = opened_at(console, where, server.url).fail()
            check(error, rt.ApiStatusError, where, 1, f"{status} a redirect, which is not followed")
            assert error.status_code == status
            # Nor by a client of the user's that follows all others.
            made = httpx2.Client if kind == "sync" else httpx2.AsyncClient
            http: Any = made(follow_redirects=True)
            one = opened_at(console, where, server.url, http_client=http)
            check(one.fail(), rt.ApiStatusError, where, 1, f"{status} a redirect")
            http.close() if kind == "sync" else runner.run(http.aclose())
            check_redirected(server, where)
        assert elsewhere.requests == []


def check_redirected(server: RawServer, where: str) -> None:
    assert len(server.requests) == 2
    assert all(("GET" if where == "api" else "POST") in request for request in server.requests)


def test_headers_no_library_takes_are_not_shown(console: Any) -> None:
    """Libraries name the header they refuse; ours are checked before."""
    with raw_server(says(body(b"{}"))) as server:
        for bad in (
            f"{STATIC_TOKEN} ",
            f" {STATIC_TOKEN}",
            f"{STATIC_TOKEN}\t",
            f"{STATIC_TOKEN}\x7f",
        ):
            with pytest.raises(rt.ConfigurationError) as caught:
                console(server.url, token=bad)
            assert not found(everything(caught.value))
            error = console(server.url, token=lambda bad=bad: bad).fail()
            assert type(error) is rt.ConfigurationError
        assert server.requests == []
