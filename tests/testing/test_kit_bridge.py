"""The sync bridge: many threads, time-outs, closing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from deviceclouds.testing import AsgiBridge, Journal, create_app, example_request, load_spec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def echo(request: Request) -> Response:
    await asyncio.sleep(float(request.query_params.get("sleep", "0")))
    headers = {"x-thread": threading.current_thread().name, "content-encoding": "identity"}
    return Response(await request.body(), headers=headers)


class Meeting:
    """Answers nobody before so many are there."""

    def __init__(self, people: int) -> None:
        self._missing = people
        self._all = asyncio.Event()

    async def join(self, request: Request) -> Response:
        self._missing -= 1
        if not self._missing:
            self._all.set()
        await self._all.wait()
        return await echo(request)


async def fail(_: Request) -> Response:
    raise LookupError("the application is broken")


@pytest.fixture
def bridge() -> Iterator[AsgiBridge]:
    found = AsgiBridge(
        Starlette(routes=[Route("/fail", fail), Route("/{rest:path}", echo, methods=["POST"])])
    )
    yield found
    found.close()


def test_twenty_threads() -> None:
    journal = Journal()
    bridge = AsgiBridge(create_app(journal=journal))
    request = example_request(load_spec("viziosense"), "update_device")
    url = f"http://test/viziosense/api/v1{request.url}"
    before = threading.active_count()
    with httpx2.Client(transport=bridge) as client, ThreadPoolExecutor(20) as pool:

        def call(_: int) -> int:
            reply = client.put(url, headers=request.headers, content=request.content)
            return reply.status_code

        assert set(pool.map(call, range(400))) == {200}
    assert len(journal) == 400
    assert threading.active_count() <= before


def test_requests_run_at_the_same_time() -> None:
    bridge = AsgiBridge(Starlette(routes=[Route("/", Meeting(10).join, methods=["POST"])]))
    with httpx2.Client(transport=bridge) as client, ThreadPoolExecutor(10) as pool:
        replies = list(pool.map(lambda i: client.post("http://test/", content=str(i)), range(10)))
    assert [reply.text for reply in replies] == [str(i) for i in range(10)]
    assert {reply.headers["x-thread"] for reply in replies} == {"deviceclouds-testing"}
    bridge.close()


def test_multipart_and_streamed_bodies_arrive(bridge: AsgiBridge) -> None:
    with httpx2.Client(transport=bridge) as client:
        reply = client.post("http://test/", files={"file": ("a.bin", b"\x00\xff")})
        assert b"\x00\xff" in reply.content
        assert client.post("http://test/", content=iter([b"a", b"b"])).content == b"ab"


def test_read_timeout(bridge: AsgiBridge) -> None:
    with httpx2.Client(transport=bridge, timeout=0.05) as client, pytest.raises(httpx2.ReadTimeout):
        client.post("http://test/?sleep=5")


def test_the_applications_error_arrives(bridge: AsgiBridge) -> None:
    with httpx2.Client(transport=bridge) as client, pytest.raises(LookupError, match="is broken"):
        client.get("http://test/fail")


def test_thread_starts_late_and_ends_with_close(bridge: AsgiBridge) -> None:
    def running() -> bool:
        return any(thread.name == "deviceclouds-testing" for thread in threading.enumerate())

    assert not running()
    client = httpx2.Client(transport=bridge)
    client.post("http://test/")
    assert running()
    bridge.close()
    bridge.close()
    assert not running()
    with pytest.raises(RuntimeError, match="is closed"):
        client.post("http://test/")


def test_close_ends_requests_under_way() -> None:
    arrived = threading.Event()

    async def forever(_: Request) -> Response:
        arrived.set()
        return await asyncio.Future()

    bridge = AsgiBridge(Starlette(routes=[Route("/", forever)]))
    with httpx2.Client(transport=bridge) as client, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.get, "http://test/", timeout=None)
        assert arrived.wait(30)
        bridge.close()
        assert waiting.exception(timeout=30) is not None


def test_application_that_calls_itself() -> None:
    async def inner(_: Request) -> Response:
        client.get("http://test/")
        return Response()

    bridge = AsgiBridge(Starlette(routes=[Route("/", inner)]))
    with (
        httpx2.Client(transport=bridge) as client,
        pytest.raises(RuntimeError, match="cannot call itself"),
    ):
        client.get("http://test/")
