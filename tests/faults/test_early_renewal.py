"""Tokens are renewed before they end, by one caller; faults of that do no harm while the old token is good."""

from __future__ import annotations

import asyncio
import threading
import warnings
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import ACCOUNTS, LIFE, VENDORS
from .clouds import FailingStore, Opened
from .conftest import Open
from .crowds import PATIENCE, open_async

EARLY = LIFE - 180


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_token_is_renewed_three_minutes_before_its_end(opened: Open, vendor: str) -> None:
    one = opened(vendor)
    one.get()
    one.clock.time += EARLY - 1
    one.get()
    assert one.cloud.issued == 1
    one.clock.time += 1
    one.get()
    one.get()
    assert one.cloud.issued == 2
    assert one.cloud.tokens[-2] == one.cloud.tokens[-1] != one.cloud.tokens[0]


def test_a_short_life_has_a_short_margin(opened: Open) -> None:
    one = opened("aitrios")
    one.cloud.token_faults = [reply({"access_token": "short", "expires_in": 10})]
    one.cloud.faults = [reply({})] * 2
    one.get()
    one.clock.time += 8.9
    one.get()
    assert one.cloud.issued == 1
    one.clock.time += 0.1
    one.get()
    assert one.cloud.issued == 2


def test_threads_go_on_with_the_old_token(runner: asyncio.Runner) -> None:
    one = Opened("sync", runner, ACCOUNTS["aitrios"])
    one.get()
    one.clock.time += EARLY
    asked, answer = threading.Event(), threading.Event()

    def hold(step: str) -> None:
        asked.set()
        assert answer.wait(PATIENCE)

    one.cloud.hold = hold
    one.cloud.faults = [reply({})] * 99  # old and new tokens are both good now
    renewing = threading.Thread(target=one.get)
    renewing.start()
    assert asked.wait(PATIENCE)
    for _ in range(10):
        one.get()  # would hang here if it waited
    assert set(one.cloud.tokens) == {one.cloud.tokens[0]}
    answer.set()
    renewing.join(PATIENCE)
    one.get()
    assert one.cloud.issued == 2
    assert one.cloud.tokens[-1] == one.cloud.tokens[-2] != one.cloud.tokens[0]
    one.close()


def test_tasks_go_on_with_the_old_token() -> None:
    async def run() -> None:
        async with open_async("aitrios") as one:
            await one.get()
            one.clock.time += EARLY
            answer = asyncio.Event()
            one.holding = answer.wait
            one.cloud.faults = [reply({})] * 99
            renewing = asyncio.ensure_future(one.get())
            await asyncio.sleep(0)
            for _ in range(10):
                await asyncio.wait_for(one.get(), PATIENCE)
            assert set(one.cloud.tokens) == {one.cloud.tokens[0]}
            answer.set()
            await renewing
            assert one.cloud.issued == 2

    asyncio.run(run())


FAULTS: list[Any] = [
    reply({}, 500),
    reply({}, 429),
    reply({}, 401),
    reply({}, 302, location="https://elsewhere.test/"),
    reply(b"<html>", 200),
    reply({}, 200),
    httpx2.ConnectError("refused"),
    httpx2.ReadTimeout("slow"),
]


@pytest.mark.parametrize("vendor", ["aitrios", "amnimo"])
@pytest.mark.parametrize(
    "fault", FAULTS, ids=["500", "429", "401", "302", "html", "none", "c", "t"]
)
def test_a_failed_early_renewal_keeps_the_old_token(opened: Open, vendor: str, fault: Any) -> None:
    one = opened(vendor, retries=0)
    one.get()
    one.clock.time += EARLY
    one.cloud.token_faults = [fault] * 99
    for _ in range(5):
        one.get()
    # Not at each call, but every 30 s.
    assert one.cloud.issued == 2
    one.clock.time += 30
    one.get()
    one.get()
    assert one.cloud.issued == 3
    one.clock.time += 149
    one.get()
    assert set(one.cloud.tokens) == {one.cloud.tokens[0]}
    # At the end, its fault is the call's, even where the last try was less than 30 s ago.
    one.clock.time += 1
    sent = len(one.cloud.calls)
    with pytest.raises(rt.DeviceCloudError):
        one.get()
    assert len(one.cloud.calls) == sent
    one.cloud.token_faults = []
    one.clock.time += 300
    one.get()


@pytest.mark.parametrize("name", ["load", "lock", "save"])
def test_a_store_that_fails_keeps_the_old_token(opened: Open, name: str) -> None:
    store = FailingStore()
    one = opened("aitrios", token_store=store)
    one.get()
    store.name = name
    one.clock.time += EARLY
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rt.TokenStoreWarning)
        one.get()
    assert one.cloud.issued == (2 if name == "save" else 1)
    one.clock.time += 180
    store.name = None
    one.get()
    assert one.cloud.issued == 2


def test_a_due_token_of_the_store_is_good_for_a_start(opened: Open) -> None:
    store = rt.MemoryTokenStore()
    first = opened("aitrios", token_store=store)
    first.get()
    first.clock.time += EARLY
    second = opened("aitrios", token_store=store, cloud=first.cloud, retries=0)
    second.cloud.token_faults = [reply({}, 500)]
    second.get()
    assert second.cloud.tokens[-1] == first.cloud.tokens[0]
    third = opened("aitrios", token_store=store, cloud=first.cloud)
    third.get()
    assert third.cloud.tokens[-1] != first.cloud.tokens[0]
    third.clock.time += LIFE
    fourth = opened("aitrios", token_store=store, cloud=first.cloud, retries=0)
    fourth.cloud.token_faults = [reply({}, 500)]
    with pytest.raises(rt.ServerError):
        fourth.get()
