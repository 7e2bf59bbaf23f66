"""Clients of the trap vendor over a transport that answers from memory and keeps the requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

import httpx2
from deviceclouds.runtime._auth import StaticToken
from deviceclouds.runtime._setup import ClientOptions, make_core
from deviceclouds.runtime._vendor import VendorRules

TOKEN = "t0ken"  # opens nothing
#: An override tells that we know the path, and keeps the client from warning.
KNOWN = {"replies.get_everything": "/everything"}


def json_reply(value: Any, status: int = 200) -> httpx2.Response:
    """Return a reply of JSON."""
    return httpx2.Response(status, json=value)


class Trap:
    """The trap vendor: its models, its clients and what they sent."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.models: Any = import_module("deviceclouds._generated.trap.models")

    @property
    def sent(self) -> httpx2.Request:
        """The only request."""
        (request,) = self.requests
        return request

    def client(self, *replies: httpx2.Response, token: Any = TOKEN, **options: Any) -> Any:
        """Return a sync client that gets these replies, 204 where none is given."""
        http = httpx2.Client(transport=self._transport(replies))
        namespaces = import_module("deviceclouds._generated.trap.client").Namespaces
        return namespaces(self._core(token, options), {"http_client": http})

    def async_client(self, *replies: httpx2.Response, token: Any = TOKEN, **options: Any) -> Any:
        """Return an async client that gets these replies."""
        http = httpx2.AsyncClient(transport=self._transport(replies))
        namespaces = import_module("deviceclouds._generated.trap.client_async").AsyncNamespaces
        return namespaces(self._core(token, options), {"http_client": http})

    def _transport(self, replies: tuple[httpx2.Response, ...]) -> httpx2.MockTransport:
        waiting = list(replies)

        def answer(request: httpx2.Request) -> httpx2.Response:
            request.read()
            self.requests.append(request)
            return waiting.pop(0) if waiting else httpx2.Response(204)

        return httpx2.MockTransport(answer)

    def _core(self, token: Any, options: dict[str, Any]) -> Any:
        chosen: ClientOptions = {"retries": 0, "paths": KNOWN}
        chosen.update(options)  # type: ignore[typeddict-item]
        package = import_module("deviceclouds._generated.trap")
        return make_core(
            "trap",
            package.BASE_URL,
            chosen,
            auth={"bearer_auth": StaticToken(token)},
            rules=VendorRules(read_error=read_error),
        )


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Code and message of an error body."""
    return (body.get("code"), body.get("message")) if isinstance(body, dict) else (None, None)


def run(work: Callable[[], Awaitable[Any]]) -> Any:
    """Run an async function to its end."""

    async def main() -> Any:
        return await work()

    return asyncio.run(main())
