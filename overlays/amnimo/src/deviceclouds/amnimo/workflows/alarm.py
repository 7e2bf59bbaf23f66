"""A wait that ends early when a playback is left."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deviceclouds.runtime._clock import Clock
    from deviceclouds.runtime._http import AsyncHttp, SyncHttp

__all__ = ["Alarm", "Wait"]


class Alarm:
    """Wakes a waiting thread or task; rung once, for good. A task has to be rung for on its own event loop."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung = False
        self._sleeping: asyncio.Future[None] | None = None

    def ring(self) -> None:
        """Ends the wait, and all later ones at once."""
        with self._changed:
            self._rung = True
            self._changed.notify_all()
        if self._sleeping is not None:
            self._sleeping.cancel()

    def look(self) -> None:
        """Makes who waits look at the clock again, for a clock that is set rather than running."""
        with self._changed:
            self._changed.notify_all()

    def wait(self, seconds: float, clock: Clock) -> bool:
        """Waits for a number of seconds, or until it rings. Gives whether it rang."""
        until = clock.now() + seconds
        with self._changed:
            while not self._rung and (left := until - clock.now()) > 0:
                self._changed.wait(left)
            return self._rung

    async def wait_async(self, seconds: float, clock: Clock) -> bool:
        """See :meth:`wait`."""
        if not self._rung:
            self._sleeping = asyncio.ensure_future(clock.sleep_async(seconds))
            try:
                await asyncio.wait((self._sleeping,))
                if not self._sleeping.cancelled():
                    self._sleeping.result()
            finally:
                self._sleeping.cancel()
        return self._rung


class Wait:
    """An effect: waits for a number of seconds; the result is whether the alarm rang before."""

    __slots__ = ("_alarm", "_seconds")

    def __init__(self, alarm: Alarm, seconds: float) -> None:
        self._alarm = alarm
        self._seconds = max(0.0, seconds)

    def run(self, http: SyncHttp) -> bool:
        return self._alarm.wait(self._seconds, http.clock)

    async def run_async(self, http: AsyncHttp) -> bool:
        return await self._alarm.wait_async(self._seconds, http.clock)
