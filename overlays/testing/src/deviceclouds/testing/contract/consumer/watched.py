"""A sandbox that tells of each call, whatever becomes of its journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..._journal import Journal, JournalEntry
from ...sandbox.sandbox import Sandbox

__all__ = ["WatchedSandbox"]


class _ToldJournal(Journal):
    def __init__(self, tell: Callable[[JournalEntry], None]) -> None:
        super().__init__()
        self._tell = tell

    def add(self, entry: JournalEntry) -> None:
        super().add(entry)
        self._tell(entry)


class WatchedSandbox(Sandbox):
    """A sandbox whose calls are told to somebody, beyond resets and the journal's limit.

    Args:
        vendors: Names of the vendors.
        tell: Gets each call.
        **options: Arguments of the sandbox.
    """

    def __init__(
        self, vendors: Iterable[str], tell: Callable[[JournalEntry], None], **options: Any
    ) -> None:
        self._tell = tell
        super().__init__(vendors, **options)

    def _build(self) -> None:
        super()._build()
        self.world.journal = _ToldJournal(self._tell)
