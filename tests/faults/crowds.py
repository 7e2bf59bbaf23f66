"""Many threads or tasks that come at once."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from deviceclouds.runtime import MemoryTokenStore
from deviceclouds.runtime._renewal import RenewingToken

from tests.runtime.support import FakeClock, client_class

from .accounts import ACCOUNTS
from .clouds import Opened, SigningCloud, copied

__all__ = ["THREADS", "AsyncOpened", "Crowd", "crowd_of_tasks", "open_async", "strategy_of"]

THREADS = 50
PATIENCE = 20.0
"""Seconds after which a test that waits has failed; none comes near it."""


def strategy_of(client: Any) -> RenewingToken:
    """What gets the tokens of a client."""
    (found,) = (one for one in client._core.auth.values() if isinstance(one, RenewingToken))
    return found


class _CountingLock:
    """A lock that knows how many wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition()
        self._waiting = 0

    def acquire(self, blocking: bool = True) -> bool:
        if self._lock.acquire(blocking=False):
            return True
        if not blocking:
            return False
        with self._changed:
            self._waiting += 1
            self._changed.notify_all()
        self._lock.acquire()
        with self._changed:
            self._waiting -= 1
        return True

    def release(self) -> None:
        self._lock.release()

    def until_waiting(self, number: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._waiting >= number, PATIENCE)


class Crowd:
    """Fifty threads with one client."""

    def __init__(self, one: Opened) -> None:
        self._lock = _CountingLock()
        strategy_of(one.client)._gate._threads = self._lock  # type: ignore[assignment]  # stands in for it
        self._barrier = threading.Barrier(THREADS)
        self.finished = 0

    def until_all_wait(self, step: str) -> None:
        """Comes back when all threads but one wait for a token."""
        if step != "auth-information":
            self._lock.until_waiting(THREADS - 1)

    def run(self, work: Callable[[], object]) -> list[Any]:
        """Does it in all threads at once; the errors of those that failed."""
        errors: list[BaseException] = []

        def one() -> None:
            self._barrier.wait(PATIENCE)
            try:
                work()
            except BaseException as error:
                errors.append(error)
            else:
                self.finished += 1

        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)  # threads overtake each other all the time
        try:
            threads = [threading.Thread(target=one, daemon=True) for _ in range(THREADS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE)
                assert not thread.is_alive(), "a thread hangs"
        finally:
            sys.setswitchinterval(interval)
        return errors

    @staticmethod
    def meeting(
        number: int, answer: httpx2.Response
    ) -> Callable[[httpx2.Request], httpx2.Response]:
        """A reply that comes when a number of requests are there."""
        barrier = threading.Barrier(number)

        def reply(request: httpx2.Request) -> httpx2.Response:
            barrier.wait(PATIENCE)
            return copied(answer)

        return reply


class AsyncOpened:
    """An async client over its cloud, in the loop that runs.

    Attributes:
        held: Turns of the loop that a token takes.
        holding: Is awaited while a token is got.
        holding_call: Is awaited while the API is called.
    """

    def __init__(self, vendor: str, http: httpx2.AsyncClient, **options: Any) -> None:
        self.account = ACCOUNTS[vendor]
        self.clock = FakeClock()
        self.cloud = SigningCloud(self.account, self.clock)
        self.held = 20
        self.holding: Callable[[], Any] | None = None
        self.holding_call: Callable[[], Any] | None = None
        common: dict[str, Any] = {"http_client": http, "clock": self.clock}
        if vendor == "amnimo":
            common["token_store"] = MemoryTokenStore()
        self.client = client_class(vendor, "async")(
            **{**self.account.arguments, **common, **options}
        )

    async def answer(self, request: httpx2.Request) -> httpx2.Response:
        if self.account.step(request) is None:
            await (self.holding_call or _nothing)()
        else:
            for _ in range(self.held):
                await asyncio.sleep(0)
            await (self.holding or _nothing)()
        return self.cloud(request)

    async def get(self) -> Any:
        """Calls the API once."""
        return await self.account.call(self.client)


async def _nothing() -> None:
    await asyncio.sleep(0)


@asynccontextmanager
async def open_async(vendor: str, **options: Any) -> AsyncIterator[AsyncOpened]:
    """An async client over its cloud."""
    opened: list[AsyncOpened] = []

    async def answer(request: httpx2.Request) -> httpx2.Response:
        return await opened[0].answer(request)

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        opened.append(AsyncOpened(vendor, http, **options))
        yield opened[0]


async def crowd_of_tasks(one: AsyncOpened, number: int) -> list[Any]:
    """Calls the API in many tasks at once; the errors of those that failed."""
    tasks = asyncio.gather(*(one.get() for _ in range(number)), return_exceptions=True)
    results = await asyncio.wait_for(tasks, PATIENCE)
    return [result for result in results if isinstance(result, BaseException)]
