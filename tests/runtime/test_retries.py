"""Sending again: what, when, after how long, and when not."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime._retry import RETRIED_STATUSES, retry_after

from .conftest import OpenSession
from .support import reply

OK = reply({})


def get(one: Any, **options: Any) -> Any:
    return one.run(one.client.cameras.get_camera("c", **options))


def failed(one: Any, **options: Any) -> Any:
    with pytest.raises(rt.DeviceCloudError) as caught:
        get(one, **options)
    return caught.value


@pytest.mark.parametrize("status", sorted(RETRIED_STATUSES))
def test_statuses_that_may_pass(opened: OpenSession, status: int) -> None:
    one = opened("amnimo", reply({}, status), OK)
    get(one)
    assert len(one.cloud.requests) == 2


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 422, 499, 501, 505])
def test_statuses_that_stay(opened: OpenSession, status: int) -> None:
    one = opened("amnimo", reply({}, status), OK)
    assert failed(one).attempts == 1
    assert one.clock.sleeps == []


@pytest.mark.parametrize(
    "error",
    [
        httpx2.ConnectError("refused"),
        httpx2.ConnectTimeout("slow"),
        httpx2.ReadTimeout("slow"),
        httpx2.ReadError("broken"),
        httpx2.RemoteProtocolError("peer closed connection"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_connection_errors(opened: OpenSession, error: Exception) -> None:
    one = opened("amnimo", error, error, OK)
    get(one)
    assert len(one.cloud.requests) == 3
    gives_up = opened("amnimo", error)
    assert failed(gives_up).attempts == 3


@pytest.mark.parametrize("first", [reply({}, 503), httpx2.ConnectError("refused")])
@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.streams.start_hls("c", dt="1"),  # a GET, and yet it starts something
        lambda c: c.media.create_media(
            "c", category="CLIP", start_time=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        ),
    ],
    ids=["start_hls", "create_media"],
)
def test_what_has_side_effects_is_sent_once(opened: OpenSession, first: Any, call: Any) -> None:
    one = opened("amnimo", first, OK, retries=5)
    with pytest.raises(rt.DeviceCloudError) as caught:
        one.run(call(one.client))
    assert caught.value.attempts == len(one.cloud.requests) == 1


def test_the_number_of_attempts(opened: OpenSession) -> None:
    assert failed(opened("amnimo", reply({}, 503))).attempts == 3
    assert failed(opened("amnimo", reply({}, 503), retries=5)).attempts == 6
    assert failed(opened("amnimo", reply({}, 503), retries=0)).attempts == 1
    assert failed(opened("amnimo", reply({}, 503)), retries=0).attempts == 1
    assert failed(opened("amnimo", reply({}, 503), retries=0), retries=1).attempts == 2
    policy = rt.RetryPolicy(attempts=4, backoff=0)
    assert failed(opened("amnimo", reply({}, 503)), retries=policy).attempts == 4


def test_the_last_failure_is_raised(opened: OpenSession) -> None:
    one = opened("amnimo", reply({}, 500), httpx2.ConnectError("x"), reply({}, 503))
    error = failed(one)
    assert (error.status_code, error.attempts) == (503, 3)


def test_waits_grow_and_are_jittered(opened: OpenSession) -> None:
    seen = []
    for _ in range(30):
        policy = rt.RetryPolicy(attempts=6, backoff=1, max_backoff=5)
        one = opened("amnimo", reply({}, 503), retries=policy)
        failed(one)
        seen.append(one.clock.sleeps)
    for waits in seen:
        for wait, longest in zip(waits, [1, 2, 4, 5, 5], strict=True):
            assert longest / 2 <= wait <= longest
    assert len({waits[0] for waits in seen}) > 1


@pytest.mark.parametrize("seconds", [0.0, 3.0, 59.5])
def test_retry_after_in_seconds(opened: OpenSession, seconds: float) -> None:
    one = opened("amnimo", reply({}, 429, retry_after=str(seconds)), OK)
    get(one)
    assert one.clock.sleeps == [seconds]


def test_retry_after_as_a_date(opened: OpenSession) -> None:
    when = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20)
    one = opened("amnimo", reply({}, 503, retry_after=format_datetime(when, usegmt=True)), OK)
    get(one)
    (wait,) = one.clock.sleeps
    assert 15 < wait <= 20


def test_a_longer_wait_than_there_is_time_gives_up(opened: OpenSession) -> None:
    error = failed(opened("amnimo", reply({}, 429, retry_after="3600"), OK))
    assert (type(error), error.attempts, error.retry_after) == (rt.RateLimitError, 1, 3600.0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5.0),
        ("0.5", 0.5),
        ("-5", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00", 0.0),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("Thu, 99 Jan 1970 00:00:00 GMT", None),
        ("Thu, 01 Jan 99999 00:00:00 GMT", None),
        ("1 Jan 2020 00:00:00 +99999999999999", None),
    ],
)
def test_texts_of_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}) == seconds
    assert retry_after({}) is None


def test_the_total_time_is_kept(opened: OpenSession) -> None:
    policy = rt.RetryPolicy(attempts=100, total_time=10, backoff=2, max_backoff=2)
    one = opened("amnimo", reply({}, 503), retries=policy, took=1.0)
    started = one.clock.time
    error = failed(one)
    # Each attempt takes 1 s and each wait 1 to 2 s: 4 to 6 attempts start within 10 s.
    assert 4 <= error.attempts == len(one.cloud.requests) <= 6
    assert one.clock.time - started <= 11


def test_slow_attempts_use_up_the_time(opened: OpenSession) -> None:
    one = opened("amnimo", httpx2.ReadTimeout("slow"), retries=9, took=60.0)
    assert failed(one).attempts == 2


@pytest.mark.parametrize("retries", [-1, 1.5, "3", True, (1,), object()])
def test_unusable_retries_are_refused(opened: OpenSession, retries: Any) -> None:
    with pytest.raises(rt.ConfigurationError, match="give 0 or more, or a RetryPolicy"):
        opened("amnimo", retries=retries)
    one = opened("amnimo")
    with pytest.raises(rt.ConfigurationError, match="is not usable"):
        get(one, retries=retries)
    assert one.cloud.requests == []


@pytest.mark.parametrize(
    "settings",
    [
        {"attempts": 0},
        {"attempts": 1.5},
        {"attempts": True},
        {"total_time": -1},
        {"total_time": float("inf")},
        {"backoff": float("nan")},
        {"backoff": "1"},
        {"max_backoff": -0.1},
        {"max_backoff": 10**400},
    ],
)
def test_unusable_policies_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(rt.ConfigurationError, match=f"{next(iter(settings))}=.* is not usable"):
        rt.RetryPolicy(**settings)


def test_a_policy_with_very_many_attempts() -> None:
    policy = rt.RetryPolicy(attempts=10_000, max_backoff=1, total_time=1e9)
    wait = policy.delay(9_000, None, 0)
    assert wait is not None
    assert wait <= 1
