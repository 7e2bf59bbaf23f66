"""A whole call, from arguments to typed result: our clients and what else there is, on the same HTTP client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple

import httpx2
import msgspec
from deviceclouds.aitrios import Aitrios, AsyncAitrios
from deviceclouds.proglove import AsyncProGlove, ProGlove
from deviceclouds.runtime import RateLimit

from benchmarks.data import Reply, reply
from benchmarks.report import Row, Table
from benchmarks.rivals import MissingPackageError, Workshop
from benchmarks.timing import interleave, ratios

__all__ = [
    "OURS",
    "RAW",
    "SIGNED_IN",
    "TARGETS",
    "Canned",
    "Competitor",
    "SigningIn",
    "competitors",
    "measure",
]

BASE_URL = "https://bench.example/api/v2"
TOKEN = "bench-token"
DEVICE = "Aid-80010001-0000-2000-9002-000000000001"
REPLIES = ("devices", "events", "device")
PER_LOOP = 20
"""Async calls in one run of the event loop, so that starting it is not what is measured."""

RAW, ASYNC_RAW = "raw httpx2 + json.loads", "raw httpx2 + json.loads, async"
OURS, SIGNED_IN = "deviceclouds", "deviceclouds, signs in, retries, limited"
TARGETS = {
    (OURS, "devices"): 0.75,
    (OURS, "events"): 0.9,
    (OURS, "device"): 1.25,
    (SIGNED_IN, "devices"): 0.8,
    (SIGNED_IN, "device"): 1.25,
    (f"{SIGNED_IN}, async", "devices"): 0.8,
    (f"{SIGNED_IN}, async", "device"): 1.25,
}


class Canned(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """A transport that answers everything with the same bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._headers = [("Content-Type", "application/json"), ("X-Request-Id", "bench")]

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2."""
        return httpx2.Response(200, headers=self._headers, content=self._content)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2."""
        return httpx2.Response(200, headers=self._headers, content=self._content)


class SigningIn(Canned):
    """Answers the first request, which asks for a token, with one that lives for a day."""

    def __init__(self, content: bytes) -> None:
        super().__init__(json.dumps({"access_token": TOKEN, "expires_in": 86_400}).encode())
        self._next = content

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2."""
        response = super().handle_request(request)
        self._content = self._next
        return response

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2."""
        response = await super().handle_async_request(request)
        self._content = self._next
        return response


class Competitor(NamedTuple):
    """One way to get a reply."""

    name: str
    call: Callable[[], Any]
    plain: Callable[[Any], list[Any]]
    """The items of a result as plain data, to check that all competitors read the same."""
    baseline: str = RAW
    calls: int = 1
    """Replies in one call."""


def competitors(
    answer: Reply, loop: asyncio.AbstractEventLoop, workshop: Workshop | None
) -> Iterator[Competitor | Row]:
    """All ways to get a reply; a row that says which package is missing where there is one.

    Args:
        answer: What the cloud answers.
        loop: Where async calls run.
        workshop: Where other generators' code is made; None leaves them out.
    """
    yield from _raw(answer, loop)
    yield from _ours(answer, loop)
    if workshop is None:
        return
    for name, make in (
        ("openapi-python-client 0.29.1, stock", _stock),
        ("httpx2 + pydantic models", _pydantic),
        ("httpx2 + msgspec Structs", _structs),
    ):
        try:
            yield make(name, answer, workshop)
        except MissingPackageError as error:
            yield Row(name, None, note=str(error))


def measure(workshop: Workshop, *, rounds: int) -> list[Table]:
    """One table a reply."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        return [_measure(reply(name), loop, workshop, rounds) for name in REPLIES]


def _measure(
    answer: Reply, loop: asyncio.AbstractEventLoop, workshop: Workshop, rounds: int
) -> Table:
    found = list(competitors(answer, loop, workshop))
    runners = [one for one in found if isinstance(one, Competitor)]
    timings = interleave({one.name: one.call for one in runners}, rounds)
    rows = []
    for one in runners:
        timing = timings[one.name]
        ratio, low, high = ratios(timing, timings[one.baseline])
        microseconds = timing.best / one.calls * 1e6
        target = TARGETS.get((one.name, answer.name))
        rows.append(
            Row(one.name, ratio, "x", target, details={"us": microseconds}, quartiles=(low, high))
        )
    rows += [one for one in found if isinstance(one, Row)]
    return Table(f"Whole call, {answer.title} (raw of the same kind = 1.00)", tuple(rows))


def _url(answer: Reply) -> str:
    return {
        "devices": f"{BASE_URL}/devices",
        "events": f"{BASE_URL}/acme/events",
        "device": f"{BASE_URL}/devices/{DEVICE}",
    }[answer.name]


def _items(answer: Reply, data: Any) -> list[Any]:
    items: list[Any] = data[answer.items[0]] if answer.items else [data]
    return items


def _raw(answer: Reply, loop: asyncio.AbstractEventLoop) -> Iterator[Competitor]:
    url = _url(answer)
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json"}
    client = httpx2.Client(transport=Canned(answer.content))
    async_client = httpx2.AsyncClient(transport=Canned(answer.content))

    def call() -> Any:
        return json.loads(client.get(url, headers=headers).content)

    async def call_async() -> Any:
        return json.loads((await async_client.get(url, headers=headers)).content)

    def plain(result: Any) -> list[Any]:
        return _items(answer, result)

    yield Competitor(RAW, call, plain)
    yield Competitor(ASYNC_RAW, _looped(loop, call_async), plain, ASYNC_RAW, PER_LOOP)


def _ours(answer: Reply, loop: asyncio.AbstractEventLoop) -> Iterator[Competitor]:
    sync = httpx2.Client(transport=Canned(answer.content))
    asynchronous = httpx2.AsyncClient(transport=Canned(answer.content))
    if answer.vendor == "proglove":
        settings: Any = {"base_url": BASE_URL, "customer_id": "acme", "id_token": TOKEN}
        glove = ProGlove(**settings, http_client=sync)
        async_glove = AsyncProGlove(**settings, http_client=asynchronous)
        yield from _both(OURS, answer, glove, async_glove, loop)
        return
    settings = {"base_url": BASE_URL, "token": TOKEN}
    console = Aitrios(**settings, http_client=sync)
    async_console = AsyncAitrios(**settings, http_client=asynchronous)
    yield from _both(OURS, answer, console, async_console, loop)
    settings = {
        "base_url": BASE_URL,
        "client_id": "bench",
        "client_secret": "bench-secret",
        "rate_limit": RateLimit(per_second=1_000_000, burst=1_000_000),
    }
    sync = httpx2.Client(transport=SigningIn(answer.content))
    asynchronous = httpx2.AsyncClient(transport=SigningIn(answer.content))
    console = Aitrios(**settings, http_client=sync)
    async_console = AsyncAitrios(**settings, http_client=asynchronous)
    yield from _both(SIGNED_IN, answer, console, async_console, loop)


def _both(
    name: str, answer: Reply, sync: Any, asynchronous: Any, loop: asyncio.AbstractEventLoop
) -> Iterator[Competitor]:
    """The call that gets a reply, by a sync and an async client."""
    call: dict[str, Callable[[Any], Any]] = {
        "devices": lambda client: client.manage_devices.get_devices().first_page(),
        "events": lambda client: client.events.list_events().first_page(),
        "device": lambda client: client.manage_devices.get_device(DEVICE),
    }
    get = call[answer.name]

    def plain(result: Any) -> list[Any]:
        return [item.to_dict() for item in (result.items if answer.items else [result])]

    yield Competitor(name, lambda: get(sync), plain)
    looped = _looped(loop, lambda: get(asynchronous))
    yield Competitor(f"{name}, async", looped, plain, ASYNC_RAW, PER_LOOP)


def _looped(
    loop: asyncio.AbstractEventLoop, call: Callable[[], Awaitable[Any]]
) -> Callable[[], Any]:

    async def many() -> Any:
        for _ in range(PER_LOOP - 1):
            await call()
        return await call()

    return lambda: loop.run_until_complete(many())


def _stock(name: str, answer: Reply, workshop: Workshop) -> Competitor:
    if answer.vendor == "proglove":
        endpoint, arguments = workshop.stock("proglove", "api.events.list_events"), ["acme"]
    elif answer.items:
        endpoint, arguments = workshop.stock("aitrios", "api.manage_devices.get_devices"), []
    else:
        endpoint, arguments = workshop.stock("aitrios", "api.manage_devices.get_device"), [DEVICE]
    client = workshop.stock(answer.vendor, "client").AuthenticatedClient(
        base_url=BASE_URL, token=TOKEN
    )
    client.set_httpx_client(
        httpx2.Client(
            base_url=BASE_URL,
            headers={"Authorization": f"Bearer {TOKEN}"},
            transport=Canned(answer.content),
        )
    )
    send = endpoint.sync_detailed
    return Competitor(
        name,
        lambda: send(*arguments, client=client).parsed,
        lambda result: _items(answer, result.to_dict()),
    )


def _pydantic(name: str, answer: Reply, workshop: Workshop) -> Competitor:
    model = getattr(workshop.models(answer.vendor, "pydantic"), answer.schema)
    return Competitor(
        name,
        _fetch(answer, model.model_validate_json),
        lambda result: _items(
            answer, result.model_dump(mode="json", by_alias=True, exclude_unset=True)
        ),
    )


def _structs(name: str, answer: Reply, workshop: Workshop) -> Competitor:
    struct = getattr(workshop.models(answer.vendor, "msgspec"), answer.schema)
    return Competitor(
        name,
        _fetch(answer, msgspec.json.Decoder(struct).decode),
        lambda result: _items(answer, msgspec.to_builtins(result)),
    )


def _fetch(answer: Reply, decode: Callable[[bytes], Any]) -> Callable[[], Any]:
    url = _url(answer)
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json"}
    client = httpx2.Client(transport=Canned(answer.content))
    return lambda: decode(client.get(url, headers=headers).content)
