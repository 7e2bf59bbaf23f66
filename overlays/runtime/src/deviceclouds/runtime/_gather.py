"""Several flows side by side, a few at a time: threads in a sync client, tasks in an async one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from ._effects import Flow, run_async, run_sync
from ._http import AsyncHttp, SyncHttp

__all__ = ["Gather"]

T = TypeVar("T")


class Gather(Generic[T]):
    """Runs flows, at most ``limit`` at once; the result is the list of theirs, in order.

    The first failure is raised when those under way have ended; what has not begun by then never does.
    """

    __slots__ = ("_flows", "_limit")

    def __init__(self, flows: Sequence[Callable[[], Flow[T]]], limit: int) -> None:
        self._flows = flows
        self._limit = max(1, limit)

    def run(self, http: SyncHttp) -> list[T]:
        if len(self._flows) < 2 or self._limit == 1:
            return [run_sync(flow(), http) for flow in self._flows]
        from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
        from contextvars import copy_context

        with ThreadPoolExecutor(self._limit, thread_name_prefix="deviceclouds") as pool:
            futures = [
                pool.submit(copy_context().run, _run_one, flow, http) for flow in self._flows
            ]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            finally:
                # After Ctrl-C, too: leaving the pool waits for whatever has begun, or still may.
                for future in futures:
                    future.cancel()
        failed = [f.exception() for f in futures if not f.cancelled() and f.exception()]
        if failed and failed[0] is not None:
            raise failed[0]
        return [future.result() for future in futures]

    async def run_async(self, http: AsyncHttp) -> list[T]:
        import asyncio

        slots = asyncio.Semaphore(self._limit)

        async def one(flow: Callable[[], Flow[T]]) -> T:
            async with slots:
                return await run_async(flow(), http)

        tasks = [asyncio.ensure_future(one(flow)) for flow in self._flows]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            # After a failure, or when the caller is cancelled: nothing goes on behind its back.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _run_one(flow: Callable[[], Flow[T]], http: SyncHttp) -> T:
    return run_sync(flow(), http)
