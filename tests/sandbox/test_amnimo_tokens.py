"""amnimo's sign-in in the sandbox: tokens that end, the month's quota, the limit of requests."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime import MemoryTokenStore
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.testing.sandbox.clouds import amnimo_limits

from .raw_http import raw_http

TOKEN = "/amnimo/ex/oauth2/token"
TREE = "/amnimo/ex/accounts/3d07c219-0a88-45be-9cfc-91e9d095a1e9/hierarchy"
GRANT = {"grant_type": "client_credentials"}
DEMO = ("demo", "demo")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["amnimo"], strict=True, size=0.05, frozen=True) as sandbox:
        yield sandbox


@pytest.fixture
def raw(sandbox: Sandbox) -> Iterator[httpx2.Client]:
    with raw_http(sandbox) as client:
        yield client


@contextmanager
def signing_in(sandbox: Sandbox, **options: Any) -> Iterator[Any]:
    given = {"client_id": "demo", "secret_key": "demo", "token_store": MemoryTokenStore()}
    with sandbox.client("amnimo", **{**given, **options}) as client:
        yield client


def calls_of(sandbox: Sandbox) -> list[tuple[str | None, int]]:
    return [(entry.operation_id, entry.status) for entry in sandbox.journal.entries]


def test_a_client_signs_in_and_renews_after_two_hours(sandbox: Sandbox) -> None:
    with signing_in(sandbox) as client:
        for _ in range(3):
            client.tenants.get_hierarchy()
        assert sandbox.world.tokens.count == {"amnimo": 1}
        sandbox.clock.advance(7200)
        client.tenants.get_hierarchy()
        assert sandbox.world.tokens.count == {"amnimo": 2}


def test_a_token_that_ended_unnoticed_is_refused_with_403_and_renewed(sandbox: Sandbox) -> None:
    with signing_in(sandbox) as client:
        client.tenants.get_hierarchy()
        sandbox.revoke("amnimo")
        client.tenants.get_hierarchy()
    assert calls_of(sandbox) == [
        ("issue_token", 200),
        ("get_hierarchy", 200),
        ("get_hierarchy", 403),
        ("issue_token", 200),
        ("get_hierarchy", 200),
    ]


def test_tokens_end_for_everybody(sandbox: Sandbox, raw: httpx2.Client) -> None:
    reply = raw.post(TOKEN, data=GRANT, auth=DEMO).json()
    assert (reply["expires_in"], reply["token_type"]) == (7200, "Bearer")
    headers = {"Authorization": f"Bearer {reply['access_token']}"}
    sandbox.clock.advance(7199)
    assert raw.get(TREE, headers=headers).status_code == 200
    sandbox.clock.advance(1)
    ended = raw.get(TREE, headers=headers)
    assert ended.status_code == 403
    (error,) = ended.json()
    assert error.keys() == {"ts", "status", "message", "details"}
    assert (error["status"], error["message"]) == ("FORBIDDEN", "the access token is expired")


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer", "Basic ZGVtbzpkZW1v", "wrong"])
def test_other_tokens_are_refused(raw: httpx2.Client, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    reply = raw.get(TREE, headers=headers)
    assert reply.status_code == 403
    assert reply.json()[0]["status"] == "FORBIDDEN"


@pytest.mark.parametrize("who", [("demo", "wrong"), ("wrong", "demo"), ("demo", ""), ("", "")])
def test_other_secret_keys_are_refused(
    sandbox: Sandbox, raw: httpx2.Client, who: tuple[str, str]
) -> None:
    reply = raw.post(TOKEN, data=GRANT, auth=who)
    assert reply.status_code == 401
    assert "secret key" in reply.json()[0]["message"]
    assert sandbox.world.tokens.count == {}


def test_a_wrong_secret_key_is_an_authentication_error(sandbox: Sandbox) -> None:
    with (
        signing_in(sandbox, secret_key="wrong") as client,
        pytest.raises(rt.AuthenticationError, match="secret_key="),
    ):
        client.tenants.get_hierarchy()


@pytest.mark.parametrize("data", [{}, {"grant_type": "password"}, {"grant_type": ""}])
def test_other_grants_are_refused(raw: httpx2.Client, data: dict[str, str]) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert raw.post(TOKEN, data=data, auth=DEMO, headers=headers).status_code == 400


def test_a_thousand_tokens_a_month(sandbox: Sandbox, raw: httpx2.Client) -> None:
    def statuses(number: int) -> set[int]:
        found = set()
        for _ in range(number):
            sandbox.clock.advance(0.2)
            found.add(raw.post(TOKEN, data=GRANT, auth=DEMO).status_code)
        return found

    now = sandbox.clock.datetime()
    left = calendar.monthrange(now.year, now.month)[1] * 86400 - (now.day - 1) * 86400
    into_day = now.hour * 3600 + now.minute * 60 + now.second
    sandbox.clock.advance(left - into_day + 60)
    assert statuses(1000) == {200}
    assert statuses(1) == {429}
    sandbox.clock.advance(20 * 86400)
    reply = raw.post(TOKEN, data=GRANT, auth=DEMO)
    assert reply.status_code == 429
    assert "month" in reply.json()[0]["message"]
    assert raw.get(TREE, headers={"Authorization": "Bearer demo"}).status_code == 200
    sandbox.clock.advance(12 * 86400)
    assert statuses(1) == {200}


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Real seconds as the limits see them; they pass when a test says so. Ask for it before the sandbox."""
    seconds = [1000.0]
    monkeypatch.setattr(amnimo_limits, "time", SimpleNamespace(monotonic=lambda: seconds[0]))
    return seconds


def test_twenty_at_once_then_five_a_second(
    real: list[float], sandbox: Sandbox, raw: httpx2.Client
) -> None:
    def burst() -> int:
        """Calls until one is refused."""
        for number in range(1000):
            reply = raw.get(TREE, headers={"Authorization": "Bearer demo"})
            if reply.status_code != 200:
                assert reply.status_code == 429
                assert reply.json()[0]["status"] == "TOO MANY REQUESTS"
                return number
        raise AssertionError("never refused")

    assert burst() == 20
    sandbox.clock.advance(1)
    assert burst() == 5
    sandbox.clock.advance(3600)
    assert burst() == 20
    # Real seconds count too where the sandbox's clock stands still: nobody is shut out for good.
    real[0] += 2
    assert burst() == 10


def test_a_clock_that_stands_still_lets_in_five_real_seconds(
    real: list[float], sandbox: Sandbox
) -> None:
    limits: Any = sandbox.clouds["amnimo"]._limits  # type: ignore[attr-defined]
    counts = []
    for seconds in (0, 1, 2, 100):
        real[0] += seconds
        number = 0
        while number < 100:
            try:
                limits.count_request()
            except Exception:
                break
            number += 1
        counts.append(number)
    assert counts == [20, 5, 10, 20]


def test_limits_can_be_switched_off() -> None:
    with (
        Sandbox(["amnimo"], size=0, rate_limits=False, frozen=True) as sandbox,
        raw_http(sandbox) as raw,
    ):
        found = {raw.post(TOKEN, data=GRANT, auth=DEMO).status_code for _ in range(1100)}
    assert found == {200}


def test_our_client_keeps_to_the_limit(sandbox: Sandbox) -> None:
    with signing_in(sandbox) as client:
        before = sandbox.clock.now()
        for _ in range(60):
            client.tenants.get_hierarchy()
    assert {status for _, status in calls_of(sandbox)} == {200}
    # 60 calls and one for the token: 41 above the burst, 5 a second.
    assert sandbox.clock.now() - before >= 8


def test_what_there_is_at_a_glance(sandbox: Sandbox) -> None:
    with signing_in(sandbox) as client:
        client.tenants.get_hierarchy()
    assert sandbox.clouds["amnimo"].fleet() == {
        "tenants": 5,
        "cameras": 31,
        "devices": 8,
        "clips and snapshots": 20,
        "playbacks": 1,
        "token calls this month": 1,
    }
