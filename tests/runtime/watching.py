"""Cloud and looking glass for the tests of events, logs and spans."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
from deviceclouds.runtime import Event
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from .support import FakeClock, reply

SIGN_IN = {
    "token": None,
    "client_id": "me",
    "client_secret": "hush-client",
    "token_url": "https://portal.test/token",
    "base_url": "https://console.test",
}
"""Arguments of an AITRIOS client that gets its tokens itself."""


def console(*replies: httpx2.Response, tokens: int = 200) -> Callable[..., Any]:
    """An AITRIOS Console that gives the replies in turn, the last one again and again, and a token to who asks."""
    left = list(replies)

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "portal.test":
            body = {"access_token": "hush-token", "expires_in": 3600} if tokens == 200 else {}
            return reply(body, tokens)
        one = left.pop(0) if len(left) > 1 else left[0]
        return httpx2.Response(one.status_code, headers=one.headers, content=one.content)

    return answer


class Yielding(FakeClock):
    """A clock on which others have their turn during each wait."""

    async def sleep_async(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.sleep(seconds)


def side_by_side(one: Any, calls: list[Callable[[], Any]]) -> None:
    """Runs calls at the same time: threads for a sync client, tasks for an async one."""
    if one.kind == "sync":
        with ThreadPoolExecutor(len(calls)) as pool:
            for done in [pool.submit(call) for call in calls]:
                done.result()
        return

    async def gather() -> None:
        await asyncio.gather(*(call() for call in calls))

    one.run(gather())


class Told(list[Event]):
    """An ``on_event`` that keeps what it is told."""

    def __call__(self, event: Event) -> None:
        self.append(event)

    @property
    def names(self) -> list[str]:
        """What happened."""
        return [event.name for event in self]


class Spans:
    """A tracer provider that keeps its spans."""

    def __init__(self) -> None:
        self.provider = TracerProvider()
        self._exporter = InMemorySpanExporter()
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    @property
    def all(self) -> list[Any]:
        """The spans that have ended, in that order."""
        return list(self._exporter.get_finished_spans())

    def named(self, name: str) -> list[Any]:
        """Those of one name."""
        return [span for span in self.all if span.name == name]

    def below(self, parent: Any) -> list[Any]:
        """The children of a span."""
        number = parent.get_span_context().span_id
        return [span for span in self.all if span.parent and span.parent.span_id == number]
