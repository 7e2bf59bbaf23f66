"""Insight's scanners: who they are, and when they were last used, which the events tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .drawing import Computed, draw, stream
from .proglove_events import DAYS, EventBook, Scanner

__all__ = ["ONLINE_SECONDS", "Scanners"]

ONLINE_SECONDS = 8 * 3600
"""A scanner that was used within so many seconds is shown as online. The vendor's own rule is not known."""

_WEEK = 7 * 86400
_FIRMWARE = ("0.0.1", "0.0.2")

# Serial numbers from the document's samples, one of a list, one of an event.
_SAMPLE_IDS = ("M2MR101000000", "M2MR141204452")


class Scanners:
    """All scanners. The API does not change them, so none is stored.

    Args:
        seed: The same seed makes the same scanners.
        started: When the sandbox started, POSIX seconds.
        count: How many there are.
        gateways: How many gateways they are spread over.
    """

    def __init__(self, seed: int, started: int, count: int, gateways: int) -> None:
        self.count = count
        self._draws = stream(seed, "proglove/scanner")
        self._first_serial = 101000001 + draw(self._draws, -1) % 1000
        self._started = started
        self._gateways = gateways
        self._teams: list[list[Scanner]] = [[] for _ in range(gateways)]
        self._ranks: dict[int, int] = {}
        for number in range(count):
            # One of sixteen is out of service; each gateway has one scanner that is not.
            if number < gateways or draw(self._draws, number) % 16:
                team = self._teams[number % gateways]
                self._ranks[number] = len(team)
                team.append(Scanner(self._id(number), self._firmware(number)))

    def team(self, gateway: int) -> Sequence[Scanner]:
        """The scanners in service at a gateway; one at least."""
        return self._teams[gateway] or self._teams[0]

    def listed(self, events: EventBook, now: int) -> Sequence[dict[str, Any]]:
        """All scanners as the API shows them at a moment, POSIX seconds."""
        end = events.until(now)
        return Computed(self.count, lambda number: self._scanner(number, events, end, now))

    def _id(self, number: int) -> str:
        if number < len(_SAMPLE_IDS):
            return _SAMPLE_IDS[number]
        return f"M2MR{self._first_serial + number * 1013}"

    def _firmware(self, number: int) -> str:
        return _FIRMWARE[draw(self._draws, number) >> 8 & 1 if number > 1 else 0]

    def _scanner(self, number: int, events: EventBook, end: int, now: int) -> dict[str, Any]:
        rank = self._ranks.get(number)
        last = None if rank is None else events.last_of_scanner(number % self._gateways, rank, end)
        drawn = draw(self._draws, number)
        unused = self._started - (DAYS + drawn % 90) * 86400
        used = unused if last is None else events.time(last)
        away = now - used
        return {
            "id": self._id(number),
            "class": "device",
            # Seconds, as on another page of the vendor's; no unit is documented.
            "created": unused - (60 + (drawn >> 16) % 700) * 86400,
            # Milliseconds, because a public script reads it so; no unit is documented.
            "last_activity_time": used * 1000,
            "last_updated": used,
            "battery": drawn % 101 if last is None else events.battery(last),
            "firmware": self._firmware(number),
            "model": "Mark",
            "manufacturer": "Workaround GmbH",
            "status": "INACTIVE" if rank is None else "ACTIVE",
            "state": "ONLINE"
            if away < ONLINE_SECONDS
            else "OFFLINE"
            if away < _WEEK
            else "OFFLINE_FOR_7_DAYS",
            "path": "_",
            "version": 1,
        }
