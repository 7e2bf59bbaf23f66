"""When a failed request is sent again, and after how long."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ._errors import ConfigurationError

__all__ = ["RetryPolicy", "read_retries", "retry_after"]

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Bounds of sending again.

    Only operations that may be repeated safely are; on connection errors, 408, 429 and 5xx.

    Attributes:
        attempts: How often a request is sent at most; 1 is never again.
        total_time: Seconds from the first attempt after which none is started.
        backoff: Seconds before the second attempt; doubled each time, with jitter.
        max_backoff: Longest wait of its own accord, in seconds. A longer Retry-After of the cloud is honoured
            as long as it fits into ``total_time``.
    """

    attempts: int = 3
    total_time: float = 120.0
    backoff: float = 0.5
    max_backoff: float = 30.0

    def __post_init__(self) -> None:
        if (
            not isinstance(self.attempts, int)
            or isinstance(self.attempts, bool)
            or self.attempts < 1
        ):
            raise ConfigurationError(f"attempts={self.attempts!r} is not usable; give 1 or more")
        for name in ("total_time", "backoff", "max_backoff"):
            if not is_seconds(getattr(self, name)):
                raise ConfigurationError(
                    f"{name}={getattr(self, name)!r} is not usable; give seconds, 0 or more"
                )

    def delay(self, attempt: int, asked: float | None, elapsed: float) -> float | None:
        """Seconds to wait after a failed attempt, or None to give up.

        Args:
            attempt: How many attempts were made.
            asked: Seconds the cloud asks to wait, if it does.
            elapsed: Seconds since the first attempt began.
        """
        if attempt >= self.attempts:
            return None
        longest = min(self.max_backoff, self.backoff * 2 ** min(attempt - 1, 60))
        # Half fixed, half random: clients that failed together do not come back together.
        wait = asked if asked is not None else longest * (0.5 + random.random() / 2)  # noqa: S311
        return wait if elapsed + wait < self.total_time else None


def is_seconds(value: object) -> bool:
    """Whether a value is a finite number, 0 or more."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value) and value >= 0
    except OverflowError:
        return False


def read_retries(
    retries: int | RetryPolicy | None, default: RetryPolicy, vendor: str
) -> RetryPolicy:
    """A policy from what a user may give: a policy, or how often to try again. Raises ConfigurationError."""
    if retries is None:
        return default
    if isinstance(retries, RetryPolicy):
        return retries
    if not isinstance(retries, int) or isinstance(retries, bool) or retries < 0:
        raise ConfigurationError(
            f"retries={retries!r} is not usable; give 0 or more, or a RetryPolicy", vendor=vendor
        )
    return RetryPolicy(
        attempts=retries + 1,
        total_time=default.total_time,
        backoff=default.backoff,
        max_backoff=default.max_backoff,
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the Retry-After header, given in seconds or as a date; None without a usable one."""
    text = headers.get("retry-after")
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        pass
    else:
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
