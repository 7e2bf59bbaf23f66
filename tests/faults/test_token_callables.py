"""Tokens that come from a callable: asked for each request, once more when refused, never in a loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import ACCOUNTS, VENDORS, Account
from .conftest import Open

NAMES = dict.fromkeys(VENDORS, "token") | {"proglove": "id_token"}


def asked(*tokens: str) -> tuple[Callable[[], str], list[str]]:
    """A callable that gives tokens in turn, the last one again and again; and what it gave."""
    given: list[str] = []

    def token() -> str:
        given.append(tokens[min(len(given), len(tokens) - 1)])
        return given[-1]

    return token, given


def without_credentials(vendor: str, token: Any) -> Account:
    known = ACCOUNTS[vendor]
    kept = ("base_url", "customer_id", "subscription_id", "account_id")
    arguments = {name: value for name, value in known.arguments.items() if name in kept}
    return Account(**{**vars(known), "arguments": {**arguments, NAMES[vendor]: token}})


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_refused_token_is_asked_for_once_more(opened: Open, vendor: str) -> None:
    token, given = asked("old", "new", "newer")
    one = opened(without_credentials(vendor, token))
    one.cloud.faults = [ACCOUNTS[vendor].refusal, reply({})]
    one.get()
    prefix = ACCOUNTS[vendor].prefix
    assert one.cloud.tokens == [f"{prefix}old", f"{prefix}new"]
    # Each token it gives is used: it may have been dear.
    assert given == ["old", "new"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_same_token_is_not_sent_again(opened: Open, vendor: str) -> None:
    token, given = asked("same")
    one = opened(without_credentials(vendor, token))
    with pytest.raises(rt.ApiStatusError) as caught:
        one.get()
    assert caught.value.attempts == len(one.cloud.calls) == 1
    assert given == ["same", "same"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_tokens_that_never_work_end(opened: Open, vendor: str) -> None:
    token, given = asked(*(f"token-{number}" for number in range(99)))
    one = opened(without_credentials(vendor, token))
    with pytest.raises(rt.ApiStatusError) as caught:
        one.get()
    assert caught.value.attempts == len(one.cloud.calls) == len(given) == 2


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_fixed_token_is_not_sent_again(opened: Open, vendor: str) -> None:
    one = opened(without_credentials(vendor, "fixed"))
    with pytest.raises(rt.ApiStatusError) as caught:
        one.get()
    assert caught.value.attempts == len(one.cloud.calls) == 1


def test_retries_after_a_renewal_ask_again(opened: Open) -> None:
    token, given = asked("a", "b", "c")
    one = opened(without_credentials("aitrios", token))
    one.cloud.faults = [ACCOUNTS["aitrios"].refusal, reply({}, 503), reply({})]
    one.get()
    assert (
        one.cloud.tokens == ["Bearer a", "Bearer b", "Bearer c"] == [f"Bearer {t}" for t in given]
    )
