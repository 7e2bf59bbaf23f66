"""The clock of a sandbox's clients: where they would wait, the sandbox's time moves instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .sandbox import Sandbox

__all__ = ["ClientClock"]


class ClientClock:
    """A clock for ``clock=`` of a client. Waiting costs no time: it lets the sandbox's clock jump.

    Args:
        sandbox: Whose time it follows.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def now(self) -> float:
        """Seconds; never goes back, as the sandbox's time does not, but for a reset."""
        return self._sandbox.clock.now()

    def wall(self) -> float:
        """POSIX seconds of the sandbox."""
        return self._sandbox.clock.now()

    def sleep(self, seconds: float) -> None:
        """Moves the sandbox's clock."""
        self._sandbox.clock.advance(max(0.0, seconds))

    async def sleep_async(self, seconds: float) -> None:
        """Moves the sandbox's clock, and lets other tasks run."""
        import asyncio

        self.sleep(seconds)
        await asyncio.sleep(0)
