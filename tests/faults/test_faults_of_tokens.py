"""Whatever can go wrong where tokens are given: the typed error, its fields, and what was sent."""

from __future__ import annotations

import io
from email.utils import formatdate
from typing import Any, NamedTuple

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import VENDORS, url_of
from .clouds import Opened, access_in
from .conftest import Open
from .planted import MARK, everything, found

NAMES = {"amnimo": "auth.issue_token", "viziosense": "login.login"}


class Row(NamedTuple):
    """A fault.

    Attributes:
        fault: What comes instead of a token.
        kind: The error.
        status: Its status.
        again: Whether it is worth another try.
        retry_after: What the cloud asked for.
    """

    fault: Any
    kind: type[rt.DeviceCloudError]
    status: int | None
    again: bool = False
    retry_after: float | None = None


HTML: dict[str, Any] = {"content_type": "text/html"}
ROWS = {
    "connect": Row(httpx2.ConnectError("refused"), rt.ApiConnectionError, None, True),
    "reset": Row(httpx2.ReadError("reset"), rt.ApiConnectionError, None, True),
    "connect timeout": Row(httpx2.ConnectTimeout("slow"), rt.ApiTimeoutError, None, True),
    "read timeout": Row(httpx2.ReadTimeout("slow"), rt.ApiTimeoutError, None, True),
    "500": Row(reply({}, 500, x_request_id="r"), rt.ServerError, 500, True),
    "502 html": Row(reply(b"<html>", 502, x_request_id="r", **HTML), rt.ServerError, 502, True),
    "503": Row(reply(b"", 503, x_request_id="r", retry_after="3"), rt.ServerError, 503, True, 3.0),
    "520": Row(reply(b"", 520, x_request_id="r"), rt.ServerError, 520, True),
    "429": Row(reply({}, 429, x_request_id="r"), rt.RateLimitError, 429, True),
    "429 after": Row(
        reply({}, 429, x_request_id="r", retry_after="7"), rt.RateLimitError, 429, True, 7.0
    ),
    "429 long": Row(
        reply({}, 429, x_request_id="r", retry_after="9999"), rt.RateLimitError, 429, False, 9999.0
    ),
    "400": Row(reply({}, 400, x_request_id="r"), rt.AuthenticationError, 400),
    "401": Row(reply({}, 401, x_request_id="r"), rt.AuthenticationError, 401),
    "403 html": Row(reply(b"<html>", 403, x_request_id="r", **HTML), rt.AuthenticationError, 403),
    "404": Row(reply(b"<html>", 404, x_request_id="r", **HTML), rt.AuthenticationError, 404),
    "302": Row(
        reply(b"", 302, x_request_id="r", location="https://evil.test/"), rt.ApiStatusError, 302
    ),
    "308": Row(
        reply(b"", 308, x_request_id="r", location="https://evil.test/"), rt.ApiStatusError, 308
    ),
    "200 html": Row(reply(b"<html>", 200, x_request_id="r", **HTML), rt.DecodeError, 200),
    "200 json": Row(reply({"ok": True}, 200, x_request_id="r"), rt.DecodeError, 200),
    "200 list": Row(reply([], 200, x_request_id="r"), rt.DecodeError, 200),
    "200 null": Row(reply(None, 200, x_request_id="r"), rt.DecodeError, 200),
    "200 empty": Row(reply(b"", 200, x_request_id="r"), rt.DecodeError, 200),
    "200 cut": Row(reply(b'{"access_token": "x', 200, x_request_id="r"), rt.DecodeError, 200),
    "200 deep": Row(reply(b"[" * 100_000, 200, x_request_id="r"), rt.DecodeError, 200),
    "200 bytes": Row(reply(b"\xff\xfe\x00", 200, x_request_id="r"), rt.DecodeError, 200),
    "204": Row(reply(b"", 204, x_request_id="r"), rt.DecodeError, 204),
}


def tried(one: Opened, row: Row) -> tuple[Any, list[tuple[str, httpx2.Request]]]:
    """The error of a call whose sign-in fails, and the requests for tokens."""
    if one.account.vendor == "proglove":
        one.cloud.token_faults = [None]  # the lookup is another step
    one.cloud.token_faults += [row.fault] * 99
    with pytest.raises(rt.DeviceCloudError) as caught:
        one.get()
    return caught.value, [step for step in one.cloud.steps if step[0] != "auth-information"]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_error_and_what_was_sent(opened: Open, vendor: str, row: Row) -> None:
    one = opened(vendor, retries=2)
    error, steps = tried(one, row)
    # amnimo's tokens are few: one try a call.
    attempts = 3 if row.again and vendor != "amnimo" else 1
    assert type(error) is row.kind
    name = NAMES.get(vendor, "sign-in")
    assert (error.vendor, error.operation, error.attempts) == (vendor, name, attempts)
    assert getattr(error, "status_code", None) == row.status
    if isinstance(error, rt.ApiStatusError | rt.DecodeError):
        assert (error.request_id, error.content) == ("r", b"")
    if isinstance(error, rt.ApiStatusError):
        assert (error.retry_after, error.body) == (row.retry_after, None)
    else:
        assert (error.__cause__ is row.fault) == isinstance(row.fault, Exception)
    assert len(steps) == attempts
    assert len({(name, r.headers.get("authorization"), r.content) for name, r in steps}) == 1
    assert len({url_of(r) for _, r in steps}) == 1
    assert one.cloud.calls == []
    assert len(one.clock.sleeps) == attempts - 1
    if row.retry_after is not None and attempts > 1:
        assert one.clock.sleeps == [row.retry_after] * (attempts - 1)
    assert not found(everything(error))
    assert "\n" not in str(error)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_fault_that_passes(opened: Open, vendor: str, row: Row) -> None:
    """The next call succeeds, at once or after the pause of a refusal."""
    one = opened(vendor, retries=0)
    tried(one, row)
    one.cloud.token_faults = []
    one.clock.time += 5
    one.get()
    assert one.cloud.issued == 2
    assert len(one.cloud.calls) == 1


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_fault_that_passes_while_it_is_tried(opened: Open, vendor: str) -> None:
    one = opened(vendor, retries=2)
    one.cloud.token_faults = [reply({}, 500)] * (0 if vendor == "amnimo" else 2)
    one.get()
    assert len(one.cloud.calls) == 1


def test_words_say_what_to_do(opened: Open) -> None:
    words = {
        "connect": "no complete reply from auth.aitrios.sony-semicon.com",
        "401": "check client_id= and client_secret=",
        "404": "404 no tokens are given at this address; check",
        "302": "302 a redirect, which is not followed with credentials; check the address",
        "200 html": "the reply (200, text/html, 6 bytes) holds no token; check the address",
        "502 html": "502 no token was given",
    }
    for name, text in words.items():
        error, _ = tried(opened("aitrios", retries=0), ROWS[name])
        assert text in str(error)


def test_a_date_to_come_back_at(opened: Open) -> None:
    import time

    one = opened("aitrios", retries=1)
    when = formatdate(time.time() + 30, usegmt=True)
    one.cloud.token_faults = [reply({}, 429, retry_after=when)]
    one.get()
    (wait,) = one.clock.sleeps
    assert 20 < wait <= 30


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_token_that_never_works(opened: Open, vendor: str) -> None:
    one = opened(vendor)
    one.cloud.works = False
    with pytest.raises(rt.ApiStatusError) as caught:
        one.get()
    assert caught.value.operation not in ("", "sign-in", *NAMES.values())
    assert caught.value.attempts == len(one.cloud.calls) == 2
    assert one.cloud.issued == 2
    for _ in range(10):
        with pytest.raises(rt.ApiStatusError) as caught:
            one.get()
        assert caught.value.attempts == 1
    assert one.cloud.issued == 2
    assert len(one.cloud.calls) == 12
    # Later it may be another story: tried again after 1, 2, 4 more minutes.
    issued = []
    for _ in range(7):
        one.clock.time += 60
        for _ in range(3):
            with pytest.raises(rt.ApiStatusError):
                one.get()
        issued.append(one.cloud.issued)
    assert issued == [3, 3, 4, 4, 4, 4, 5]
    one.cloud.works = True
    one.clock.time += 480
    one.get()
    # A token that works ends it.
    for _ in range(3):
        one.cloud.revoke()
        one.get()


class Once(io.RawIOBase):
    """A file that can be read once."""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return b""


def test_a_body_that_cannot_be_sent_again(opened: Open) -> None:
    """The call ends with the refusal, the next one has a new token."""
    one = opened("scailable")
    one.get()
    one.cloud.revoke()
    with pytest.raises(rt.AuthenticationError) as caught:
        one.run(one.client.function.update_function("u", file=Once()))
    assert caught.value.attempts == 1
    one.run(one.client.function.update_function("u", file=Once()))
    assert one.cloud.issued == 2
    assert len(one.cloud.calls) == 3


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_renewal_that_fails_names_what_failed(opened: Open, vendor: str) -> None:
    one = opened(vendor, retries=0)
    one.get()
    one.cloud.revoke()
    one.cloud.token_faults = [reply({}, 500)]
    with pytest.raises(rt.ServerError) as caught:
        one.get()
    assert caught.value.operation == NAMES.get(
        vendor, "refresh" if vendor in ("proglove", "scailable") else "sign-in"
    )
    assert not found(everything(caught.value))
    one.clock.time += 5
    one.get()
    assert one.cloud.tokens[-1] != one.cloud.tokens[0]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_token_that_no_header_can_carry(opened: Open, vendor: str) -> None:
    one = opened(vendor)
    good = one.account.grant(1, one.clock.time).content.decode()
    for bad in ("two\\nlines", "", " ", "\\u00fcber", "x\\u0000"):
        body = good.replace(access_in(reply(good.encode())), f"{MARK}{bad}" if bad.strip() else bad)
        one.cloud.token_faults = [None] if vendor == "proglove" and not one.cloud.steps else []
        one.cloud.token_faults.append(reply(body.encode()))
        with pytest.raises(rt.DecodeError, match="holds no token") as caught:
            one.get()
        assert not found(everything(caught.value))
        one.clock.time += 300
    assert one.cloud.calls == []
