"""Effects that run a part of a flow while a lock is held."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from ._effects import Flow, run_async, run_sync
from ._gate import Gate
from ._http import AsyncHttp, SyncHttp

if TYPE_CHECKING:
    import asyncio

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

        loop = asyncio.get_running_loop()
        entry = _Entry(self._lock())
        entered = loop.create_future()
        # A thread of its own: those of the loop's pool are few, and the holder of the lock needs one to go on.
        threading.Thread(
            target=copy_context().run,
            args=(entry.enter, loop, entered),
            name="deviceclouds-lock",
            daemon=True,
        ).start()
        try:
            await entered
        except BaseException:
            entry.abandon()
            raise
        try:
            return await run_async(self._flow(), http)
        finally:
            await asyncio.shield(loop.run_in_executor(None, entry.leave))


class _Entry:
    """Enters a lock in a thread, for a task that may be cancelled meanwhile: then the thread leaves it again."""

    def __init__(self, lock: AbstractContextManager[object]) -> None:
        self._lock = lock
        self._guard = threading.Lock()
        self._entered = False  # and not left yet
        self._abandoned = False

    def enter(self, loop: asyncio.AbstractEventLoop, entered: asyncio.Future[None]) -> None:
        """Waits for the lock, blocking, and tells the loop."""
        error: BaseException | None = None
        try:
            self._lock.__enter__()
        except BaseException as failure:
            error = failure
        with self._guard:
            self._entered = error is None
            abandoned = self._abandoned
        if not abandoned:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_tell, entered, error)
                return
        self.leave()

    def abandon(self) -> None:
        """Has the lock left as soon as it is entered."""
        with self._guard:
            self._abandoned = True
        self.leave()

    def leave(self) -> None:
        """Leaves the lock, if it was entered."""
        with self._guard:
            entered, self._entered = self._entered, False
        if entered:
            self._lock.__exit__(None, None, None)


def _tell(entered: asyncio.Future[None], error: BaseException | None) -> None:
    if entered.done():
        return
    if error is None:
        entered.set_result(None)
    else:
        entered.set_exception(error)
