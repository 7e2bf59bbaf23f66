"""How often amnimo may be called: 5 requests a second, bursts of 20, and 1,000 tokens a month."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..calls import Refusal

if TYPE_CHECKING:
    from ..world import World

__all__ = ["BURST", "PER_SECOND", "TOKENS_PER_MONTH", "Limits"]

PER_SECOND, BURST = 5, 20
TOKENS_PER_MONTH = 1000


class Limits:
    """The two limits of the one client there is. Not safe by itself: use it under the world's lock.

    Args:
        world: Its clock, and whether limits are kept to.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._left = float(BURST)
        self._looked = (world.clock.now(), time.monotonic())
        self._month = ""
        self.token_calls = 0
        """Calls in :attr:`_month`."""

    def count_request(self) -> None:
        """Counts a request. Raises Refusal for one too many."""
        if not self._world.rate_limits:
            return
        self._left = min(BURST, self._left + PER_SECOND * self._passed())
        if self._left < 1:
            raise Refusal(429, f"more than {PER_SECOND} requests a second or {BURST} at once")
        self._left -= 1

    def count_token(self) -> None:
        """Counts a token. Raises Refusal where the month's are used up."""
        if not self._world.rate_limits:
            return
        # Whose calendar counts is not public: UTC.
        month = f"{self._world.clock.datetime():%Y-%m}"
        if month != self._month:
            self._month, self.token_calls = month, 0
        if self.token_calls >= TOKENS_PER_MONTH:
            # The status is not public: 429, as for other limits.
            raise Refusal(429, f"the {TOKENS_PER_MONTH} tokens of this month are used up")
        self.token_calls += 1

    def _passed(self) -> float:
        """Seconds since the last look: the sandbox's, or real ones where its clock stands still."""
        before, (now, real) = self._looked, (self._world.clock.now(), time.monotonic())
        self._looked = now, real
        jumped = now - before[0]
        # Otherwise a clock that stands still would let in 20 requests and never another one.
        return max(jumped, real - before[1]) if self._world.clock.frozen else jumped
