"""Every request our clients build, judged by openapi-core: an oracle that shares no line with our own checker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from deviceclouds.runtime import ApiStatusError, UnverifiedOperationWarning
from deviceclouds.testing import MOUNTS, ExampleRequest, load_spec
from deviceclouds.testing._calls import ExampleInvocation, example_invocations
from deviceclouds.testing.sandbox.sandbox import _client_class, demo_arguments

VENDORS = sorted(MOUNTS)
INVOCATIONS = [call for vendor in VENDORS for call in example_invocations(vendor)]
BASE_URL = "http://oracle.test"

Oracle = Callable[[str, ExampleRequest], list[Exception]]

pytestmark = pytest.mark.filterwarnings(
    f"ignore::{UnverifiedOperationWarning.__module__}.{UnverifiedOperationWarning.__name__}"
)


class Recorder:
    """Refuses every request, and keeps it."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return httpx2.Response(418)

    async def answer(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        return self(request)


def send_sync(call: ExampleInvocation) -> httpx2.Request:
    recorder = Recorder()
    http = httpx2.Client(transport=httpx2.MockTransport(recorder))
    with http, pytest.raises(ApiStatusError, match="418"):
        call.call(make_client(call, "", http))
    (request,) = recorder.requests
    return request


def send_async(call: ExampleInvocation) -> httpx2.Request:
    recorder = Recorder()

    async def run() -> None:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(recorder.answer)) as http:
            await call.call_async(make_client(call, "Async", http))

    with pytest.raises(ApiStatusError, match="418"):
        asyncio.run(run())
    (request,) = recorder.requests
    return request


def make_client(call: ExampleInvocation, prefix: str, http: Any) -> Any:
    vendor = call.operation.vendor
    # The Console's client adds the API's path to an address that lacks it; the oracle's server is the bare host.
    options = demo_arguments(vendor, f"{BASE_URL}/api/v2", BASE_URL)
    return _client_class(vendor, prefix)(**options, http_client=http)


def as_example(request: httpx2.Request) -> ExampleRequest:
    url = str(request.url).removeprefix(f"{BASE_URL}/api/v2")
    return ExampleRequest(request.method, url, dict(request.headers), request.content)


@pytest.mark.parametrize("send", [send_sync, send_async], ids=["sync", "async"])
@pytest.mark.parametrize("call", INVOCATIONS, ids=lambda call: call.label)
def test_request_is_valid(call: ExampleInvocation, send: Any, oracle: Oracle) -> None:
    assert oracle(call.operation.vendor, as_example(send(call))) == []


def test_all_operations_are_judged() -> None:
    judged = {(call.operation.vendor, call.operation.id) for call in INVOCATIONS}
    assert len(judged) == sum(len(load_spec(vendor).operations) for vendor in VENDORS) == 161


def test_the_oracle_can_say_no(oracle: Oracle) -> None:
    headers = {"Authorization": "Bearer demo"}
    good, bad = (ExampleRequest("GET", f"/devices?limit={n}", headers, b"") for n in (5, 5000))
    assert oracle("aitrios", good) == []
    assert oracle("aitrios", bad)
