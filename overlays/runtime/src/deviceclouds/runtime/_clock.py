"""Time, in one place, so that tests can bring their own."""

from __future__ import annotations

import time
from typing import Protocol

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """A monotonic clock that can wait, and a calendar that may jump."""

    def now(self) -> float:
        """Seconds from some fixed moment; never goes back."""
        ...

    def wall(self) -> float:
        """POSIX seconds, for moments that other processes must understand too."""
        ...

    def sleep(self, seconds: float) -> None:
        """Waits, blocking."""
        ...

    async def sleep_async(self, seconds: float) -> None:
        """Waits on the event loop."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        # Imported here: a sync program need not load asyncio for it.
        import asyncio

        await asyncio.sleep(seconds)
