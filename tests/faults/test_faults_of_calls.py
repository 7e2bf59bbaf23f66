"""Whatever can go wrong with a call of the API: the typed error, its fields, and what was sent with which token."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import ACCOUNTS, VENDORS
from .clouds import copied
from .conftest import Open
from .planted import everything, found

CALLED = {
    "aitrios": "manage_devices.get_device",
    "amnimo": "cameras.get_camera",
    "proglove": "users.get_me",
    "scailable": "function.get_function",
    "viziosense": "devices.get_device",
}


class Row(NamedTuple):
    """A fault: what comes, the error, its status, whether it is worth another try, what the cloud asks for."""

    fault: Any
    kind: type[rt.DeviceCloudError]
    status: int | None
    again: bool = False
    retry_after: float | None = None


HTML: dict[str, Any] = {"content_type": "text/html", "x_request_id": "r"}


def answer(status: int, **headers: str) -> httpx2.Response:
    return reply({}, status, x_request_id="r", **headers)


ROWS = {
    "connect": Row(httpx2.ConnectError("refused"), rt.ApiConnectionError, None, True),
    "reset": Row(httpx2.ReadError("reset"), rt.ApiConnectionError, None, True),
    "connect timeout": Row(httpx2.ConnectTimeout("slow"), rt.ApiTimeoutError, None, True),
    "read timeout": Row(httpx2.ReadTimeout("slow"), rt.ApiTimeoutError, None, True),
    "400": Row(answer(400), rt.BadRequestError, 400),
    "404": Row(answer(404), rt.NotFoundError, 404),
    "408": Row(answer(408), rt.ApiStatusError, 408, True),
    "409": Row(answer(409), rt.ConflictError, 409),
    "418": Row(answer(418), rt.ApiStatusError, 418),
    "422": Row(answer(422), rt.UnprocessableError, 422),
    "429": Row(answer(429), rt.RateLimitError, 429, True),
    "429 after": Row(answer(429, retry_after="7"), rt.RateLimitError, 429, True, 7.0),
    "429 long": Row(answer(429, retry_after="9999"), rt.RateLimitError, 429, False, 9999.0),
    "500": Row(answer(500), rt.ServerError, 500, True),
    "501": Row(answer(501), rt.ServerError, 501),
    "502 html": Row(reply(b"<html>Bad Gateway", 502, **HTML), rt.ServerError, 502, True),
    "503 after": Row(answer(503, retry_after="3"), rt.ServerError, 503, True, 3.0),
    "520": Row(answer(520), rt.ServerError, 520, True),
    "302": Row(answer(302, location="https://evil.test/"), rt.ApiStatusError, 302),
    "200 html": Row(reply(b"<html>", 200, **HTML), rt.DecodeError, 200),
    "200 empty": Row(reply(b"", 200, x_request_id="r"), rt.DecodeError, 200),
    "200 cut": Row(reply(b'{"id": "x', 200, x_request_id="r"), rt.DecodeError, 200),
    "200 bytes": Row(reply(b"\xff\xfe\x00", 200, x_request_id="r"), rt.DecodeError, 200),
    "200 list": Row(reply([], 200, x_request_id="r"), rt.DecodeError, 200),
    "200 text": Row(reply("text", 200, x_request_id="r"), rt.DecodeError, 200),
    "200 null": Row(reply(None, 200, x_request_id="r"), rt.DecodeError, 200),
    "200 deep": Row(reply(b"[" * 100_000, 200, x_request_id="r"), rt.DecodeError, 200),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_error_and_what_was_sent(opened: Open, vendor: str, row: Row) -> None:
    one = opened(vendor, retries=2)
    one.cloud.faults = [row.fault] * 99
    with pytest.raises(rt.DeviceCloudError) as caught:
        one.get()
    error: Any = caught.value
    attempts = 3 if row.again else 1
    assert type(error) is row.kind
    assert (error.vendor, error.operation) == (vendor, CALLED[vendor])
    assert error.attempts == len(one.cloud.calls) == attempts
    assert getattr(error, "status_code", None) == row.status
    if isinstance(error, rt.ApiStatusError):
        assert (error.request_id, error.retry_after) == ("r", row.retry_after)
    elif isinstance(error, rt.DecodeError):
        assert (error.request_id, error.content) == ("r", row.fault.content)
    else:
        assert error.__cause__ is row.fault
    assert one.cloud.issued == 1
    assert len(set(one.cloud.tokens)) == 1
    assert len({request.url for request in one.cloud.calls}) == 1
    assert len(one.clock.sleeps) == attempts - 1
    if row.retry_after is not None:
        assert one.clock.sleeps == [row.retry_after] * (attempts - 1)
    assert not found(everything(error))
    assert str(error).isprintable()
    # It is this call's fault alone.
    one.cloud.faults = []
    one.get()
    assert one.cloud.issued == 1


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_expired_token(opened: Open, vendor: str) -> None:
    """Refused in the vendor's own way: renewed once, and the call succeeds."""
    one = opened(vendor, retries=0)
    one.get()
    one.cloud.revoke()
    one.get()
    assert one.cloud.issued == 2
    first, again, renewed = one.cloud.tokens
    assert first == again != renewed
    assert one.clock.sleeps == []


EXPIRED = {
    "aitrios": [401],
    "amnimo": [401, 403],
    "proglove": [401, 403],
    "scailable": [401],
    "viziosense": [401],
}


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("vendor", VENDORS)
def test_which_refusals_renew(opened: Open, vendor: str, status: int) -> None:
    one = opened(vendor)
    one.cloud.faults = [reply(b"", status)]
    if status in EXPIRED[vendor]:
        one.get()
        assert one.cloud.issued == 2
    else:
        with pytest.raises(rt.PermissionDeniedError) as caught:
            one.get()
        assert (caught.value.attempts, one.cloud.issued) == (1, 1)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_refusal_after_faults_and_faults_after_a_refusal(opened: Open, vendor: str) -> None:
    one = opened(vendor, retries=3)
    refusal = ACCOUNTS[vendor].refusal
    one.cloud.faults = [reply({}, 503), refusal, reply({}, 503), reply({})]
    one.get()
    assert (one.cloud.issued, len(one.cloud.calls)) == (2, 4)
    assert len(set(one.cloud.tokens[:2])) == len(set(one.cloud.tokens[2:])) == 1
    assert len(one.clock.sleeps) == 2


CREATES = {
    "aitrios": lambda c: c.deploy.create_deploy_configuration(config_id="c"),
    "amnimo": lambda c: c.streams.start_hls("c", dt="live"),
    "proglove": lambda c: c.gateways.create_gateway(usecase="u", station="s", name="g"),
    "scailable": lambda c: c.catalogue.create_catalogue(name="x"),
}


@pytest.mark.parametrize("vendor", sorted(CREATES))
@pytest.mark.parametrize("fault", [reply({}, 503), httpx2.ReadTimeout("slow")])
def test_what_may_have_happened_is_not_repeated(opened: Open, vendor: str, fault: Any) -> None:
    one = opened(vendor, retries=5)
    one.cloud.faults = [fault]
    with pytest.raises((rt.ServerError, rt.ApiTimeoutError)) as caught:
        one.run(CREATES[vendor](one.client))
    assert caught.value.attempts == len(one.cloud.calls) == 1


@pytest.mark.parametrize("vendor", sorted(CREATES))
def test_what_was_refused_is(opened: Open, vendor: str) -> None:
    """A refused token means that nothing was done."""
    one = opened(vendor, retries=0)
    one.get()
    one.cloud.revoke()
    one.run(CREATES[vendor](one.client))
    bodies = [request.content for request in one.cloud.calls[1:]]
    assert len(bodies) == 2
    assert len(set(bodies)) == 1


def listed(one: Any, pager: Any) -> list[Any]:
    async def walk() -> list[Any]:
        return [item async for item in pager]

    return one.run(walk()) if one.kind == "async" else list(pager)


def test_a_cursor_that_repeats(opened: Open) -> None:
    one = opened("aitrios", retries=2)
    page = reply({"devices": [{"device_id": "d"}], "continuation_token": "same"}, x_request_id="r")
    one.cloud.faults = [page] * 9
    with pytest.raises(rt.PaginationError) as caught:
        listed(one, one.client.manage_devices.get_devices())
    error = caught.value
    assert (error.vendor, error.operation) == ("aitrios", "manage_devices.get_devices")
    assert len(one.cloud.calls) == 2
    assert one.cloud.issued == 1


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.test/events?next_token=abc%2F1",
        "//evil.test/events?next_token=abc%2F1",
        "/events?next_token=abc%2F1",
        "/other/../events?next_token=abc%2F1&limit=1",
    ],
)
def test_of_a_link_only_the_token_is_taken(opened: Open, link: str) -> None:
    one = opened("proglove")
    pages = [
        {"items": [{"id": "1"}], "links": {"next": link}},
        {"items": [{"id": "2"}], "links": {}},
    ]
    one.cloud.faults = [reply(page) for page in pages]
    assert len(listed(one, one.client.events.list_events(limit=7))) == 2
    first, second = one.cloud.calls
    assert (second.url.scheme, second.url.host) == ("https", "pg.test")
    assert second.url.path == first.url.path == "/latest/cust/events"
    assert dict(second.url.params) == {"limit": "7", "next_token": "abc/1"}
    assert len(set(one.cloud.tokens)) == 1


def test_a_token_that_expires_while_a_list_is_walked(opened: Open) -> None:
    one = opened("aitrios", retries=0)
    numbers = iter(range(99))

    def page(request: httpx2.Request) -> httpx2.Response:
        number = next(numbers)
        if number == 2:
            return copied(ACCOUNTS["aitrios"].refusal)
        cursor = f"c{number}" if number < 5 else None
        return reply({"devices": [{"device_id": str(number)}], "continuation_token": cursor})

    one.cloud.faults = [page] * 9
    devices = listed(one, one.client.manage_devices.get_devices())
    assert [device.device_id for device in devices] == ["0", "1", "3", "4", "5"]
    assert one.cloud.issued == 2


def test_a_warning_with_status_200(opened: Open) -> None:
    one = opened("aitrios")
    body = {"result": "WARNING", "code": "W.SC.API.0288007", "message": "the device said no"}
    one.cloud.faults = [reply(body, x_request_id="r")]
    with pytest.raises(rt.PartialFailureError) as caught:
        one.run(one.client.device_command.execute_command("d", "m", command_name="reboot"))
    error = caught.value
    assert (error.status_code, error.code, error.request_id) == (200, body["code"], "r")
    assert (error.attempts, error.body) == (1, body)
    assert len(one.cloud.calls) == 1


def test_a_wrong_content_type_does_not_matter(opened: Open) -> None:
    one = opened("aitrios")
    content = json.dumps({"device_id": "d"}).encode()
    one.cloud.faults = [reply(content, **HTML), reply(content, content_type="nonsense")]
    assert one.get().device_id == "d"
    assert one.get().device_id == "d"
