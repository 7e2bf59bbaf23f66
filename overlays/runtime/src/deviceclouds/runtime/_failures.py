"""What a failed sign-in means for those who wait for it, and for those who come next."""

from __future__ import annotations

from copy import copy

from ._errors import AuthenticationError, DeviceCloudError

__all__ = ["Failures"]

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
"""Seconds without another try after one that must not be repeated at will; doubled each time, up to the second."""


class Failures:
    """Remembers the last failure of a kind of call that many wait for.

    Who waited while it failed gets the same failure: fifty threads must not fail one after the other. Refused
    credentials are refused again at once for some seconds: each further try could lock the account.

    Args:
        strict: Whether all failures are treated like refused credentials, because tries are counted.
    """

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._last: DeviceCloudError | None = None
        self._pause = FIRST_PAUSE
        self._quiet_until: float | None = None
        self.count = 0

    def check(self, seen: int, now: float) -> None:
        """Raises the last failure where it holds for this caller too.

        Args:
            seen: What :attr:`count` was when the caller began to wait.
            now: Seconds of a monotonic clock.
        """
        last = self._last
        if last is None:
            return
        quiet = 0.0 if self._quiet_until is None else self._quiet_until - now
        if self.count == seen and quiet <= 0:
            return
        again = copy(last)
        again.__cause__ = last.__cause__
        if self.count == seen:
            again.message = f"{last.message} (not tried again for another {quiet:.0f} s)"
            again.attempts = 0
        raise again

    def add(self, error: DeviceCloudError, now: float) -> None:
        """Remembers a failure."""
        # A copy: the error itself keeps its frames alive.
        self._last = copy(error)
        self._last.__cause__ = error.__cause__
        if self._strict or isinstance(error, AuthenticationError):
            self._quiet_until = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        else:
            self._quiet_until = None
        self.count += 1

    def clear(self) -> None:
        """Forgets: it has worked."""
        self._last, self._pause, self._quiet_until = None, FIRST_PAUSE, None
