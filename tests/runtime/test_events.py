"""What on_event is told: the order of things and their fields."""

from __future__ import annotations

import asyncio
import dataclasses
import pickle
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime import Event
from deviceclouds.runtime._limits import RateLimit

from .conftest import OpenSession
from .support import Cloud, FakeClock, Session, reply
from .watching import SIGN_IN, Spans, Told, Yielding, console, side_by_side

OK = reply({}, x_request_id="id-ok")
OF_CALL: dict[str, Any] = {
    "vendor": "amnimo",
    "operation": "cameras.get_camera",
    "call": 1,
    "method": "GET",
    "path": "/partitions/{subscriptionId}/cameras/{cameraId}",
}


def get(one: Any, **options: Any) -> Any:
    return one.run(one.client.cameras.get_camera("c", **options))


def fields(event: Event) -> dict[str, Any]:
    """The fields that say something."""
    return {k: v for k, v in dataclasses.asdict(event).items() if v is not None}


def test_a_call_that_succeeds(opened: OpenSession) -> None:
    told = Told()
    get(opened("amnimo", OK, took=0.5, on_event=told))
    about: dict[str, Any] = {**OF_CALL, "attempt": 1}
    of_reply = {"status_code": 200, "request_id": "id-ok", "seconds": 0.5}
    assert [fields(event) for event in told] == [
        {"name": "request", **about},
        {"name": "response", **about, **of_reply},
        {"name": "call", **about, **of_reply},
    ]


def test_an_attempt_that_is_repeated(opened: OpenSession) -> None:
    told = Told()
    one = opened("amnimo", reply({}, 503, x_request_id="id-503"), OK, took=0.25, on_event=told)
    get(one)
    assert told.names == [
        *("request", "response", "failure", "wait"),
        *("request", "response", "call"),
    ]
    failure, wait, end = told[2], told[3], told[-1]
    assert (failure.error, failure.status_code) == ("ServerError", 503)
    assert (failure.request_id, failure.seconds, failure.attempt) == ("id-503", 0.25, 1)
    assert ([wait.wait], wait.reason, wait.attempt) == (one.clock.sleeps, "retry", 1)
    assert [event.attempt for event in told[4:]] == [2, 2, 2]
    assert (end.error, end.status_code, end.request_id) == (None, 200, "id-ok")
    assert end.seconds == pytest.approx(0.5 + one.clock.sleeps[0])


def test_no_reply_at_all(opened: OpenSession) -> None:
    told = Told()
    one = opened("amnimo", httpx2.ConnectError("refused"), retries=1, on_event=told)
    with pytest.raises(rt.ApiConnectionError):
        get(one)
    assert told.names == ["request", "failure", "wait", "request", "failure", "call"]
    for event in (told[1], told[-1]):
        assert (event.error, event.status_code) == ("ApiConnectionError", None)
        assert event.request_id is None
    assert told[-1].attempt == 2


def test_a_status_that_is_no_success(opened: OpenSession) -> None:
    told = Told()
    one = opened("amnimo", reply({"message": "hush"}, 404, x_request_id="id-404"), on_event=told)
    with pytest.raises(rt.NotFoundError) as caught:
        get(one)
    assert caught.value.request_id == "id-404"
    assert told.names == ["request", "response", "failure", "call"]
    assert {event.request_id for event in told[1:]} == {"id-404"}
    assert [event.error for event in told] == [None, None, "NotFoundError", "NotFoundError"]
    assert "hush" not in repr(told)


def test_a_success_that_is_none(opened: OpenSession) -> None:
    told = Told()
    warning = reply({"result": "WARNING", "code": "E1", "message": "hush"}, x_request_id="id-w")
    one = opened("aitrios", warning, on_event=told)
    with pytest.raises(rt.PartialFailureError):
        one.run(one.client.manage_devices.delete_device_group("g"))
    assert told.names == ["request", "response", "call"]
    end = told[-1]
    assert (end.error, end.status_code, end.request_id) == ("PartialFailureError", 200, "id-w")


class Long(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that comes in pieces."""

    def __iter__(self) -> Iterator[bytes]:
        yield from [b"x" * 8] * 8

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part


def test_a_reply_that_is_too_large(opened: OpenSession) -> None:
    told = Told()
    cloud = lambda request: httpx2.Response(200, stream=Long())  # noqa: E731
    one = opened("amnimo", cloud, max_reply=10, on_event=told)
    with pytest.raises(rt.DecodeError):
        get(one)
    assert told.names == ["request", "failure", "call"]
    assert [event.error for event in told[1:]] == ["DecodeError", "DecodeError"]


def test_a_token_is_got_and_renewed(opened: OpenSession) -> None:
    told = Told()
    cloud = console(reply({}, 401), OK)
    one = opened("aitrios", cloud, **SIGN_IN, on_event=told)
    one.run(one.client.manage_devices.get_device("d"))
    sign_in, own = "sign-in", None
    assert [(e.name, e.token_request, e.attempt) for e in told] == [
        ("request", sign_in, 1),
        ("response", sign_in, 1),
        ("token", own, 0),
        ("request", own, 1),
        ("response", own, 1),
        ("failure", own, 1),
        ("request", sign_in, 1),
        ("response", sign_in, 1),
        ("token", own, 1),
        ("request", own, 2),
        ("response", own, 2),
        ("call", own, 2),
    ]
    assert [e.reason for e in told if e.name == "token"] == ["missing", "refused"]
    assert {e.call for e in told} == {1}
    assert {e.operation for e in told} == {"manage_devices.get_device"}
    assert {(e.method, e.path) for e in told if e.token_request} == {
        ("POST", "https://portal.test/token")
    }
    assert {(e.method, e.path) for e in told if not e.token_request} == {
        ("GET", "/devices/{device_id}")
    }


def test_a_token_that_runs_out(opened: OpenSession) -> None:
    told = Told()
    one = opened("aitrios", console(OK), **SIGN_IN, on_event=told)
    one.run(one.client.manage_devices.get_device("d"))
    one.clock.time += 3600
    one.run(one.client.manage_devices.get_device("d"))
    assert [e.reason for e in told if e.name == "token"] == ["missing", "due"]
    assert [e.call for e in told if e.name == "call"] == [1, 2]


def test_a_token_that_cannot_be_got(opened: OpenSession) -> None:
    told = Told()
    one = opened("aitrios", console(OK, tokens=400), **SIGN_IN, on_event=told)
    with pytest.raises(rt.AuthenticationError):
        one.run(one.client.manage_devices.get_device("d"))
    assert told.names == ["request", "response", "failure", "call"]
    assert [e.token_request for e in told] == ["sign-in", "sign-in", "sign-in", None]
    assert (told[-1].error, told[-1].status_code, told[-1].attempt) == (
        "AuthenticationError",
        400,
        0,
    )


def test_a_token_request_that_is_repeated(opened: OpenSession) -> None:
    told = Told()
    one = opened("aitrios", console(OK, tokens=503), **SIGN_IN, retries=1, on_event=told)
    with pytest.raises(rt.ServerError):
        one.run(one.client.manage_devices.get_device("d"))
    once = ["request", "response", "failure"]
    assert told.names == [*once, "wait", *once, "call"]
    assert [e.attempt for e in told] == [1, 1, 1, 1, 2, 2, 2, 0]


def test_the_rate_limit_makes_it_wait(opened: OpenSession) -> None:
    told = Told()
    one = opened("amnimo", OK, rate_limit=RateLimit(per_second=1, burst=1), on_event=told)
    get(one)
    get(one)
    assert told.names == ["request", "response", "call", "wait", "request", "response", "call"]
    assert (told[3].reason, [told[3].wait], told[3].attempt) == ("rate limit", one.clock.sleeps, 0)


def test_pages_are_calls_of_their_own(opened: OpenSession) -> None:
    told = Told()
    more = reply({"devices": [], "continuation_token": "next"})
    one = opened("aitrios", more, reply({"devices": []}), more, on_event=told)
    pager = one.client.manage_devices.get_devices()
    assert told == []  # nothing is sent before somebody walks
    walk(one, pager)
    one.run(pager.first_page())
    assert [e.call for e in told] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert told.names == ["request", "response", "call"] * 3


def walk(one: Any, pager: Any) -> list[Any]:
    async def collect() -> list[Any]:
        return [item async for item in pager]

    return list(pager) if one.kind == "sync" else one.run(collect())


def test_a_pager_may_be_asked_many_times_at_once(opened: OpenSession) -> None:
    told = Told()
    one = opened("aitrios", reply({}, 503), retries=1, on_event=told, clock=Yielding())
    pager = one.client.manage_devices.get_devices()
    side_by_side(one, [partial(failing, one, pager.first_page)] * 10)
    once = ["request", "response", "failure"]
    for number in range(1, 11):
        assert [e.name for e in told if e.call == number] == [*once, "wait", *once, "call"]


def failing(one: Any, call: Callable[[], Any]) -> Any:
    async def run() -> None:
        with pytest.raises(rt.ServerError):
            await call()

    if one.kind == "async":
        return run()
    with pytest.raises(rt.ServerError):
        call()
    return None


def test_addresses_for_tokens_without_their_query(opened: OpenSession) -> None:
    told = Told()
    login = {"id_token": None, "username": "me", "password": "p"}
    one = opened("proglove", reply({}, 404), **login, on_event=told)
    with pytest.raises(rt.AuthenticationError):
        one.run(one.client.users.get_me())
    assert "?" in str(one.cloud.request.url)
    assert told[0].path == "https://pg.test/auth-information"


def test_another_path(opened: OpenSession) -> None:
    told = Told()
    paths = {"devices.update_device": "PUT /v9/devices/{device_uuid}"}
    one = opened("viziosense", OK, paths=paths, on_event=told)
    one.run(one.client.devices.update_device("hush", name="hush"))
    assert {(e.method, e.path) for e in told} == {("PUT", "/v9/devices/{device_uuid}")}
    assert "hush" not in repr(told)


def test_calls_side_by_side_can_be_told_apart(opened: OpenSession) -> None:
    told = Told()
    one = opened("amnimo", OK, on_event=told)
    side_by_side(one, [partial(one.client.cameras.get_camera, f"c{n}") for n in range(20)])
    assert len(told) == 60
    for number in range(1, 21):
        assert [e.name for e in told if e.call == number] == ["request", "response", "call"]


class EndlessClock(FakeClock):
    """A clock on which no wait ends."""

    async def sleep_async(self, seconds: float) -> None:
        await asyncio.Event().wait()


def test_a_cancelled_call_has_an_end(runner: asyncio.Runner) -> None:
    told, spans = Told(), Spans()
    cloud = Cloud([reply({}, 503)], EndlessClock())
    one = Session("async", runner, "amnimo", cloud, on_event=told, tracing=spans.provider)

    async def cancelled() -> None:
        task = asyncio.ensure_future(one.client.cameras.get_camera("c"))
        while "wait" not in told.names:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    one.run(cancelled())
    one.close()
    assert told.names == ["request", "response", "failure", "wait", "call"]
    assert told[-1].error == "CancelledError"
    (call,) = spans.named("amnimo.cameras.get_camera")
    assert call.attributes["error.type"] == "CancelledError"


def test_events_are_values() -> None:
    event = Event(name="call", vendor="v", operation="o", call=1, method="GET", path="/")
    assert pickle.loads(pickle.dumps(event)) == event
    assert not hasattr(event, "__dict__")
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.name = "wait"  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize("style", ["cursor", "page"])
def test_a_list_that_does_not_move_on_names_its_request(opened: OpenSession, style: str) -> None:
    if style == "cursor":
        one = opened("aitrios", reply({"devices": [], "continuation_token": "x"}, x_request_id="p"))
        pager = one.client.manage_devices.get_devices()
    else:
        one = opened("amnimo", reply([{"id": 1}], x_request_id="p"))
        pager = one.client.media.search_media(page_number=0, page_size=1)
    with pytest.raises(rt.PaginationError) as caught:
        walk(one, pager)
    assert caught.value.request_id == "p"
