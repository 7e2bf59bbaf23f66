"""A bound of requests a second on our side, so that the cloud need not refuse any. pyrate-limiter does the counting."""

from __future__ import annotations

import math
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from ._effects import Blocking, Flow, Sleep
from ._errors import ConfigurationError
from ._gate import Gate
from ._holding import HoldGate

if TYPE_CHECKING:
    from ._clock import Clock
    from ._flow import CallPlan

__all__ = ["Limiter", "RateLimit", "read_rate_limit"]


LARGEST = sys.float_info.max


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many requests a client sends at most: a bucket of ``burst`` that refills at ``per_second``.

    Attributes:
        per_second: Requests a second in the long run.
        burst: Requests that may go out at once after a pause; 1 or more.
        redis: A ``redis.Redis`` client, to share the bound with other processes and machines; None for this client
            alone.
        key: Name of the bucket in Redis.
    """

    per_second: float
    burst: int = 1
    redis: Any = field(default=None, repr=False)
    key: str = "deviceclouds"

    def __post_init__(self) -> None:
        rate, burst = self.per_second, self.burst
        if not isinstance(rate, int | float) or isinstance(rate, bool) or not 0 < rate <= LARGEST:
            raise ConfigurationError(f"per_second={rate!r} is not usable; give a number above 0")
        if not isinstance(burst, int) or isinstance(burst, bool) or burst < 1:
            raise ConfigurationError(f"burst={burst!r} is not usable; give 1 or more")


class Limiter:
    """Keeps the requests of one client to a rate; who has to wait does so in turn."""

    def __init__(self, limit: RateLimit, vendor: str) -> None:
        self._limit = limit
        self._vendor = vendor
        self._shared = limit.redis is not None
        self._gate = Gate()
        self._forget()

    def _forget(self) -> None:
        self._process = os.getpid()
        self._opening = threading.Lock()
        self._check: Callable[[int], float] | None = None

    def lets_in(self, clock: Clock) -> bool:
        """Whether a request may go out at once; then it counts. If not, :meth:`admit` says when."""
        return not self._shared and not self._gate.is_held and self._take(clock) <= 0

    def admit(self, plan: CallPlan) -> Flow[None]:
        """Ends when the next request may go out."""
        # Who comes while others wait goes behind them, not past them.
        if self._gate.is_held or (yield from self._wait_for(plan.clock)) > 0:
            yield HoldGate(self._gate, partial(self._in_turn, plan))

    def _in_turn(self, plan: CallPlan) -> Flow[None]:
        # Those behind wait for the gate: nobody asks again before somebody could get in.
        while (wait := (yield from self._wait_for(plan.clock))) > 0:
            if plan.watch is not None:
                plan.watch.waiting(wait, "rate limit")
            yield Sleep(wait)

    def _wait_for(self, clock: Clock) -> Flow[float]:
        wait: float
        if self._shared:
            wait = yield Blocking(partial(self._take, clock))
        else:
            wait = self._take(clock)
        return wait

    def _take(self, clock: Clock) -> float:
        """0 if a request may go out now, else the seconds until one may."""
        if self._process != os.getpid():
            # A lock that another thread held while the process forked is never released in the child.
            self._forget()
        check = self._check or self._first_check()
        return check(int((clock.wall() if self._shared else clock.now()) * 1000))

    def _first_check(self) -> Callable[[int], float]:
        with self._opening:  # two buckets would let twice the burst through
            if self._check is None:
                self._check = self._open()
            return self._check

    def _open(self) -> Callable[[int], float]:
        try:
            from pyrate_limiter import InMemoryStateStore, Rate, TokenBucket
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                "rate_limit needs the library pyrate-limiter; install the extra [limits] of deviceclouds-runtime,"
                " or pass rate_limit=None",
                vendor=self._vendor,
            ) from error
        rates = [_rate(Rate, self._limit)]
        algorithm = TokenBucket()
        store: Any = InMemoryStateStore()
        if self._shared:
            from pyrate_limiter import RedisStateStore

            store = RedisStateStore(self._limit.redis, f"{self._limit.key}:{self._vendor}")

        def check(now: int) -> float:
            try:
                decision = store.check(algorithm, rates, now, 1)
            except Exception as error:
                if not self._shared:
                    raise
                raise ConfigurationError(
                    f"the Redis of rate_limit cannot be used ({type(error).__name__}); start it,"
                    " or leave redis= out",
                    vendor=self._vendor,
                ) from None
            return 0.0 if decision.allowed else max(1, decision.retry_after_ms or 1) / 1000

        return check


def _rate(rate: Any, limit: RateLimit) -> Any:
    per_second = limit.per_second
    if float(per_second).is_integer():
        return rate(int(per_second), 1000, burst=limit.burst)
    # In whole milliseconds, as the library counts, and never faster than asked for.
    return rate(1_000, math.ceil(1_000_000 / per_second), burst=limit.burst)


def read_rate_limit(limit: RateLimit | None, vendor: str) -> Limiter | None:
    """The limiter of a client. Raises ConfigurationError for what is no :class:`RateLimit`."""
    if limit is None:
        return None
    if not isinstance(limit, RateLimit):
        raise ConfigurationError(
            f"rate_limit={limit!r} is not usable; give RateLimit(per_second, burst), or None for none",
            vendor=vendor,
        )
    return Limiter(limit, vendor)
