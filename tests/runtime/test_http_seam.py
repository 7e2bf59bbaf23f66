"""Clients of httpx2 and of httpx, in both kinds of class; what the network does, in our words."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.amnimo import Amnimo, AsyncAmnimo

from .conftest import OpenSession
from .support import TOKEN, reply

HOST = "api.test"
SETTINGS: dict[str, Any] = {
    "token": TOKEN,
    "subscription_id": "sub",
    "base_url": f"https://{HOST}/ex",
    "retries": 0,
}


class MyClient(httpx2.Client):
    pass


class MyOlderClient(httpx.Client):
    pass


class MyAsyncClient(httpx2.AsyncClient):
    pass


def camera(library: Any, request: Any) -> Any:
    assert request.url.host == HOST
    return library.Response(200, json={"id": request.url.path})


def via(library: Any, handler: Any) -> Any:
    return library.MockTransport(handler)


@pytest.mark.parametrize(
    ("library", "made"),
    [(httpx2, httpx2.Client), (httpx, httpx.Client), (httpx2, MyClient), (httpx, MyOlderClient)],
)
def test_sync_clients_of_both_libraries(library: Any, made: Any) -> None:
    with made(transport=via(library, lambda request: camera(library, request))) as http:
        with Amnimo(http_client=http, **SETTINGS) as client:
            assert client.cameras.get_camera("c").id == "/ex/partitions/sub/cameras/c"
        assert not http.is_closed


@pytest.mark.parametrize(
    ("library", "made"),
    [(httpx2, httpx2.AsyncClient), (httpx, httpx.AsyncClient), (httpx2, MyAsyncClient)],
)
def test_async_clients_of_both_libraries(runner: asyncio.Runner, library: Any, made: Any) -> None:
    async def call() -> None:
        async with made(transport=via(library, lambda request: camera(library, request))) as http:
            async with AsyncAmnimo(http_client=http, **SETTINGS) as client:
                one = await client.cameras.get_camera("c")
                assert one.id == "/ex/partitions/sub/cameras/c"
            assert not http.is_closed

    runner.run(call())


@pytest.mark.parametrize("library", [httpx2, httpx])
def test_clients_of_the_other_kind_are_refused(runner: asyncio.Runner, library: Any) -> None:
    sync, other = library.Client(), library.AsyncClient()
    with pytest.raises(rt.ConfigurationError, match="it is a AsyncClient: use it with the other"):
        Amnimo(http_client=other, **SETTINGS)
    with pytest.raises(rt.ConfigurationError, match="it is a Client: use it with the other class"):
        AsyncAmnimo(http_client=sync, **SETTINGS)
    sync.close()
    runner.run(other.aclose())


@pytest.mark.parametrize(
    "thing", [object(), "https://x", 5, httpx2, httpx2.Client, httpx2.HTTPTransport]
)
@pytest.mark.parametrize("made", [Amnimo, AsyncAmnimo])
def test_other_objects_are_refused(made: Any, thing: Any) -> None:
    with pytest.raises(rt.ConfigurationError, match=r"does not fit; give an httpx2.* or httpx"):
        made(http_client=thing, **SETTINGS)


def test_our_own_client_is_closed(runner: asyncio.Runner) -> None:
    sync = Amnimo(**SETTINGS)
    sync.close()
    sync.close()
    assert sync._http.client.is_closed
    with pytest.raises(rt.ConfigurationError, match="the client is closed; make a new one"):
        sync.cameras.get_camera("c")
    other = AsyncAmnimo(**SETTINGS)
    runner.run(other.close())
    assert other._http.client.is_closed
    with pytest.raises(rt.ConfigurationError, match="the client is closed"):
        runner.run(other.cameras.get_camera("c"))


def failing(library: Any, error: Exception) -> Any:
    def handler(request: Any) -> Any:
        raise error

    return library.Client(transport=via(library, handler))


@pytest.mark.parametrize("library", [httpx2, httpx])
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ConnectError", rt.ApiConnectionError),
        ("ReadError", rt.ApiConnectionError),
        ("WriteError", rt.ApiConnectionError),
        ("CloseError", rt.ApiConnectionError),
        ("RemoteProtocolError", rt.ApiConnectionError),
        ("LocalProtocolError", rt.ApiConnectionError),
        ("ProxyError", rt.ApiConnectionError),
        ("UnsupportedProtocol", rt.ApiConnectionError),
        ("DecodingError", rt.ApiConnectionError),
        ("InvalidURL", rt.ApiConnectionError),
        ("ConnectTimeout", rt.ApiTimeoutError),
        ("ReadTimeout", rt.ApiTimeoutError),
        ("WriteTimeout", rt.ApiTimeoutError),
        ("PoolTimeout", rt.ApiTimeoutError),
    ],
)
def test_transport_errors_of_both_libraries(library: Any, name: str, expected: type) -> None:
    original = getattr(library, name)("went wrong")
    with failing(library, original) as http:
        pager = Amnimo(http_client=http, **SETTINGS).cameras.list_cameras(camera_id=["private-id"])
        with pytest.raises(rt.ApiConnectionError) as caught:
            pager.first_page()
    error = caught.value
    assert type(error) is expected
    assert (error.vendor, error.operation) == ("amnimo", "cameras.list_cameras")
    assert error.attempts == 1
    assert error.__cause__ is original
    assert HOST in str(error)
    assert name in str(error)
    assert "private-id" not in str(error)


class Truncated(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that breaks off."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"id":'
        raise httpx2.RemoteProtocolError("peer closed connection without sending complete body")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part


def test_a_truncated_body(opened: OpenSession) -> None:
    one = opened("amnimo", lambda request: httpx2.Response(200, stream=Truncated()), retries=1)
    with pytest.raises(rt.ApiConnectionError, match="no complete reply from") as caught:
        one.run(one.client.cameras.get_camera("c"))
    assert caught.value.attempts == 2


def test_a_body_that_is_not_what_its_encoding_says(opened: OpenSession) -> None:
    def broken(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-encoding": "gzip"}, content=b"no gzip")

    one = opened("amnimo", broken, retries=0)
    with pytest.raises(rt.ApiConnectionError, match="DecodingError"):
        one.run(one.client.cameras.get_camera("c"))


def test_errors_of_other_libraries_come_through(opened: OpenSession) -> None:
    one = opened("amnimo", ZeroDivisionError("in a transport"))
    with pytest.raises(ZeroDivisionError):
        one.run(one.client.cameras.get_camera("c"))
    assert len(one.cloud.requests) == 1


def test_redirects_are_not_followed_even_if_the_client_does() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(302, headers={"location": "https://elsewhere.test/"})

    with httpx2.Client(transport=via(httpx2, handler), follow_redirects=True) as http:
        client = Amnimo(http_client=http, **SETTINGS)
        with pytest.raises(rt.ApiStatusError, match="302 a redirect"):
            client.cameras.get_camera("c")


def test_a_cancelled_call_stops(runner: asyncio.Runner) -> None:
    async def hang(request: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def call() -> None:
        async with httpx2.AsyncClient(transport=via(httpx2, hang)) as http:
            client = AsyncAmnimo(http_client=http, **SETTINGS)
            task = asyncio.ensure_future(client.cameras.get_camera("c"))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    runner.run(call())


@pytest.mark.parametrize(("library", "other"), [(httpx2, httpx), (httpx, httpx2)])
def test_a_transport_of_the_other_library_is_refused(library: Any, other: Any) -> None:
    transport = via(other, lambda request: camera(other, request))
    refused = pytest.raises(rt.ConfigurationError, match="take both of one library")
    with library.Client(transport=transport) as http, refused:
        Amnimo(http_client=http, **SETTINGS)


@pytest.mark.parametrize("library", [httpx2, httpx])
def test_parameters_of_an_own_client_join_ours(library: Any) -> None:
    seen = []

    def handler(request: Any) -> Any:
        seen.append(dict(request.url.params))
        return library.Response(200, json={"cameras": []})

    with library.Client(transport=library.MockTransport(handler), params={"api": "1"}) as http:
        Amnimo(http_client=http, **SETTINGS).cameras.list_cameras(page=2, size=5).first_page()
    assert seen == [{"api": "1", "page": "2", "size": "5"}]


def test_credentials_of_an_own_client_do_not_replace_ours() -> None:
    seen = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers["authorization"])
        return httpx2.Response(200, json={})

    with httpx2.Client(transport=httpx2.MockTransport(handler), auth=("a", "b")) as http:
        Amnimo(http_client=http, **SETTINGS).cameras.get_camera("c")
    assert seen == [f"Bearer {SETTINGS['token']}"]


def test_a_hook_that_raises_for_a_status_gives_our_error() -> None:
    def hook(response: httpx2.Response) -> None:
        response.read()
        response.raise_for_status()

    transport = httpx2.MockTransport(lambda request: httpx2.Response(404, json={}))
    http = httpx2.Client(transport=transport, event_hooks={"response": [hook]})
    with http, pytest.raises(rt.NotFoundError) as caught:
        Amnimo(http_client=http, **SETTINGS).cameras.get_camera("c")
    assert caught.value.attempts == 1


def test_a_file_that_cannot_be_read_is_no_network_fault(opened: OpenSession) -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError("the disk is gone")

    one = opened("scailable", reply({}))
    with pytest.raises(rt.DeviceCloudError, match="the disk is gone") as caught:
        one.run(one.client.function.update_function("u", file=Broken()))
    assert caught.value.operation == "function.update_function"


def test_cookies_of_a_reply_are_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers.get("cookie"))
        return httpx2.Response(200, json={}, headers={"set-cookie": "session=A"})

    monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", lambda self, r: handler(r))
    with Amnimo(**SETTINGS) as client:
        client.cameras.get_camera("c")
        client.cameras.get_camera("c")
    assert seen == [None, None]


def test_a_forked_process_gets_connections_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        httpx2.HTTPTransport, "handle_request", lambda *_: httpx2.Response(200, json={})
    )
    with Amnimo(**SETTINGS) as client:
        before = client._http.client
        client.cameras.get_camera("c")
        assert client._http.client is before
        monkeypatch.setattr(os, "getpid", lambda: -1)
        client.cameras.get_camera("c")
        assert client._http.client is not before
        before.close()


def test_words_of_a_cloud_are_made_bearable(opened: OpenSession) -> None:
    body = [{"status": "X", "message": "a\n\x1b[31mb" + "c" * 5000}]
    one = opened("amnimo", reply(body, 400))
    with pytest.raises(rt.BadRequestError) as caught:
        one.run(one.client.cameras.get_camera("c"))
    text = str(caught.value)
    assert text.isprintable()
    assert len(text) < 700
