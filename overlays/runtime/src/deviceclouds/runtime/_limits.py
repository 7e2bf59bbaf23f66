"""A bound of requests a second on our side, so that the cloud need not refuse any. pyrate-limiter does the counting."""

from __future__ import annotations

import math
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
        if not isinstance(rate, int | float) or isinstance(rate, bool) or not 0 < rate < math.inf:
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
        self._check: Callable[[int], float] | None = None

    def admit(self, plan: CallPlan) -> Flow[None]:
        """Ends when the next request may go out."""
        wait = (yield from self._ask(plan.clock)) if self._shared else self._take(plan.clock)
        if wait > 0:
            yield HoldGate(self._gate, partial(self._in_turn, plan, wait))

    def _in_turn(self, plan: CallPlan, wait: float) -> Flow[None]:
        # Those behind wait for the gate: nobody asks again before somebody could get in.
        while wait > 0:
            if plan.watch is not None:
                plan.watch.waiting(wait, "rate limit")
            yield Sleep(wait)
            wait = (yield from self._ask(plan.clock)) if self._shared else self._take(plan.clock)

    def _ask(self, clock: Clock) -> Flow[float]:
        wait: float = yield Blocking(partial(self._take, clock))
        return wait

    def _take(self, clock: Clock) -> float:
        """0 if a request may go out now, else the seconds until one may."""
        check = self._check
        if check is None:
            check = self._check = self._open()
        return check(int((clock.wall() if self._shared else clock.now()) * 1000))

    def _open(self) -> Callable[[int], float]:
        try:
            from pyrate_limiter import InMemoryStateStore, Rate, TokenBucket
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                "rate_limit needs the library pyrate-limiter; install the extra [limits] of deviceclouds-runtime,"
                " or pass rate_limit=None",
                vendor=self._vendor,
            ) from error
        # In whole milliseconds, as the library counts: 0.4 a second is 1 in 2,500.
        rates = [_rate(Rate, self._limit)]
        algorithm = TokenBucket()
        store: Any = InMemoryStateStore()
        if self._shared:
            from pyrate_limiter import RedisStateStore

            store = RedisStateStore(self._limit.redis, f"{self._limit.key}:{self._vendor}")

        def check(now: int) -> float:
            decision = self._decide(store, algorithm, rates, now)
            return 0.0 if decision.allowed else max(1, decision.retry_after_ms or 1) / 1000

        return check

    def _decide(self, store: Any, algorithm: Any, rates: Any, now: int) -> Any:
        try:
            return store.check(algorithm, rates, now, 1)
        except Exception as error:
            if not self._shared:
                raise
            raise ConfigurationError(
                f"the Redis of rate_limit cannot be used ({type(error).__name__}); start it, or leave redis= out",
                vendor=self._vendor,
            ) from None


def _rate(rate: Any, limit: RateLimit) -> Any:
    per_second = limit.per_second
    if float(per_second).is_integer():
        return rate(int(per_second), 1000, burst=limit.burst)
    return rate(1, max(1, round(1000 / per_second)), burst=limit.burst)


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
