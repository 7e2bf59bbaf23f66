"""Keeps a run's requests apart, and knows when a cloud asks to wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..results import ContractRunError

if TYPE_CHECKING:
    from deviceclouds.runtime._clock import Clock

__all__ = ["LONGEST_WAIT", "Pacer"]

LONGEST_WAIT = 60.0
"""Seconds; who asks for a longer wait is not asked again."""


class Pacer:
    """Spreads requests evenly.

    Args:
        rate: Requests a second; ``inf`` for no bound.
        clock: What tells the time and waits.

    Raises:
        ContractRunError: The rate is not above 0.
    """

    def __init__(self, rate: float, clock: Clock) -> None:
        if not isinstance(rate, int | float) or isinstance(rate, bool) or not rate > 0:
            raise ContractRunError(f"rate is {rate!r}; give requests a second, above 0")
        self._gap = 1.0 / rate
        self._clock = clock
        self._next: float | None = None

    def wait(self) -> None:
        """Waits until the next request may leave."""
        now = self._clock.now()
        if self._next is not None and now < self._next:
            self._clock.sleep(self._next - now)
            now = max(self._clock.now(), self._next)
        self._next = now + self._gap

    def rest(self, headers: Mapping[str, str]) -> bool:
        """Waits as long as a reply asks; False, at once, where it does not say or asks for too much."""
        from deviceclouds.runtime._retry import retry_after

        seconds = retry_after(headers)
        if seconds is None or seconds > LONGEST_WAIT:
            return False
        self._clock.sleep(seconds)
        return True
