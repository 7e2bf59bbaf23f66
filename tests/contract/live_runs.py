"""Live runs against the sandbox in this process, and transports that record or fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from deviceclouds.testing import AsgiBridge, Sandbox
from deviceclouds.testing.contract.live.plan import Plan
from deviceclouds.testing.contract.live.planning import plan_live
from deviceclouds.testing.contract.live.run import run_live
from deviceclouds.testing.contract.results import OperationResult, Report
from deviceclouds.testing.sandbox.client_clock import ClientClock
from deviceclouds.testing.sandbox.sandbox import demo_arguments

ORIGIN = "http://sandbox.test"

SIGN_INS: dict[str, dict[str, Any]] = {
    "aitrios": {"client_id": "demo", "client_secret": "demo"},
    "amnimo": {"client_id": "demo", "secret_key": "demo"},
    "proglove": {"username": "demo", "password": "demo"},
    "scailable": {"username": "demo", "password": "demo"},
    "viziosense": {"email": "demo", "password": "demo"},
}


class Wire(httpx2.BaseTransport):
    """Hands on to the sandbox; keeps what was asked; may change replies."""

    def __init__(
        self,
        inner: httpx2.BaseTransport,
        change: Callable[[httpx2.Request, httpx2.Response], httpx2.Response] | None = None,
    ) -> None:
        self.inner = inner
        self.change = change
        self.requests: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        reply = self.inner.handle_request(request)
        return reply if self.change is None else self.change(request, reply)


class Elsewhere(httpx2.BaseTransport):
    """The sandbox at the address of the vendor's own server."""

    def __init__(self, inner: httpx2.BaseTransport, base_url: str, sandbox_url: str) -> None:
        self.inner = inner
        self.base_url = base_url
        self.sandbox_url = sandbox_url

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = str(request.url).replace(self.base_url, self.sandbox_url)
        moved = httpx2.Request(
            request.method, url, headers=request.headers, content=request.content
        )
        moved.headers["host"] = moved.url.host
        return self.inner.handle_request(moved)


@contextmanager
def running(vendor: str, *, size: float = 0.05, **options: Any) -> Iterator[Runner]:
    """A runner with a small sandbox of its own; options are those of the sandbox."""
    with Sandbox([vendor], size=size, **options) as sandbox:
        made = Runner(sandbox, vendor)
        yield made
        made.bridge.close()


class Runner:
    """Runs plans against one sandbox."""

    def __init__(self, sandbox: Sandbox, vendor: str) -> None:
        self.sandbox = sandbox
        self.vendor = vendor
        self.bridge = AsgiBridge(sandbox.app)
        self.wire = Wire(self.bridge)
        self.clock = ClientClock(sandbox)

    def run(self, plan: Plan | None = None, **options: Any) -> Report:
        """A run with demo credentials; ``credentials`` replaces them, other options are those of ``run_live``."""
        credentials = options.pop("credentials", {})
        arguments = demo_arguments(
            self.vendor, self.sandbox.base_url(self.vendor), ORIGIN, credentials
        )
        settings: dict[str, Any] = {
            "environment": {},
            "transport": self.wire,
            "clock": self.clock,
            "client_options": {**arguments, "clock": self.clock, **credentials},
        }
        return run_live(plan or plan_live(self.vendor), **{**settings, **options})

    def result(self, report: Report, operation_id: str) -> OperationResult:
        """What a report says of one operation."""
        return next(r for r in report.results if r.operation_id == operation_id)

    def paths(self) -> list[str]:
        """Method and path of what was sent, relative to the API where it is of the API."""
        base = httpx2.URL(self.sandbox.base_url(self.vendor)).path
        return [f"{r.method} {r.url.path.removeprefix(base)}" for r in self.wire.requests]


def replaced(content: bytes, **more: Any) -> Callable[[httpx2.Request, Any], httpx2.Response]:
    """A change that puts another body in place of each reply's."""

    def change(request: httpx2.Request, reply: Any) -> httpx2.Response:
        del reply
        headers = {"content-type": "application/json", **more.get("headers", {})}
        return httpx2.Response(more.get("status", 200), headers=headers, content=content)

    return change
