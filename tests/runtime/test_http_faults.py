"""What breaks on the way, over real clients of each family: named for what it is, showing no secret."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime._http import Request
from deviceclouds.runtime._secret import SecretHeaders

from .conftest import OpenSeam, Serve
from .raw_server import RawServer, Reply, chunked, endless, http, reset, stay_silent
from .seams import ASYNC_ONLY, LIMITS, SECRET, Way

HALF = http(b"{}").replace(b"Content-Length: 2", b"Content-Length: 200")
LOST: dict[str, Reply] = {
    "no reply": b"",
    "reset": reset,
    "half a head": b"HTTP/1.1 200 OK\r\nContent-",
    "half a body": HALF,
    "half a chunk": chunked([b"{}"])[:-10],
    "no HTTP": b"SSH-2.0-OpenSSH\r\n\r\n",
    "another protocol's status": b"HTTP/1.1 abc\r\n\r\n",
}


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("name", LOST)
def test_a_lost_reply(seam: OpenSeam, serve: Serve, name: str, private: bool) -> None:
    server, asked = serve(LOST[name]), "private-id"
    with pytest.raises(rt.ApiConnectionError) as caught:
        seam().send(f"{server.url}/?key={asked}", "POST", content=b"x", private=private)
    error = caught.value
    assert type(error) is rt.ApiConnectionError
    assert error.repeatable
    assert str(error).startswith("acme.things.do: no complete reply from 127.0.0.1:")
    assert "Timeout" not in str(error)
    assert asked not in str(error)
    assert SECRET not in everything(error)
    assert not private or asked not in everything(error)


def test_a_refused_connection(seam: OpenSeam) -> None:
    with RawServer() as gone:
        pass
    with pytest.raises(
        rt.ApiConnectionError, match=r"no complete reply from 127\.0\.0\.1:"
    ) as caught:
        seam().send(f"{gone.url}/?key={SECRET}", private=True)
    assert type(caught.value) is rt.ApiConnectionError
    assert "Connect" in str(caught.value) and "Timeout" not in str(caught.value)
    assert SECRET not in everything(caught.value)


@pytest.mark.parametrize("begun", [False, True])
def test_a_silent_server(seam: OpenSeam, serve: Serve, begun: bool) -> None:
    def half(line: Any) -> None:
        line.sendall(HALF)
        stay_silent(line)

    server = serve(half if begun else stay_silent)
    with pytest.raises(
        rt.ApiTimeoutError, match=r"did not answer in time \(ReadTimeout\)"
    ) as caught:
        seam().send(f"{server.url}/?key={SECRET}", private=True, timeout=(5.0, 0.05, 5.0, 5.0))
    assert SECRET not in everything(caught.value)


@ASYNC_ONLY
def test_no_free_connection(seam: OpenSeam, serve: Serve, way: Way) -> None:
    server = serve(stay_silent)
    one = seam(limits=way.library.Limits(max_connections=1))

    async def two() -> Any:
        request = Request("acme", "do", "GET", server.url, SecretHeaders(), (5.0, 5.0, 5.0, 0.05))
        first = asyncio.ensure_future(one.http.send(request))
        while not server.arrived:
            await asyncio.sleep(0)
        try:
            await one.http.send(request)
        finally:
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)

    with pytest.raises(rt.ApiTimeoutError, match=r"Pool|in time"):
        one.run(two())


@ASYNC_ONLY
def test_a_cancelled_call_leaves_its_connection(seam: OpenSeam, serve: Serve) -> None:
    one, server = seam(), serve(endless)

    async def cancel() -> None:
        request = Request("acme", "do", "GET", server.url, SecretHeaders(), LIMITS)
        task = asyncio.ensure_future(one.http.send(request))
        while not server.arrived:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    one.run(cancel())
    assert server.left.wait(10)


@ASYNC_ONLY
def test_many_calls_at_once(seam: OpenSeam, serve: Serve) -> None:
    one, server = seam(), serve()

    async def many() -> list[Any]:
        request = Request("acme", "do", "GET", server.url, SecretHeaders(), LIMITS)
        return await asyncio.gather(*(one.http.send(request) for _ in range(20)))

    assert [reply.content for reply in one.run(many())] == [b"{}"] * 20


def test_a_header_that_is_not_sent_is_not_shown(seam: OpenSeam, serve: Serve, way: Way) -> None:
    # As from a token that was copied with the space behind it. aiohttp sends it.
    def send() -> None:
        seam().send(serve().url, headers={"Authorization": f"Bearer {SECRET} "})

    if way.is_aiohttp:
        send()
        return
    with pytest.raises(rt.ApiConnectionError, match="Illegal header value") as caught:
        send()
    assert SECRET not in everything(caught.value)


def everything(error: BaseException) -> str:
    """What a traceback shows at most: all causes and contexts, with the variables of our frames."""
    shown = "".join(traceback.format_exception(error, chain=True))
    one: BaseException | None = error
    while one is not None:
        shown += repr(one)
        one = one.__cause__ or one.__context__
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if "deviceclouds" in frame.f_code.co_filename and "tests" not in frame.f_code.co_filename:
            shown += repr(frame.f_locals)
    return shown
