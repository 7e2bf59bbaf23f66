"""amnimo: client credentials, on disk and counted, because tokens are few a month."""

from __future__ import annotations

import base64
import stat
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import ACCOUNTS, LIFE, access, url_of
from .clouds import Opened
from .conftest import Open
from .planted import CLIENT_ID, MARK, SECRET_KEY

BASIC = "Basic " + base64.b64encode(f"{CLIENT_ID}:{SECRET_KEY}".encode()).decode()


class UsedStore(rt.MemoryTokenStore):
    """A store in which a number of calls were counted before."""

    def __init__(self, used: int) -> None:
        super().__init__()
        self.used = used

    def calls(self, key: str, month: str) -> int:
        return super().calls(key, month) or self.used


class PlainStore:
    """A store with no more than what a store has to have."""

    def __init__(self) -> None:
        own = rt.MemoryTokenStore()
        self.load, self.save, self.delete, self.lock = own.load, own.save, own.delete, own.lock


def calls_with_new_tokens(one: Opened, number: int) -> None:
    for _ in range(number):
        one.cloud.revoke()
        one.get()


def test_what_is_sent(opened: Open) -> None:
    one = opened("amnimo")
    one.get()
    one.get()
    ((step, request),) = one.cloud.steps
    assert (step, request.method) == ("auth.issue_token", "POST")
    assert url_of(request) == "https://api.amnimo.com/ex/oauth2/token"
    assert request.headers["authorization"] == BASIC
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.content == b"grant_type=client_credentials"
    assert one.cloud.tokens == [f"Bearer {access(1)}"] * 2


def test_another_route(opened: Open) -> None:
    one = opened("amnimo", paths={"auth.issue_token": "PUT /v2/oauth2/token"})
    one.get()
    ((_, request),) = one.cloud.steps
    assert (request.method, request.url.path) == ("PUT", "/ex/v2/oauth2/token")


def test_tokens_are_kept_on_disk(opened: Open, cache_folder: Path) -> None:
    first = opened("amnimo", token_store=None)
    first.get()
    for base_url in ("https://api.amnimo.com/ex", "https://api.amnimo.com/ex/"):
        again = opened("amnimo", token_store=None, cloud=first.cloud, base_url=base_url)
        again.get()
    assert first.cloud.issued == 1
    (kept,) = (cache_folder / "deviceclouds" / "tokens").glob("*.json")
    assert MARK in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for other in ({"client_id": "client-2"}, {"base_url": "https://other.test/ex"}):
        opened("amnimo", token_store=None, cloud=first.cloud, **other).get()
    assert first.cloud.issued == 3


def test_nothing_is_written_before_it_is_needed(opened: Open, cache_folder: Path) -> None:
    opened("amnimo", token_store=None)
    assert not cache_folder.exists()


def test_token_calls_are_counted_warned_about_and_refused(opened: Open) -> None:
    store = rt.MemoryTokenStore()
    one = opened("amnimo", token_store=store, token_calls_per_month=10)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        calls_with_new_tokens(one, 7)
        assert caught == []
        calls_with_new_tokens(one, 3)
    (warning,) = caught
    assert warning.category is rt.TokenQuotaWarning
    assert str(warning.message).startswith("amnimo: 8 of 10 token calls of 1970-01 (UTC) are used;")
    assert "/tests/" in warning.filename
    one.cloud.revoke()
    one.clock.time += LIFE
    sent = len(one.cloud.steps), len(one.cloud.calls)
    for _ in range(2):
        with pytest.raises(rt.TokenQuotaError):
            one.get()
    with pytest.raises(rt.TokenQuotaError) as refused:
        one.get()
    assert (len(one.cloud.steps), len(one.cloud.calls)) == sent
    error = refused.value
    assert (error.vendor, error.attempts) == ("amnimo", 0)
    assert "the 10 token calls of 1970-01 (UTC) are used up" in str(error)
    assert "token_calls_per_month=" in str(error)


def test_the_next_month_begins_anew(opened: Open) -> None:
    one = opened("amnimo", token_calls_per_month=1)
    one.clock.time = datetime(2026, 1, 31, 23, tzinfo=UTC).timestamp()
    with pytest.warns(rt.TokenQuotaWarning, match="1 of 1 token calls of 2026-01"):
        one.get()
    one.clock.time += 3599
    with pytest.raises(rt.TokenQuotaError):
        calls_with_new_tokens(one, 1)
    one.clock.time += 1
    with pytest.warns(rt.TokenQuotaWarning, match="1 of 1 token calls of 2026-02"):
        one.get()


def test_no_limit(opened: Open) -> None:
    one = opened("amnimo", token_calls_per_month=None, token_store=UsedStore(5000))
    calls_with_new_tokens(one, 3)
    assert one.cloud.issued == 3


def test_the_limit_is_a_thousand(opened: Open) -> None:
    one = opened("amnimo", token_store=UsedStore(798))
    calls_with_new_tokens(one, 1)
    with pytest.warns(rt.TokenQuotaWarning, match="800 of 1000"):
        calls_with_new_tokens(one, 1)
    one = opened("amnimo", token_store=UsedStore(999))
    with pytest.warns(rt.TokenQuotaWarning, match="1000 of 1000"):
        calls_with_new_tokens(one, 1)
    with pytest.raises(rt.TokenQuotaError, match="the 1000 token calls"):
        calls_with_new_tokens(one, 1)


def test_a_store_that_does_not_count(opened: Open) -> None:
    """Then this client counts its own."""
    one = opened("amnimo", token_store=PlainStore(), token_calls_per_month=2)
    with pytest.warns(rt.TokenQuotaWarning, match="2 of 2"):
        calls_with_new_tokens(one, 2)
    with pytest.raises(rt.TokenQuotaError):
        calls_with_new_tokens(one, 1)


def test_a_token_that_is_still_good_is_used_when_the_calls_are_used_up(opened: Open) -> None:
    one = opened("amnimo", token_calls_per_month=1)
    with pytest.warns(rt.TokenQuotaWarning):
        one.get()
    one.clock.time += LIFE - 10
    one.get()
    assert one.cloud.issued == 1
    one.clock.time += 10
    with pytest.raises(rt.TokenQuotaError):
        one.get()


@pytest.mark.parametrize("number", [0, -1, 1.5, "5", True])
def test_what_is_no_limit(opened: Open, number: Any) -> None:
    with pytest.raises(rt.ConfigurationError, match=r"token_calls_per_month=.* is not usable"):
        opened("amnimo", token_calls_per_month=number)


@pytest.mark.parametrize(
    "fault",
    [reply([], 500), reply([], 429, retry_after="1"), httpx2.ConnectError("refused")],
    ids=["500", "429", "connect"],
)
def test_a_failed_token_call_is_not_repeated(opened: Open, fault: Any) -> None:
    # Each attempt may count for the vendor, so a program in a loop must not use up the month either.
    one = opened("amnimo", retries=5)
    one.cloud.token_faults = [fault] * 2000
    for _ in range(999):
        with pytest.raises(rt.DeviceCloudError):
            one.get()
        one.clock.time += 0.2
    with pytest.raises(rt.DeviceCloudError) as caught:
        one.get()
    assert caught.value.operation == "auth.issue_token"
    assert "not tried again for another" in str(caught.value)
    assert caught.value.attempts == 0
    # 200 s of it: tried after 0, 5, 15, 35, 75 and 155 s.
    assert one.cloud.issued == 6
    one.cloud.token_faults = []
    one.clock.time += 300
    one.get()


def test_a_token_of_ones_own_beside_a_client_id(opened: Open) -> None:
    one = opened("amnimo", token="mine")
    one.cloud.faults = [reply({})]
    one.get()
    assert one.cloud.tokens == ["Bearer mine"]
    assert one.cloud.steps == []


@pytest.mark.parametrize("arguments", [{"secret_key": None}, {"client_id": ""}, {"secret_key": ""}])
def test_what_cannot_work(opened: Open, arguments: dict[str, Any]) -> None:
    with pytest.raises(rt.ConfigurationError, match="AMNIMO_CLIENT_ID, AMNIMO_SECRET_KEY"):
        opened("amnimo", **arguments)


def test_a_missing_right_costs_one_token_call(opened: Open) -> None:
    """403 is an expired token here, and a missing right as well."""
    one = opened("amnimo")
    one.cloud.faults = [ACCOUNTS["amnimo"].refusal] * 30
    for _ in range(10):
        with pytest.raises(rt.PermissionDeniedError):
            one.get()
    assert one.cloud.issued == 2
