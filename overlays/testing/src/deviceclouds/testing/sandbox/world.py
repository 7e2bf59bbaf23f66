"""What a sandbox holds, beside the vendors' own records: time, tokens, faults, files, counters."""

from __future__ import annotations

import threading
from collections import deque

from .._journal import Journal
from .clock import SandboxClock
from .faults import Faults
from .storage import Storage
from .tokens import TokenDesk

__all__ = ["World"]

HOST = "http://sandbox.test"
"""Scheme and host of a sandbox in this process; nothing is looked up, the ending is reserved."""


class World:
    """Everything that is shared by the clouds of one sandbox.

    Args:
        seed: The same seed makes the same records, tokens and faults.
        size: Factor on the number of records, from 0 (almost none) to 1 (fleets of realistic size).
        rate_limits: Whether vendors' rate limits are kept to.
        clock: Its time.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        size: float = 1.0,
        rate_limits: bool = True,
        clock: SandboxClock | None = None,
    ) -> None:
        if not 0 <= size <= 10:
            raise ValueError(f"size={size!r}: give 0 to 10")
        self.seed = seed
        self.size = size
        self.rate_limits = rate_limits
        self.clock = clock or SandboxClock()
        self.started = self.clock.now()
        self.tokens = TokenDesk(self.clock, seed)
        self.faults = Faults(seed)
        self.storage = Storage(self.clock, seed)
        self.journal = Journal()
        self.lock = threading.RLock()
        self.own_problems: deque[tuple[str, str, str]] = deque(maxlen=100)
        """Replies of the sandbox itself that broke a specification: vendor, operation, what was wrong."""

    def count(self, full: int, least: int = 3) -> int:
        """How many records of a kind there are, where a full-size sandbox has ``full``."""
        return max(least, round(full * self.size))

    def storage_origin(self, origin: str) -> str:
        """Scheme, host and port of stored files: another host name in process, the same one over sockets."""
        return "http://storage.sandbox.test" if origin == HOST else origin
