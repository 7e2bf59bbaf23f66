"""The seam to the HTTP library over real clients of a user's own, of every family."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, NamedTuple

import httpx
import httpx2
import pytest
from deviceclouds.runtime._http import Request, open_async, open_sync
from deviceclouds.runtime._secret import SecretHeaders
from httpx_aiohttp import HttpxAiohttpClient
from httpx_aiohttp.httpx2 import Httpx2AiohttpClient

SECRET = "hush-4711"
LIMITS = (10.0, 10.0, 10.0, 10.0)
HEADERS = {"Accept": "application/json", "Authorization": f"Bearer {SECRET}"}


class Way(NamedTuple):
    """A class of clients."""

    library: Any
    made: Any

    @property
    def is_async(self) -> bool:
        return issubclass(self.made, httpx2.AsyncClient | httpx.AsyncClient)

    @property
    def is_aiohttp(self) -> bool:
        return self.made in (Httpx2AiohttpClient, HttpxAiohttpClient)


WAYS = [
    Way(httpx2, httpx2.Client),
    Way(httpx2, httpx2.AsyncClient),
    Way(httpx, httpx.Client),
    Way(httpx, httpx.AsyncClient),
    Way(httpx2, Httpx2AiohttpClient),
    Way(httpx, HttpxAiohttpClient),
]


class Seam:
    """The seam over a client of a user's own."""

    def __init__(self, way: Way, runner: asyncio.Runner, **options: Any) -> None:
        self.way = way
        self._runner = runner
        self.client: Any = way.made(verify=False, **options)
        self.http: Any = (open_async if way.is_async else open_sync)(self.client, "acme")

    def run(self, value: Any) -> Any:
        return self._runner.run(_await(value)) if inspect.isawaitable(value) else value

    def send(self, url: str, method: str = "GET", **more: Any) -> Any:
        timeout = more.pop("timeout", LIMITS)
        headers = SecretHeaders(more.pop("headers", HEADERS))
        request = Request("acme", "things.do", method, url, headers, timeout, **more)
        return self.run(self.http.send(request))

    def close(self) -> None:
        self.run(self.client.aclose() if self.way.is_async else self.client.close())


async def _await(value: Any) -> Any:
    return await value


def name_of(way: Way) -> str:
    """How tests call it."""
    return f"{way.library.__name__}-{way.made.__name__}"


ASYNC_ONLY = pytest.mark.parametrize(
    "way", [way for way in WAYS if way.is_async], ids=name_of, indirect=True
)
