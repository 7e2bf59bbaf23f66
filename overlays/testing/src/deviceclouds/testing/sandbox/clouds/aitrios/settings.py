"""Wanted and reported settings: software takes over what is wanted of it a little later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Settings"]

DELAY = 5.0
"""Seconds until software reports what it was told."""


class Settings:
    """Settings of a device or an edge app.

    Args:
        wanted: As they are in the beginning, by property name.
    """

    __slots__ = ("_due", "_reported", "wanted")

    def __init__(self, wanted: dict[str, Any]) -> None:
        self.wanted = wanted
        self._reported = wanted
        self._due = 0.0

    def update(self, changes: Mapping[str, Any], now: float) -> None:
        """Each property that is given takes the place of the old one, with all its fields, as the document has it."""
        self._reported = self.reported(now)
        self.wanted = {**self.wanted, **changes}
        self._due = now + DELAY

    def reported(self, now: float) -> dict[str, Any]:
        """What the software last said of itself."""
        return self.wanted if now >= self._due else self._reported
