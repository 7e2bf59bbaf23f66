"""Effects that run a part of a flow while a lock is held."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from ._effects import Flow, run_async, run_sync
from ._gate import Gate
from ._http import AsyncHttp, SyncHttp

__all__ = ["HoldGate", "HoldLock"]


class HoldGate:
    """Runs a flow inside a gate; its result is the flow's.

    Args:
        gate: Lets one caller in at a time.
        flow: Makes the flow, when it is this caller's turn.
        wait: Whether to wait for the turn; if not, and somebody is inside, the flow is not run.
    """

    __slots__ = ("_flow", "_gate", "_wait")

    def __init__(self, gate: Gate, flow: Callable[[], Flow[Any]], *, wait: bool = True) -> None:
        self._gate = gate
        self._flow = flow
        self._wait = wait

    def run(self, http: SyncHttp) -> Any:
        lock = self._gate.threads
        if not lock.acquire(blocking=self._wait):
            return None
        try:
            return run_sync(self._flow(), http)
        finally:
            lock.release()

    async def run_async(self, http: AsyncHttp) -> Any:
        lock = self._gate.tasks
        if not self._wait and lock.locked():
            return None
        async with lock:
            return await run_async(self._flow(), http)


class HoldLock:
    """Runs a flow while a blocking context manager is held; an async client enters and leaves it in a thread."""

    __slots__ = ("_flow", "_lock")

    def __init__(
        self, lock: Callable[[], AbstractContextManager[object]], flow: Callable[[], Flow[Any]]
    ) -> None:
        self._lock = lock
        self._flow = flow

    def run(self, http: SyncHttp) -> Any:
        with self._lock():
            return run_sync(self._flow(), http)

    async def run_async(self, http: AsyncHttp) -> Any:
        import asyncio

        lock = self._lock()
        entering = asyncio.ensure_future(asyncio.to_thread(lock.__enter__))
        try:
            await asyncio.shield(entering)
        except asyncio.CancelledError:
            # The thread goes on and gets the lock, when nobody is left to release it.
            entering.add_done_callback(lambda done: _release(lock, done))
            raise
        try:
            return await run_async(self._flow(), http)
        finally:
            await asyncio.shield(asyncio.to_thread(lock.__exit__, None, None, None))


def _release(lock: AbstractContextManager[object], entered: Any) -> None:
    if not entered.cancelled() and entered.exception() is None:
        lock.__exit__(None, None, None)
