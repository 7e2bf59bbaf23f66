"""Insight's events: computed from their numbers, so that 200,000 of them cost nothing and a window is arithmetic."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .drawing import draw, stream, uuid_at

__all__ = ["CYCLE", "DAYS", "EventBook", "Place", "Scanner"]

DAYS = 30
"""Age of the oldest computed event when the sandbox starts, in days."""

CYCLE = 6
"""Events one scanner makes in a row: a start barcode, three articles, a measurement, an end barcode."""

_MEASUREMENT, _END = 4, 5

# The document's sample: it happened in 2019, and keeps its id, its time and its barcode.
_SAMPLE_IDS = ("497f6eca-6276-4993-bfeb-53cbbbba6f08", "0b2c4f6e-1c1d-4b35-9e0e-0d6c8e4f2a11")
_SAMPLE_CODES = ("1234567890", "5678567890")
_SAMPLE_TIME = 1557220259
_SAMPLES = len(_SAMPLE_IDS)

# The values of this field are not documented, apart from the sample's QR_CODE.
_SYMBOLOGIES = ("QR_CODE", "CODE_128", "EAN_13", "DATA_MATRIX")


class Scanner(NamedTuple):
    """What events tell about a scanner."""

    id: str
    firmware: str


_SAMPLE_SCANNER = Scanner("M2MR141204452", "0.0.1")


class Place(NamedTuple):
    """What events tell about a gateway, the barcodes of the jobs done there, and the scanners used there."""

    gateway_id: str
    usecase: str
    station: str
    start_barcode: str
    end_barcode: str
    scanners: Sequence[Scanner]


class EventBook:
    """All events by number, oldest first: the document's two samples, then one every few seconds, without an end.

    Args:
        seed: The same seed makes the same events.
        started: When the sandbox started, POSIX seconds.
        count: How many events there are then.
        places: The gateways events come through.
    """

    def __init__(self, seed: int, started: float, count: int, places: Sequence[Place]) -> None:
        self._numbers = stream(seed, "proglove/event")
        self._ids = stream(seed, "proglove/event id")
        self._times = stream(seed, "proglove/event time")
        self._origin = int(started) - DAYS * 86400
        self._step = DAYS * 86400 / max(1, count - _SAMPLES)
        self._sample_time = min(_SAMPLE_TIME, self._origin - 10)
        self.places = places
        self._lay_out(random.Random(seed))  # noqa: S311  # no secret

    def _lay_out(self, chance: random.Random) -> None:
        """Deals the events out to the gateways in rounds, some gateways more than once a round."""
        round_ = [number for number in range(len(self.places)) for _ in range(1 + number % 4)]
        chance.shuffle(round_)
        self._seats: list[list[int]] = [[] for _ in self.places]
        self._round: list[tuple[int, int]] = []
        for seat, number in enumerate(round_):
            self._round.append((number, len(self._seats[number])))
            self._seats[number].append(seat)

    def time(self, number: int) -> int:
        """When an event happened, POSIX seconds; a later event never has an earlier time."""
        if number < _SAMPLES:
            return self._sample_time + number
        position = number - _SAMPLES
        share = draw(self._times, position) / (1 << 64)
        return int(self._origin + (position + share) * self._step)

    def until(self, moment: int) -> int:
        """How many events happened at a second or before; so also the number of the first one after it."""
        if moment < self._sample_time + _SAMPLES:
            return max(0, moment - self._sample_time + 1)
        if moment < self._origin:
            return _SAMPLES
        # Times are cut to whole seconds; and an event lies anywhere in its step, so the last ones may be later.
        number = _SAMPLES + int((moment + 1 - self._origin) / self._step) + 1
        while number > _SAMPLES and self.time(number - 1) > moment:
            number -= 1
        return number

    def event(self, number: int) -> dict[str, Any]:
        """An event as the API shows it."""
        place, scanner, phase = self._whereabouts(number)
        drawn = draw(self._numbers, number)
        found: dict[str, Any] = {
            "id": self.id(number),
            "class": "event",
            "type": "telemetry" if phase == _MEASUREMENT else "scan",
            # Seconds, as in the document's sample; no unit is documented.
            "created": self.time(number),
        }
        code = self.code(number)
        if code is not None:
            found["scan_code"] = code
            found["scan_duration"] = round(0.2 + (drawn >> 8 & 1023) / 400, 2)
            found["scan_decode_symbology"] = _SYMBOLOGIES[drawn >> 18 & 3]
        return {
            **found,
            "device_id": scanner.id,
            "device_battery": self.battery(number),
            "device_firmware": scanner.firmware,
            "device_temperature": 20 + (drawn >> 28 & 15),
            "gateway_id": place.gateway_id,
            "gateway_usecase": place.usecase,
            "gateway_station": place.station,
        }

    def id(self, number: int) -> str:
        """Identifier of an event."""
        return _SAMPLE_IDS[number] if number < _SAMPLES else uuid_at(self._ids, number)

    def battery(self, number: int) -> int:
        """Charge of the scanner at an event, in percent."""
        return 5 + draw(self._numbers, number) % 96

    def code(self, number: int) -> str | None:
        """The scanned barcode; None for a measurement."""
        if number < _SAMPLES:
            return _SAMPLE_CODES[number]
        place, _, phase = self._whereabouts(number)
        if phase == _MEASUREMENT:
            return None
        digits = f"{draw(self._numbers, number) >> 32 & 0xFFFFF:07d}"
        if phase == 0:
            return place.start_barcode + digits
        return (place.end_barcode if phase == _END else "ARTICLE-") + digits

    def of_gateway(self, gateway: int, first: int, end: int) -> Iterator[int]:
        """Numbers of one gateway's events from ``first`` up to but not including ``end``, newest first."""
        low = self.count_of(gateway, first)
        for ordinal in range(self.count_of(gateway, end) - 1, low - 1, -1):
            yield self.number_of(gateway, ordinal)
        if gateway == 0:
            yield from range(min(end, _SAMPLES) - 1, first - 1, -1)

    def count_of(self, gateway: int, end: int) -> int:
        """How many events before a number came through a gateway; samples are not counted."""
        rounds, rest = divmod(max(0, end - _SAMPLES), len(self._round))
        seats = self._seats[gateway]
        return rounds * len(seats) + bisect_left(seats, rest)

    def number_of(self, gateway: int, ordinal: int) -> int:
        """Number of a gateway's event, counted from its first one that is no sample."""
        seats = self._seats[gateway]
        round_, seat = divmod(ordinal, len(seats))
        return _SAMPLES + round_ * len(self._round) + seats[seat]

    def last_of_scanner(self, gateway: int, rank: int, end: int) -> int | None:
        """Number of the last event before ``end`` of a gateway's scanner of that rank; None without one."""
        newest = self.count_of(gateway, end) - 1
        turn = newest // CYCLE
        back = (turn - rank) % len(self.places[gateway].scanners)
        if newest < 0 or back > turn:
            return None
        ordinal = newest if back == 0 else (turn - back) * CYCLE + CYCLE - 1
        return self.number_of(gateway, ordinal)

    def _whereabouts(self, number: int) -> tuple[Place, Scanner, int]:
        """Gateway, scanner, and the place of an event in the scanner's cycle."""
        if number < _SAMPLES:
            return self.places[0], _SAMPLE_SCANNER, 0 if number == 0 else _END
        round_, seat = divmod(number - _SAMPLES, len(self._round))
        gateway, rank = self._round[seat]
        turn, phase = divmod(round_ * len(self._seats[gateway]) + rank, CYCLE)
        place = self.places[gateway]
        return place, place.scanners[turn % len(place.scanners)], phase
