"""Processes that fork while a thread gets a token: the child makes its calls, with locks of its own."""

from __future__ import annotations

import asyncio
import os
import select
import threading
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from deviceclouds import runtime as rt

from .accounts import ACCOUNTS
from .clouds import Opened
from .crowds import PATIENCE

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def in_a_child(work: Callable[[], bool]) -> bool:
    """Whether something holds in a forked process, which is ended when it takes too long."""
    end, start = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # from 3.12 on, forking with threads warns
        child = os.fork()
    if child == 0:
        good = False
        try:
            good = work()
        finally:
            os.write(start, b"+" if good else b"-")
            os._exit(0)
    os.close(start)
    ready, _, _ = select.select([end], [], [], PATIENCE)
    told = os.read(end, 1) if ready else b""
    os.close(end)
    if not ready:
        os.kill(child, 9)
    os.waitpid(child, 0)
    assert told, "the child hangs, or died"
    return told == b"+"


@pytest.mark.parametrize("vendor", ["aitrios", "amnimo"])
@pytest.mark.parametrize("stored", [False, True], ids=["no store", "store"])
def test_a_fork_while_a_token_is_got(runner: asyncio.Runner, vendor: str, stored: bool) -> None:
    options: dict[str, Any] = {"token_store": rt.MemoryTokenStore()} if stored else {}
    one = Opened("sync", runner, ACCOUNTS[vendor], **options)
    asked, answer = threading.Event(), threading.Event()

    def hold(step: str) -> None:
        asked.set()
        assert answer.wait(PATIENCE)

    def child() -> bool:
        one.cloud.hold = lambda step: None
        before = one.cloud.issued
        one.get()
        one.get()
        return one.cloud.issued == before + 1

    one.cloud.hold = hold
    thread = threading.Thread(target=one.get)
    thread.start()
    assert asked.wait(PATIENCE)
    assert in_a_child(child)
    answer.set()
    thread.join(PATIENCE)
    one.get()
    assert one.cloud.issued == 1
    one.close()


def test_a_fork_while_a_thread_waits_for_the_rate_limit(runner: asyncio.Runner) -> None:
    asleep, wake = threading.Event(), threading.Event()

    class Clock:
        def __init__(self) -> None:
            self.time = 1000.0

        def now(self) -> float:
            return self.time

        wall = now

        def sleep(self, seconds: float) -> None:
            asleep.set()
            assert wake.wait(PATIENCE)
            self.time += seconds

    limit = rt.RateLimit(per_second=1, burst=2)
    one = Opened("sync", runner, ACCOUNTS["aitrios"], clock=Clock(), rate_limit=limit)
    one.get()  # with its token, these are two requests
    thread = threading.Thread(target=one.get)
    thread.start()
    assert asleep.wait(PATIENCE)

    def child() -> bool:
        wake.set()
        one.get()
        return True

    # As if another thread was loading the library at this moment.
    one.client._core.limiter._check = None
    with one.client._core.limiter._opening:
        assert in_a_child(child)
    wake.set()
    thread.join(PATIENCE)
    one.close()
