"""The bound of requests a second: how long who waits, in which order, for whom it holds."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import ACCOUNTS, VENDORS
from .clouds import Opened
from .conftest import Open
from .crowds import PATIENCE, THREADS, Crowd, open_async

FIVE = rt.RateLimit(per_second=5, burst=20)


def opened_with_a_token(opened: Open, vendor: str, **options: Any) -> Opened:
    """A client whose sign-in is over, so that it does not count."""
    one = opened(vendor, **options)
    one.get()
    one.clock.time += 1000
    one.clock.sleeps.clear()
    return one


@pytest.mark.parametrize("vendor", VENDORS)
def test_five_a_second_after_a_burst_of_twenty(opened: Open, vendor: str) -> None:
    one = opened_with_a_token(opened, vendor, rate_limit=FIVE)
    began = one.clock.time
    for _ in range(20):
        one.get()
    assert one.clock.sleeps == []
    for _ in range(10):
        one.get()
    assert one.clock.sleeps == pytest.approx([0.2] * 10)
    assert one.clock.time - began == pytest.approx(2.0)
    # A pause fills the bucket again, not more than full. A new token is among the requests then.
    one.clock.time += 3600
    one.clock.sleeps.clear()
    sent = len(one.cloud.calls) + len(one.cloud.steps)
    while not one.clock.sleeps:
        one.get()
    assert len(one.cloud.calls) + len(one.cloud.steps) - sent == 21


def test_amnimo_keeps_to_it_by_itself(opened: Open) -> None:
    one = opened_with_a_token(opened, "amnimo")
    for _ in range(30):
        one.get()
    assert one.clock.sleeps == pytest.approx([0.2] * 10)


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_limit(opened: Open, vendor: str) -> None:
    one = opened(vendor, rate_limit=None)
    for _ in range(100):
        one.get()
    assert one.clock.sleeps == []
    assert one.client._core.limiter is None


def test_nobody_else_has_one_by_itself(opened: Open) -> None:
    limited = [vendor for vendor in VENDORS if opened(vendor).client._core.limiter is not None]
    assert limited == ["amnimo"]


def test_requests_for_tokens_count_too(opened: Open) -> None:
    one = opened("proglove", rate_limit=rt.RateLimit(per_second=1, burst=1))
    one.get()
    # The lookup, the sign-in, the call.
    assert one.clock.sleeps == pytest.approx([1.0, 1.0])


def test_retries_count_too(opened: Open) -> None:
    policy = rt.RetryPolicy(attempts=3, backoff=0)
    one = opened_with_a_token(opened, "aitrios", rate_limit=rt.RateLimit(1, 1), retries=policy)
    one.cloud.faults = [reply({}, 503), httpx2.ConnectError("no")]
    one.get()
    assert [s for s in one.clock.sleeps if s] == pytest.approx([1.0, 1.0])


def test_each_client_has_its_own(opened: Open) -> None:
    one, two = (opened_with_a_token(opened, "aitrios", rate_limit=FIVE) for _ in range(2))
    for _ in range(20):
        one.get()
        two.get()
    assert one.clock.sleeps == two.clock.sleeps == []
    one.get()
    assert one.clock.sleeps == pytest.approx([0.2])
    assert two.clock.sleeps == []


@pytest.mark.parametrize(
    ("per_second", "wait"),
    [(2.5, 0.4), (0.5, 2.0), (1 / 3, 3.0), (0.01, 100.0), (7.5, 0.134), (3, 0.334)],
)
def test_rates_that_do_not_divide_evenly(opened: Open, per_second: float, wait: float) -> None:
    """Rounded to milliseconds, never faster than asked for."""
    one = opened("aitrios", rate_limit=rt.RateLimit(per_second))
    one.get()
    began = one.clock.time
    for _ in range(9):
        one.get()
    assert (one.clock.time - began) / 9 == pytest.approx(wait, abs=0.001)
    assert (one.clock.time - began) / 9 >= 1 / per_second - 1e-9


def test_tasks_in_turn() -> None:
    async def run() -> None:
        order: list[int] = []

        async def call(number: int) -> None:
            await one.get()
            order.append(number)

        async with open_async("aitrios", rate_limit=FIVE) as one:
            await one.get()
            one.clock.time += 100
            began = one.clock.time
            await asyncio.gather(*(call(number) for number in range(100)))
            assert order == list(range(100))
            assert one.clock.time - began == pytest.approx(16.0)
            assert one.clock.sleeps == pytest.approx([0.2] * 80)
            assert len(one.cloud.calls) == 101

    asyncio.run(run())


def test_who_comes_later_does_not_pass_who_waits() -> None:
    """Even where there is room again by the time it comes."""

    class Clock:
        def __init__(self) -> None:
            self.time = 1000.0
            self.awake = asyncio.Event()

        def now(self) -> float:
            return self.time

        wall = now

        async def sleep_async(self, seconds: float) -> None:
            self.time += seconds
            await self.awake.wait()

    async def run() -> None:
        order: list[str] = []

        async def call(name: str) -> None:
            await one.get()
            order.append(name)

        clock = Clock()
        async with open_async("aitrios", rate_limit=rt.RateLimit(1, 2), clock=clock) as one:
            await one.get()
            early = asyncio.ensure_future(call("early"))
            for _ in range(20):
                await asyncio.sleep(0)
            late = asyncio.ensure_future(call("late"))
            for _ in range(20):
                await asyncio.sleep(0)
            clock.awake.set()
            await asyncio.wait_for(asyncio.gather(early, late), PATIENCE)
            assert order == ["early", "late"]

    asyncio.run(run())


def test_threads_that_start_at_once(runner: asyncio.Runner) -> None:
    one = Opened("sync", runner, ACCOUNTS["aitrios"], rate_limit=rt.RateLimit(1000, 10))
    one.get()
    one.clock.time += 100
    # The library is loaded by one of them, and there is one bucket then.
    one.client._core.limiter._forget()
    began = one.clock.time
    assert Crowd(one).run(one.get) == []
    assert one.clock.time - began == pytest.approx((THREADS - 10) / 1000, abs=0.005)
    one.close()


def test_threads_wait_on_a_clock_of_this_world(runner: asyncio.Runner) -> None:
    from deviceclouds.runtime._clock import SystemClock

    one = Opened(
        "sync", runner, ACCOUNTS["aitrios"], rate_limit=rt.RateLimit(500, 1), clock=SystemClock()
    )
    threads = [threading.Thread(target=one.get) for _ in range(10)]
    began = SystemClock().now()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(one.cloud.calls) == 10
    assert 0.018 <= SystemClock().now() - began < 5
    one.close()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"per_second": 0}, "per_second=0 is not usable"),
        ({"per_second": -1}, "per_second=-1 is not usable"),
        ({"per_second": float("inf")}, "per_second=inf is not usable"),
        ({"per_second": float("nan")}, "per_second=nan is not usable"),
        ({"per_second": "5"}, "per_second='5' is not usable"),
        ({"per_second": True}, "per_second=True is not usable"),
        ({"per_second": 10**400}, "is not usable; give a number above 0"),
        ({"per_second": 5, "burst": 0}, "burst=0 is not usable; give 1 or more"),
        ({"per_second": 5, "burst": 1.5}, r"burst=1\.5 is not usable"),
        ({"per_second": 5, "burst": True}, "burst=True is not usable"),
        ({"per_second": 5, "burst": None}, "burst=None is not usable"),
    ],
)
def test_what_is_no_rate(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(rt.ConfigurationError, match=words):
        rt.RateLimit(**settings)


@pytest.mark.parametrize("limit", [5, "5/s", (5, 20), {"per_second": 5}, object])
def test_what_is_no_limit(opened: Open, limit: Any) -> None:
    with pytest.raises(
        rt.ConfigurationError, match=r"give RateLimit\(per_second, burst\)"
    ) as caught:
        opened("aitrios", rate_limit=limit)
    assert caught.value.vendor == "aitrios"


def test_a_missing_library(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrate_limiter", None)
    for vendor, options in (("amnimo", {}), ("aitrios", {"rate_limit": FIVE})):
        one = opened(vendor, **options)
        with pytest.raises(rt.ConfigurationError) as caught:
            one.get()
        assert "install the extra [limits] of deviceclouds-runtime" in str(caught.value)
        assert "rate_limit=None" in str(caught.value)
        assert caught.value.vendor == vendor
        assert one.cloud.steps == []
    one = opened("amnimo", rate_limit=None)
    one.get()
