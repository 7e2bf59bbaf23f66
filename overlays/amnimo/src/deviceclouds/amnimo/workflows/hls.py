"""Playbacks as context managers: kept alive by a thread in a sync client, by a task in an async one."""

from __future__ import annotations

import asyncio
import threading
from contextvars import copy_context
from types import TracebackType
from typing import TYPE_CHECKING, Self

from deviceclouds.runtime._effects import run_async, run_sync

from .playback import LONGEST_CALL, Playback

if TYPE_CHECKING:
    from deviceclouds.runtime._http import AsyncHttp, SyncHttp
    from deviceclouds.runtime._workflow import Workflow

    from .playback import Wanted

__all__ = ["AsyncHlsPlayback", "HlsPlayback"]

LONGEST_LEAVING = 2 * LONGEST_CALL
"""Seconds to wait for an update under way."""


class HlsPlayback(Playback):
    """A playback that goes on while its ``with`` block runs; made by ``Amnimo.hls_session()``."""

    def __init__(self, http: SyncHttp, work: Workflow, wanted: Wanted) -> None:
        super().__init__(work, wanted)
        self._http = http
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._begin()
        try:
            run_sync(self._start(), self._http)
            if self._wanted.keep_alive:
                # A daemon: a program that ends without leaving the block is not held up.
                self._thread = threading.Thread(
                    target=copy_context().run,
                    args=(self._keep_alive_here,),
                    name="deviceclouds-hls",
                    daemon=True,
                )
                self._thread.start()
        except BaseException as error:
            self._leave(error)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave(error)

    def close(self) -> None:
        """Stops the playback before the block ends. Raises as leaving the block does; may be called again."""
        self._leave(None)

    def _leave(self, error: BaseException | None) -> None:
        if not self._end():
            return
        stop_error: Exception | None = None
        try:
            self._alarm.ring()
            thread = self._thread
            if (
                thread is not None
                and thread.is_alive()
                and thread is not threading.current_thread()
            ):
                # For an update under way: one that arrives after the stop might begin the upload anew.
                thread.join(LONGEST_LEAVING)
        finally:
            try:
                run_sync(self._stop(), self._http)
            except Exception as trouble:
                stop_error = trouble
        self._report(stop_error, error)

    def _keep_alive_here(self) -> None:
        try:
            run_sync(self._keep_alive(), self._http)
        except Exception as error:
            self._failed = error


class AsyncHlsPlayback(Playback):
    """A playback that goes on while its ``async with`` block runs; made by ``AsyncAmnimo.hls_session()``."""

    def __init__(self, http: AsyncHttp, work: Workflow, wanted: Wanted) -> None:
        super().__init__(work, wanted)
        self._http = http
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._begin()
        await run_async(self._start(), self._http)
        if self._wanted.keep_alive:
            self._task = asyncio.create_task(self._keep_alive_here(), name="deviceclouds-hls")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._leave(error)

    async def close(self) -> None:
        """See :meth:`HlsPlayback.close`."""
        await self._leave(None)

    async def _leave(self, error: BaseException | None) -> None:
        if not self._end():
            return
        ending = asyncio.ensure_future(self._finish())
        cancelled: asyncio.CancelledError | None = None
        while not ending.done():
            try:
                await asyncio.wait((ending,))
            except asyncio.CancelledError as request:
                # The stop is finished first; it is bounded in time.
                cancelled = request
        self._report(ending.result(), cancelled or error)
        if cancelled is not None:
            raise cancelled

    async def _finish(self) -> Exception | None:
        self._alarm.ring()
        if self._task is not None:
            await asyncio.wait((self._task,), timeout=LONGEST_LEAVING)
            self._task.cancel()
        try:
            await run_async(self._stop(), self._http)
        except Exception as trouble:
            return trouble
        return None

    async def _keep_alive_here(self) -> None:
        try:
            await run_async(self._keep_alive(), self._http)
        except Exception as error:
            self._failed = error
