"""The sandbox's time: it runs, stands still, and jumps forward when told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["SandboxClock"]


class SandboxClock:
    """A calendar of its own; safe to use from any thread.

    Args:
        start: Where it begins, POSIX seconds; now if left out.
        frozen: Whether it stands still until told otherwise.
    """

    def __init__(self, start: float | None = None, *, frozen: bool = False) -> None:
        self.on_advance: list[Callable[[], None]] = []
        """Called after each jump, by whoever let it jump."""
        self._lock = threading.Lock()
        self._base = time.time() if start is None else start
        self._since: float | None = None if frozen else time.monotonic()

    def now(self) -> float:
        """POSIX seconds."""
        since = self._since
        return self._base if since is None else self._base + time.monotonic() - since

    def datetime(self) -> datetime:
        """The same as a datetime, UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._since is None

    def advance(self, seconds: float) -> None:
        """Jumps forward. Raises ValueError for a step back."""
        if not seconds >= 0:
            raise ValueError("the sandbox's clock only goes forward")
        with self._lock:
            self._base += seconds
        for look in self.on_advance:
            look()

    def freeze(self) -> None:
        """Lets it stand still."""
        with self._lock:
            self._base, self._since = self.now(), None

    def resume(self) -> None:
        """Lets it run."""
        with self._lock:
            if self._since is None:
                self._since = time.monotonic()
