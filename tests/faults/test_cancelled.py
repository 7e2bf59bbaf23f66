"""Tasks that are cancelled while they get a token: nobody behind them hangs, no lock stays held."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime._effects import run_async
from deviceclouds.runtime._holding import HoldLock

from .crowds import PATIENCE, AsyncOpened, open_async, strategy_of


async def settle(turns: int = 30) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


async def until(condition: Any) -> None:
    async def wait() -> None:
        while not condition():
            await asyncio.sleep(0)

    await asyncio.wait_for(wait(), PATIENCE)


async def cancel_the_first(one: AsyncOpened) -> None:
    """Starts ten calls, cancels the one that gets the token, and sees the others through."""
    never, steps = asyncio.Event(), len(one.cloud.steps)
    entered = 0

    async def hold() -> None:
        nonlocal entered
        entered += 1
        if entered == 1:
            await never.wait()

    one.holding, one.held = hold, 0
    tasks = [asyncio.ensure_future(one.get()) for _ in range(10)]
    await until(lambda: entered == 1)
    await settle()
    tasks[0].cancel()
    results = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), PATIENCE)
    assert isinstance(results[0], asyncio.CancelledError)
    assert not any(isinstance(result, BaseException) for result in results[1:])
    assert len(one.cloud.steps) == steps + 1


@pytest.mark.parametrize("vendor", ["aitrios", "amnimo"])
def test_who_gets_the_token(vendor: str) -> None:
    async def run() -> None:
        async with open_async(vendor) as one:
            await cancel_the_first(one)
            one.cloud.revoke()
            await cancel_the_first(one)

    asyncio.run(run())


def test_who_waits_for_the_token() -> None:
    async def run() -> None:
        async with open_async("aitrios") as one:
            answer = asyncio.Event()
            one.holding = answer.wait
            tasks = [asyncio.ensure_future(one.get()) for _ in range(10)]
            await settle()
            for task in tasks[1:9]:
                task.cancel()
            await settle()
            answer.set()
            results = await asyncio.wait_for(
                asyncio.gather(*tasks, return_exceptions=True), PATIENCE
            )
            good = [not isinstance(result, BaseException) for result in results]
            assert good == [True, *[False] * 8, True]
            assert one.cloud.issued == 1

    asyncio.run(run())


def test_who_waits_for_the_store() -> None:
    store = rt.MemoryTokenStore()

    async def run() -> None:
        async with open_async("amnimo", token_store=store) as one:
            lock = store.lock(strategy_of(one.client)._key)
            with lock:
                first, second = (asyncio.ensure_future(one.get()) for _ in range(2))
                await until(lambda: waiting_threads() == 1)
                first.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await first
            await asyncio.wait_for(second, PATIENCE)
            assert one.cloud.issued == 1

    asyncio.run(run())
    until_no_thread_waits()


def waiting_threads() -> int:
    return len([thread for thread in threading.enumerate() if thread.name == "deviceclouds-lock"])


def until_no_thread_waits() -> None:
    for thread in threading.enumerate():
        if thread.name == "deviceclouds-lock":
            thread.join(PATIENCE)
            assert not thread.is_alive()


class _Lock:
    """A lock that says how often it was left."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.left = 0

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.left += 1
        self.lock.release()


@pytest.mark.parametrize("closed", [False, True], ids=["loop goes on", "loop is closed"])
def test_a_lock_that_comes_when_nobody_waits_is_left(closed: bool) -> None:
    lock, http = _Lock(), object()
    ran = []

    def flow() -> Any:
        ran.append(True)
        return None
        yield

    async def wait_and_be_cancelled() -> None:
        task = asyncio.ensure_future(hold())
        await until(lambda: waiting_threads() == 1)
        if closed:
            raise asyncio.CancelledError  # the loop cancels what is left, and ends
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        lock.lock.release()
        await until(lambda: lock.left == 1)
        await hold()

    async def hold() -> None:
        await HoldLock(lambda: lock, flow).run_async(http)  # type: ignore[arg-type]  # not used here

    lock.lock.acquire()
    if closed:
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(wait_and_be_cancelled())
        lock.lock.release()
    else:
        asyncio.run(wait_and_be_cancelled())
    until_no_thread_waits()
    assert not lock.lock.locked()
    assert (lock.left, len(ran)) == ((1, 0) if closed else (2, 1))


def test_a_lock_that_cannot_be_had() -> None:
    class Broken:
        def __enter__(self) -> None:
            raise rt.WaitTimeoutError("not free")

        def __exit__(self, *_: object) -> None:
            raise AssertionError

    async def run() -> None:
        def flow() -> Any:
            yield HoldLock(Broken, lambda: iter(()))  # type: ignore[arg-type, return-value]  # never run

        with pytest.raises(rt.WaitTimeoutError, match="not free"):
            await run_async(flow(), object())  # type: ignore[arg-type]  # not used here

    asyncio.run(run())
    until_no_thread_waits()


def test_a_cancelled_early_renewal_harms_nobody() -> None:
    async def run() -> None:
        async with open_async("aitrios") as one:
            await one.get()
            one.clock.time += 3420
            never = asyncio.Event()
            one.holding = never.wait
            renewing = asyncio.ensure_future(one.get())
            await settle()
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            one.holding = None
            await asyncio.wait_for(one.get(), PATIENCE)
            assert one.cloud.issued == 2
            assert len(one.cloud.calls) == 2

    asyncio.run(run())


def test_who_waits_for_the_rate_limit() -> None:
    class Clock:
        def __init__(self) -> None:
            self.sleeping = 0
            self.wake = asyncio.Event()

        def now(self) -> float:
            return 1000.0 + 10 * self.wake.is_set()

        wall = now

        async def sleep_async(self, seconds: float) -> None:
            self.sleeping += 1
            await self.wake.wait()

    async def run() -> None:
        clock = Clock()
        limit = rt.RateLimit(per_second=5, burst=2)
        async with open_async("aitrios", clock=clock, rate_limit=limit) as one:
            tasks = [asyncio.ensure_future(one.get()) for _ in range(4)]
            await until(lambda: clock.sleeping == 1)
            await settle()
            sleeping = next(task for task in tasks if not task.done())
            sleeping.cancel()
            await until(lambda: clock.sleeping == 2)
            clock.wake.set()
            results = await asyncio.wait_for(
                asyncio.gather(*tasks, return_exceptions=True), PATIENCE
            )
            assert [type(r) for r in results if isinstance(r, BaseException)] == [
                asyncio.CancelledError
            ]

    asyncio.run(run())
