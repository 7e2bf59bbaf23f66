"""What a stand-in was asked, without anything secret."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from itertools import islice

from ._problems import Problem

__all__ = ["Journal", "JournalEntry"]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One request, or one webhook that was sent; headers, bodies and query values are not kept.

    Attributes:
        vendor: Name of the vendor.
        operation_id: None where no operation fits.
        method: HTTP method.
        path: Path relative to the vendor's server, still percent-encoded, without the query.
        ok: Whether the request was valid.
        problems: What was wrong.
        status: What was answered.
        fault: Kind of the fault that was put in; None for none.
        at: POSIX seconds of the stand-in's clock.
        delivery: Whether the stand-in sent it, as a webhook, and did not get it.
    """

    vendor: str
    operation_id: str | None
    method: str
    path: str
    ok: bool
    problems: tuple[Problem, ...]
    status: int
    fault: str | None = None
    at: float = 0.0
    delivery: bool = False


class Journal:
    """The requests in the order in which they were answered; safe to use from any thread.

    Args:
        limit: Oldest entries beyond this number are dropped.
    """

    def __init__(self, limit: int = 10_000) -> None:
        self._lock = threading.Lock()
        self._entries: deque[JournalEntry] = deque(maxlen=limit)
        self._added = 0

    def add(self, entry: JournalEntry) -> None:
        """Adds an entry."""
        with self._lock:
            self._entries.append(entry)
            self._added += 1

    @property
    def entries(self) -> tuple[JournalEntry, ...]:
        """All entries."""
        with self._lock:
            return tuple(self._entries)

    def latest(self, limit: int) -> list[tuple[int, JournalEntry]]:
        """The last entries, oldest first, each with its number: the first one ever added has 1."""
        with self._lock:
            found = list(islice(reversed(self._entries), limit))
            return list(enumerate(reversed(found), self._added - len(found) + 1))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems of all entries."""
        return tuple(problem for entry in self.entries for problem in entry.problems)

    def operations(self, vendor: str) -> set[str]:
        """Ids of the operations that were called with a valid request."""
        found = (entry for entry in self.entries if entry.vendor == vendor and entry.ok)
        return {entry.operation_id for entry in found if entry.operation_id is not None}

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<Journal, {len(self)} requests>"
