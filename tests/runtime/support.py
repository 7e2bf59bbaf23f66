"""A cloud that is a function, a clock that does not wait, and one way to run both kinds of client."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

import httpx2

from .families import OpenHttp

TOKEN = "tok-5f2c9e-do-not-show"

CLASSES = {
    "aitrios": "Aitrios",
    "amnimo": "Amnimo",
    "proglove": "ProGlove",
    "scailable": "Scailable",
    "viziosense": "VizioSense",
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "aitrios": {"token": TOKEN},
    "amnimo": {"token": TOKEN, "subscription_id": "sub", "account_id": "acc"},
    "proglove": {"id_token": TOKEN, "base_url": "https://pg.test", "customer_id": "cust"},
    "scailable": {"token": TOKEN},
    "viziosense": {"token": TOKEN},
}

Reply = httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response]


class FakeClock:
    """A clock that moves when it is told to, and remembers for how long it was asked to sleep."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.sleeps: list[float] = []

    def now(self) -> float:
        return self.time

    def wall(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


class Cloud:
    """Answers with the given replies in turn, the last one again and again, and keeps the requests."""

    def __init__(self, replies: list[Reply], clock: FakeClock, took: float = 0.0) -> None:
        self._replies = replies
        self._clock = clock
        self._took = took
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.requests.append(request)
        self._clock.time += self._took
        reply = self._replies[min(len(self.requests), len(self._replies)) - 1]
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, httpx2.Response):
            return httpx2.Response(reply.status_code, headers=reply.headers, content=reply.content)
        return reply(request)

    @property
    def request(self) -> httpx2.Request:
        """The only request."""
        assert len(self.requests) == 1, [str(r.url) for r in self.requests]
        return self.requests[0]

    @property
    def target(self) -> str:
        """Path and query of the only request, as sent."""
        return self.request.url.raw_path.decode()

    @property
    def json(self) -> Any:
        """The JSON body of the only request."""
        return json.loads(self.request.content)


class Session:
    """A client over a cloud, with one way to call sync and async ones: ``run(client.tag.method())``.

    Args:
        kind: sync or async.
        runner: Where async calls run.
        vendor: Whose client.
        cloud: What answers.
        family: Whose HTTP client: httpx2, httpx or aiohttp.
        options: Arguments of the client, beside those of :data:`DEFAULTS`.
    """

    def __init__(
        self,
        kind: str,
        runner: asyncio.Runner,
        vendor: str,
        cloud: Cloud,
        *,
        family: str = "httpx2",
        **options: Any,
    ) -> None:
        self.kind = kind
        self.family = family
        self.cloud = cloud
        self._runner = runner
        self._open = OpenHttp(kind, family, runner, cloud)
        self.http: Any = self._open.client
        self.clock: Any = cloud._clock
        options = {**DEFAULTS[vendor], "http_client": self.http, "clock": self.clock, **options}
        try:
            self.client: Any = client_class(vendor, kind)(**options)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes the HTTP client and what it is connected to."""
        self._open.close()

    def run(self, value: Any) -> Any:
        """The value itself, awaited where it has to be."""
        return self._runner.run(_await(value)) if inspect.isawaitable(value) else value


async def _await(value: Any) -> Any:
    return await value


def client_class(vendor: str, kind: str) -> Any:
    """The vendor's class of one kind."""
    module = import_module(f"deviceclouds.{vendor}")
    return getattr(module, ("Async" if kind == "async" else "") + CLASSES[vendor])


def reply(body: Any = None, status: int = 200, **headers: str) -> httpx2.Response:
    """A JSON reply; bytes are taken as they are. Underscores in names of headers are hyphens."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(
        status, content=content, headers={"content-type": "application/json", **named}
    )
