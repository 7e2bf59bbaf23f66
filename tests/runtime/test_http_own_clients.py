"""Clients of a user's own, of each family: what they add, what they may see, and which are refused."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx
import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime._http import Request, open_async, open_sync
from deviceclouds.runtime._secret import SecretHeaders
from httpx_aiohttp import AiohttpTransport, HttpxAiohttpClient
from httpx_aiohttp.httpx2 import AiohttpTransport as Aiohttp2Transport
from httpx_aiohttp.httpx2 import Httpx2AiohttpClient

from .conftest import OpenSeam, Serve
from .seams import HEADERS, LIMITS, SECRET, Way


def test_a_secret_address_arrives_and_is_not_shown(
    seam: OpenSeam, serve: Serve, way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    def hook(request: Any) -> None:
        shown.extend([repr(request), str(request.url), repr(request.url), f"{request.url}"])

    async def hook_async(request: Any) -> None:
        hook(request)

    server = serve()
    one = seam(event_hooks={"request": [hook_async if way.is_async else hook]})
    for foreign in (False, True):
        one.send(f"{server.url}/a?key={SECRET}&b=%26", private=True, foreign=foreign, headers={})
    assert [arrived.target for arrived in server.arrived] == [f"/a?key={SECRET}&b=%26"] * 2
    assert len(shown) == 8 and all("?***" in text for text in shown)
    requests = [r.getMessage() for r in caplog.records if "HTTP Request" in r.getMessage()]
    assert len(requests) == 2
    assert f"GET {server.url}/a?***" in requests[0]
    assert SECRET not in "".join(shown) + caplog.text


def test_an_address_without_a_query_arrives_as_it_is(seam: OpenSeam, serve: Serve) -> None:
    server = serve()
    seam().send(f"{server.url}/token", "POST", content=b"a=b", private=True)
    assert server.arrived[0].target == "/token"


def test_a_log_line_of_a_transport_does_not_show_it(serve: Serve, caplog: Any) -> None:
    class Talking(httpx2.HTTPTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            logging.getLogger("own").warning("to %s", request.url)
            return super().handle_request(request)

    server = serve()
    with httpx2.Client(transport=Talking()) as client:
        request = Request("a", "b", "GET", f"{server.url}/?k={SECRET}", SecretHeaders(), LIMITS)
        open_sync(client, "acme").send(request._replace(private=True))
    assert f"to {server.url}/?***" in caplog.text
    assert SECRET not in caplog.text


OWN: dict[str, Any] = {
    "headers": {"X-Own": "1", "User-Agent": "own/1"},
    "params": {"api": "1"},
    "cookies": {"session": "own"},
    "auth": ("me", "own"),
}


def test_what_a_client_of_the_users_adds(seam: OpenSeam, serve: Serve) -> None:
    server = serve()
    seam(**OWN).send(f"{server.url}/a?b=2")
    target, headers = server.arrived[0].target, server.arrived[0].headers
    assert sorted(target.partition("?")[2].split("&")) == ["api=1", "b=2"]
    assert (headers["x-own"], headers["cookie"]) == ("1", "session=own")
    assert headers["authorization"] == HEADERS["Authorization"]


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
@pytest.mark.parametrize("headers", [HEADERS, {"x-OWN": "2", "user-agent": "a"}, {}])
def test_requests_are_as_the_client_would_build_them(
    seam: OpenSeam, method: str, content: bytes | None, headers: dict[str, str]
) -> None:
    one = seam(**(OWN | {"params": None}))
    one.client.headers["X-Later"] = "3"
    url = "https://a.test/b%2Fc?d=1%262"
    limits = (1.0, 2.0, 3.0, 4.0)
    request = Request("a", "b", method, url, SecretHeaders(headers), limits, content)
    ours = one.http.build(request)
    theirs = one.client.build_request(
        method, url, headers=headers, content=content, timeout=one.way.library.Timeout(limits)
    )
    assert ours.headers.raw == theirs.headers.raw
    assert (ours.method, ours.url, ours.content) == (theirs.method, theirs.url, theirs.content)
    assert ours.extensions == theirs.extensions


@pytest.mark.parametrize("of_class", [True, False])
def test_a_client_that_builds_requests_itself_does(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, of_class: bool
) -> None:
    class Signing(httpx2.Client):
        def build_request(self, *args: Any, **kwargs: Any) -> httpx2.Request:
            built = super().build_request(*args, **kwargs)
            built.headers["X-Signed"] = "yes"
            return built

    server, client = serve(), Signing() if of_class else httpx2.Client()
    if not of_class:
        monkeypatch.setattr(client, "build_request", Signing().build_request)
    with client:
        seam = open_sync(client, "acme")
        seam.send(Request("a", "b", "GET", server.url, SecretHeaders(HEADERS), LIMITS))
    assert server.arrived[0].headers["x-signed"] == "yes"


def test_a_foreign_request_carries_nothing_of_it(seam: OpenSeam, serve: Serve) -> None:
    server = serve()
    reply = seam(**OWN).send(f"{server.url}/a?b=2", foreign=True, headers={"Accept": "*/*"})
    assert reply.content == b"{}"
    target, headers = server.arrived[0].target, server.arrived[0].headers
    assert target == "/a?b=2"
    assert headers["accept"] == "*/*"
    assert not {"x-own", "cookie", "authorization"} & headers.keys()
    assert "own" not in str(headers)


def mixed() -> list[Any]:
    """Clients with transports of the other family, sync and async."""
    own, other = httpx2, httpx
    pairs: list[Any] = []
    for one, two, aiohttp in ((own, other, AiohttpTransport), (other, own, Aiohttp2Transport)):
        name = one.__name__
        pairs += [
            pytest.param(one.Client, two.HTTPTransport, id=f"{name}-sync"),
            pytest.param(one.AsyncClient, two.AsyncHTTPTransport, id=f"{name}-async"),
            pytest.param(one.AsyncClient, aiohttp, id=f"{name}-aiohttp"),
        ]
    return pairs


@pytest.mark.parametrize("mounted", [False, True])
@pytest.mark.parametrize(("made", "transport"), mixed())
def test_transports_of_the_other_family_are_refused(
    runner: asyncio.Runner, made: Any, transport: Any, mounted: bool
) -> None:
    one = transport(verify=False)
    options: dict[str, Any] = {"mounts": {"all://": one}} if mounted else {"transport": one}
    client = made(verify=False, **options)
    is_async = hasattr(client, "aclose")
    with pytest.raises(rt.ConfigurationError, match="take both of one library") as caught:
        (open_async if is_async else open_sync)(client, "acme")
    assert f"is of {made.__module__} and its transport of" in str(caught.value)
    runner.run(client.aclose()) if is_async else client.close()


@pytest.mark.parametrize("made", [Httpx2AiohttpClient, HttpxAiohttpClient])
def test_aiohttp_has_no_sync_client(runner: asyncio.Runner, made: Any) -> None:
    client = made(verify=False)
    with pytest.raises(rt.ConfigurationError, match="it is a AsyncClient: use it with the other"):
        open_sync(client, "acme")
    runner.run(client.aclose())


def test_a_closed_client(seam: OpenSeam, serve: Serve) -> None:
    one = seam()
    one.close()
    with pytest.raises(rt.ConfigurationError, match="the client is closed"):
        one.send(serve().url)


def test_ours_leaves_a_client_of_the_users_open(seam: OpenSeam, serve: Serve) -> None:
    one, server = seam(), serve()
    one.run(one.http.close())
    assert one.send(server.url).content == b"{}"
