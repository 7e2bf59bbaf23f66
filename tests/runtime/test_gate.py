"""Who may go in at once, and who has to wait: behind others, and after a fork."""

from __future__ import annotations

import asyncio
import os

import pytest
from deviceclouds.runtime._gate import Gate
from deviceclouds.runtime._limits import Limiter, RateLimit

from .support import FakeClock


def test_the_burst_goes_in_at_once() -> None:
    limiter, clock = Limiter(RateLimit(per_second=1, burst=2), "acme"), FakeClock()
    assert [limiter.lets_in(clock) for _ in range(3)] == [True, True, False]
    clock.time += 1
    assert [limiter.lets_in(clock) for _ in range(2)] == [True, False]


def test_nobody_goes_past_those_who_wait(runner: asyncio.Runner) -> None:
    limiter, clock = Limiter(RateLimit(per_second=1, burst=2), "acme"), FakeClock()

    async def waiting() -> bool:
        async with limiter._gate.tasks:
            return limiter.lets_in(clock)

    with limiter._gate.threads:
        assert not limiter.lets_in(clock)
    assert not runner.run(waiting())
    assert [limiter.lets_in(clock) for _ in range(3)] == [True, True, False]


def test_a_shared_bound_is_never_asked_at_once() -> None:
    assert not Limiter(RateLimit(1, redis=object()), "acme").lets_in(FakeClock())


def test_a_lock_held_at_a_fork_is_free_in_the_child(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    with gate.threads:
        monkeypatch.setattr(os, "getpid", lambda: -1)
        assert gate.threads.acquire(blocking=False)
        gate.threads.release()
        assert not gate.is_held

    async def held_at_the_fork() -> None:
        async with gate.tasks:
            assert gate.is_held
            monkeypatch.setattr(os, "getpid", lambda: -2)
            assert not gate.tasks.locked()
            assert not gate.is_held

    runner.run(held_at_the_fork())
