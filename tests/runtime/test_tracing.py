"""OpenTelemetry spans: their names, attributes and parents, also where many calls run side by side."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds._generated.amnimo.operations.cameras import GET_CAMERA
from deviceclouds.runtime._gather import Gather
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind, StatusCode

from .conftest import OpenSession
from .support import reply
from .watching import SIGN_IN, Spans, Yielding, console, side_by_side

OK = reply({}, x_request_id="id-ok")
CALL = "amnimo.cameras.get_camera"
GET = "GET /api/v1/partitions/{subscriptionId}/cameras/{cameraId}"


def get(one: Any, **options: Any) -> Any:
    return one.run(one.client.cameras.get_camera("c", **options))


def attributes(span: Any) -> dict[str, Any]:
    return dict(span.attributes)


def amnimo(opened: OpenSession, spans: Spans, *replies: Any, **options: Any) -> Any:
    base = "https://nx.test:8443/api/v1"
    return opened("amnimo", *replies, base_url=base, tracing=spans.provider, **options)


@pytest.fixture
def spans() -> Spans:
    return Spans()


def test_a_call_and_its_request(opened: OpenSession, spans: Spans) -> None:
    get(amnimo(opened, spans, OK))
    request, call = spans.all
    assert (call.name, call.kind, call.parent) == (CALL, SpanKind.INTERNAL, None)
    assert attributes(call) == {
        "deviceclouds.vendor": "amnimo",
        "deviceclouds.operation": "cameras.get_camera",
        "deviceclouds.attempts": 1,
    }
    assert call.instrumentation_scope.name == "deviceclouds.amnimo"
    assert call.status.status_code is StatusCode.UNSET
    assert spans.below(call) == [request]
    assert (request.name, request.kind) == (GET, SpanKind.CLIENT)
    assert attributes(request) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "server.address": "nx.test",
        "server.port": 8443,
        "url.full": "https://nx.test:8443/api/v1/partitions/sub/cameras/c",
        "url.template": GET.removeprefix("GET "),
        "deviceclouds.request_id": "id-ok",
    }
    assert request.status.status_code is StatusCode.UNSET


@pytest.mark.parametrize(
    ("url", "port"), [("https://nx.test", 443), ("http://nx.test", 80), ("http://[::1]:81", 81)]
)
def test_ports(opened: OpenSession, spans: Spans, url: str, port: int) -> None:
    get(opened("amnimo", OK, base_url=url, tracing=spans.provider))
    assert spans.all[0].attributes["server.port"] == port
    assert spans.all[0].attributes["server.address"] in ("nx.test", "::1")


def test_attempts(opened: OpenSession, spans: Spans) -> None:
    one = amnimo(opened, spans, reply({}, 503), httpx2.ReadTimeout("slow"), OK)
    get(one)
    (call,) = spans.named(CALL)
    attempts = spans.below(call)
    assert [span.name for span in attempts] == [GET] * 3
    assert [span.attributes.get("http.request.resend_count") for span in attempts] == [None, 1, 2]
    assert [span.attributes.get("error.type") for span in attempts] == [
        "503",
        "ApiTimeoutError",
        None,
    ]
    assert [span.status.status_code for span in attempts] == [
        StatusCode.ERROR,
        StatusCode.ERROR,
        StatusCode.UNSET,
    ]
    assert [span.status.description for span in spans.all] == [None] * 4
    assert [(event.name, dict(event.attributes)) for event in call.events] == [
        (
            "deviceclouds.wait",
            {"deviceclouds.wait.seconds": seconds, "deviceclouds.wait.reason": "retry"},
        )
        for seconds in one.clock.sleeps
    ]
    assert call.status.status_code is StatusCode.UNSET
    assert call.attributes["deviceclouds.attempts"] == 3


def test_a_call_that_fails(opened: OpenSession, spans: Spans) -> None:
    with pytest.raises(rt.NotFoundError):
        get(amnimo(opened, spans, reply({"message": "hush"}, 404)))
    request, call = spans.all
    assert (request.attributes["error.type"], call.attributes["error.type"]) == (
        "404",
        "NotFoundError",
    )
    assert call.status.status_code is StatusCode.ERROR
    # An exception event would hold the words of the cloud.
    assert call.events == ()
    assert request.events == ()


def test_an_error_of_somebody_elses(opened: OpenSession, spans: Spans) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise KeyError("hush")

    with pytest.raises(KeyError):
        get(amnimo(opened, spans, answer))
    assert [span.name for span in spans.all] == [GET, CALL]
    assert [span.attributes["error.type"] for span in spans.all] == ["KeyError", "KeyError"]


def test_a_success_that_is_none(opened: OpenSession, spans: Spans) -> None:
    one = opened("aitrios", reply({"result": "WARNING"}), tracing=spans.provider)
    with pytest.raises(rt.PartialFailureError):
        one.run(one.client.manage_devices.delete_device_group("g"))
    request, call = spans.all
    assert "error.type" not in request.attributes
    assert call.attributes["error.type"] == "PartialFailureError"


def test_tokens(opened: OpenSession, spans: Spans) -> None:
    one = opened("aitrios", console(reply({}, 401), OK), **SIGN_IN, tracing=spans.provider)
    one.run(one.client.manage_devices.get_device("d"))
    (call,) = spans.named("aitrios.manage_devices.get_device")
    own = "GET /api/v2/devices/{device_id}"
    assert [span.name for span in spans.below(call)] == ["POST", own, "POST", own]
    sign_in = spans.named("POST")[0]
    assert attributes(sign_in) == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "server.address": "portal.test",
        "server.port": 443,
        "url.full": "https://portal.test/token",
        "deviceclouds.token_request": "sign-in",
    }
    assert [dict(event.attributes) for event in call.events] == [
        {"deviceclouds.token.reason": "missing"},
        {"deviceclouds.token.reason": "refused"},
    ]
    assert call.attributes["deviceclouds.attempts"] == 2


def test_the_query_is_redacted(opened: OpenSession, spans: Spans) -> None:
    one = opened("aitrios", reply({"result": "SUCCESS"}), tracing=spans.provider)
    one.run(one.client.provisioning.get_qr_code_for_provisioning(wifi_ssid="w", wifi_pass="hush"))
    request, _ = spans.all
    assert request.attributes["url.full"].endswith("/provisioning/qrcode?wifi_ssid=w&wifi_pass=***")


def as_user(one: Any, spans: Spans, name: str, work: Callable[[], Any]) -> Any:
    """Runs something of a user's inside a span of theirs, which is the current one for as long."""
    tracer = spans.provider.get_tracer("user")

    async def run() -> Any:
        with tracer.start_as_current_span(name):
            return await work()

    if one.kind == "async":
        return one.run(run())
    with tracer.start_as_current_span(name):
        return work()


def test_the_users_span_is_the_parent(opened: OpenSession, spans: Spans) -> None:
    one = amnimo(opened, spans, OK)
    as_user(one, spans, "mine", lambda: one.client.cameras.get_camera("c"))
    (mine,) = spans.named("mine")
    (call,) = spans.named(CALL)
    assert spans.below(mine) == [call]
    assert [span.name for span in spans.below(call)] == [GET]


@pytest.mark.parametrize("prefetch", [False, True])
def test_pages_belong_to_who_walks(opened: OpenSession, spans: Spans, prefetch: bool) -> None:
    more = reply({"devices": [{"device_id": "d"}], "continuation_token": "x"})
    last = reply({"devices": [{"device_id": "e"}]})
    one = opened("aitrios", more, last, tracing=spans.provider)
    with spans.provider.get_tracer("user").start_as_current_span("made"):
        pager = one.client.manage_devices.get_devices()

    async def collect() -> list[Any]:
        return [item async for item in pager.items(prefetch=prefetch)]

    walk = collect if one.kind == "async" else lambda: list(pager.items(prefetch=prefetch))
    assert len(as_user(one, spans, "walked", walk)) == 2
    (walked,) = spans.named("walked")
    assert [s.name for s in spans.below(walked)] == ["aitrios.manage_devices.get_devices"] * 2
    assert spans.below(spans.named("made")[0]) == []


def test_calls_of_a_workflow_belong_to_who_began_it(opened: OpenSession, spans: Spans) -> None:
    one = amnimo(opened, spans, OK)
    work = one.client._work

    def workflow() -> Any:
        arguments = [{"camera_id": f"c{number}"} for number in range(3)]
        return (yield Gather([partial(work.call, GET_CAMERA, each) for each in arguments], 3))

    as_user(one, spans, "mine", lambda: one.client._run(workflow()))
    (mine,) = spans.named("mine")
    assert [span.name for span in spans.below(mine)] == [CALL] * 3


def test_fifty_calls_side_by_side_keep_their_parents(opened: OpenSession, spans: Spans) -> None:
    all_under_way = threading.Barrier(50)
    thread = threading.local()

    def answer(request: httpx2.Request) -> httpx2.Response:
        if one.kind == "sync" and not hasattr(thread, "waited"):
            thread.waited = True
            all_under_way.wait(10)
        return reply({}, 503)

    one = amnimo(opened, spans, answer, retries=1, clock=Yielding())
    tracer = spans.provider.get_tracer("user")

    def call(number: int) -> None:
        with tracer.start_as_current_span(f"parent {number}"), pytest.raises(rt.ServerError):
            one.client.cameras.get_camera(f"c{number}")

    async def call_async(number: int) -> None:
        with tracer.start_as_current_span(f"parent {number}"), pytest.raises(rt.ServerError):
            await one.client.cameras.get_camera(f"c{number}")

    run = call if one.kind == "sync" else call_async
    side_by_side(one, [partial(run, number) for number in range(50)])
    assert len(spans.all) == 50 * 4
    begun = [span.start_time for span in spans.all if span.name.startswith("parent")]
    ended = [span.end_time for span in spans.all if span.name.startswith("parent")]
    assert max(begun) < min(ended)  # side by side they were
    for number in range(50):
        (parent,) = spans.named(f"parent {number}")
        (child,) = spans.below(parent)
        attempts = spans.below(child)
        assert (child.name, len(attempts)) == (CALL, 2)
        for attempt in attempts:
            assert attempt.attributes["url.full"].endswith(f"/cameras/c{number}")
        assert len({s.context.trace_id for s in (parent, child, *attempts)}) == 1


def test_spans_that_are_not_sampled(opened: OpenSession) -> None:
    get(opened("amnimo", reply({}, 503), OK, tracing=TracerProvider(sampler=ALWAYS_OFF)))


def test_the_global_provider(
    opened: OpenSession, spans: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "get_tracer", spans.provider.get_tracer)
    get(opened("amnimo", OK, tracing=True))
    assert len(spans.all) == 2


def test_the_global_provider_may_be_missing(opened: OpenSession) -> None:
    get(opened("amnimo", OK, tracing=True))


def test_off(opened: OpenSession, spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "get_tracer", spans.provider.get_tracer)
    for options in ({}, {"tracing": None}, {"tracing": False}):
        one = opened("amnimo", OK, **options)
        get(one)
        assert one.client._core._watch(None, None) is None
    assert spans.all == []


@pytest.mark.parametrize("tracing", ["yes", 1, object(), 0])
def test_what_is_no_provider_is_refused(opened: OpenSession, tracing: Any) -> None:
    with pytest.raises(rt.ConfigurationError, match=r"tracing=.* is not usable; give True"):
        opened("amnimo", OK, tracing=tracing)


def test_without_the_library(opened: OpenSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(rt.ConfigurationError) as caught:
        opened("amnimo", OK, tracing=True)
    assert "install the extra [otel] of deviceclouds-runtime" in str(caught.value)
    get(opened("amnimo", OK))
