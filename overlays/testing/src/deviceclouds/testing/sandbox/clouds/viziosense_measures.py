"""What VizioSense's sensors report, and when: computed from the seed, as bodies of webhooks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from .drawing import draw, stream, uuid_at

if TYPE_CHECKING:
    from .viziosense_fleet import Sensor

__all__ = ["KEEPALIVE_SECONDS", "Measures", "Report"]

KEEPALIVE_SECONDS = 600
"""The vendor's page."""
PARKING_SECONDS = 30
"""The vendor's page: at most one payload in so many seconds."""
OTHER_SECONDS = 300
"""Made up: how often the other applications report."""

Report = tuple[float, dict[str, Any] | None]
"""When it is due, POSIX seconds, and the body; None for none."""

_SPOTS = 6
_SAMPLE_SPOTS = ("0c6c4f1e-3b0e-4a64-9d5c-1f7c8f0b2a11", "6d1f0a52-7e3b-4b7f-8a5d-92c0d3e4f512")
_VEHICLES = ("car", "car", "car", "truck")

# A rule fires and clears once in a cycle.
_CYCLE, _FIRES, _CLEARS = 2400, 600, 1500
_COUNTING = {"VCZ": "Zone", "VCB": "Barrier", "VCW": "Platform"}
_TRIGGER, _CLEARING = 40, 30


class Measures:
    """Reports of sensors.

    Args:
        seed: The same seed makes the same reports at the same times.
    """

    def __init__(self, seed: int) -> None:
        self._draws = stream(seed, "viziosense/measures")
        self._spots = stream(seed, "viziosense/spots")
        self._alerts = stream(seed, "viziosense/alerts")
        self._markers = stream(seed, "viziosense/markers")

    def due(self, kind: str, sensor: Sensor, after: float, until: float, most: int) -> list[Report]:
        """The newest reports of a stretch of time, newest first.

        Args:
            kind: ``keepalive``, ``payload`` or ``alert``.
            sensor: Whose.
            after: Reports due then were sent already.
            until: The end of the stretch.
            most: How many at most.
        """
        makers: dict[str, Callable[[Sensor, float, float], Iterator[Report]]] = {
            "keepalive": self._keepalives,
            "payload": self._parking if sensor.application == "VPM" else self._others,
            "alert": self._alerts_of,
        }
        return list(islice(makers[kind](sensor, after, until), most))

    def _ticks(self, sensor: Sensor, every: int, after: float, until: float) -> Iterator[int]:
        """Moments of a sensor, so many seconds apart, newest first."""
        offset = draw(self._draws, sensor.number) % every
        first = math.floor((after - offset) / every)
        for number in range(math.floor((until - offset) / every), first, -1):
            yield offset + number * every

    def _keepalives(self, sensor: Sensor, after: float, until: float) -> Iterator[Report]:
        for tick in self._ticks(sensor, KEEPALIVE_SECONDS, after, until):
            yield tick, None

    def _parking(self, sensor: Sensor, after: float, until: float) -> Iterator[Report]:
        for tick in self._ticks(sensor, PARKING_SECONDS, after, until):
            step = tick // PARKING_SECONDS
            spots = [self._spot(sensor, spot, step) for spot in range(_SPOTS)]
            # Sent when something has changed.
            if any(changed for changed, _ in spots):
                yield tick, _envelope(sensor, tick, "payload", [spot for _, spot in spots])

    def _others(self, sensor: Sensor, after: float, until: float) -> Iterator[Report]:
        for tick in self._ticks(sensor, OTHER_SECONDS, after, until):
            # What these applications send is not known here. Empty on purpose: all else would be made up.
            yield tick, _envelope(sensor, tick, "payload", {})

    def _alerts_of(self, sensor: Sensor, after: float, until: float) -> Iterator[Report]:
        marker = _COUNTING.get(sensor.application)
        if marker is None:
            return
        offset = draw(self._draws, sensor.number) % _CYCLE
        first = math.floor((after - offset) / _CYCLE) - 1
        for cycle in range(math.floor((until - offset) / _CYCLE), first, -1):
            for fires, seconds in ((False, _CLEARS), (True, _FIRES)):
                moment = offset + cycle * _CYCLE + seconds
                if after < moment <= until:
                    alert = self._alert(sensor, marker, cycle, moment, fires)
                    body = _envelope(sensor, moment, "alert", [alert])
                    yield moment, {"version": 1, **body}

    def _spot(self, sensor: Sensor, spot: int, step: int) -> tuple[bool, dict[str, Any]]:
        """Whether a spot has changed in this step, and the spot."""
        position = sensor.number * _SPOTS + spot
        drawn = draw(self._spots, position)
        stays, shift = 8 + drawn % 40, drawn >> 16
        turn, since = divmod(step + shift % stays, stays)
        taken = turn % 2 == 1
        sample = sensor.number == 0 and spot < len(_SAMPLE_SPOTS)
        vehicle = _VEHICLES[draw(self._spots, position + turn) % len(_VEHICLES)]
        return since == 0, {
            "id": _SAMPLE_SPOTS[spot] if sample else uuid_at(self._spots, position),
            "name": f"Level 1, spot {spot + 4}",
            "is_active": taken,
            "deactivated": False,
            "cls": vehicle if taken else None,
            "event_ts": (step - since) * PARKING_SECONDS - drawn % PARKING_SECONDS,
        }

    def _alert(
        self, sensor: Sensor, marker: str, cycle: int, moment: int, fires: bool
    ) -> dict[str, Any]:
        start = self._alerts + sensor.number
        found = {
            "uuid": uuid_at(start, 2 * cycle + (not fires)),
            "rule_summary": {
                "rule": "GREATER_THAN",
                "trigger_value": _TRIGGER,
                "clearing_value": _CLEARING,
            },
            "deviceUuid": sensor.uuid,
            "app_type": sensor.application,
            "actual_value": _TRIGGER + 3 if fires else _CLEARING - 2,
            "timestamp": moment,
            "type": "FIRING" if fires else "CLEARING",
            "state": "LIMIT_REACHED" if fires else "LIMIT_CLEARED",
            "reference_marker": {
                "uuid": uuid_at(self._markers, sensor.number),
                "name": f"{marker} {sensor.number % 4 + 1}",
            },
        }
        return found if fires else {**found, "previous_uuid": uuid_at(start, 2 * cycle)}


def _envelope(sensor: Sensor, moment: int, name: str, content: Any) -> dict[str, Any]:
    return {
        "stream_id": sensor.uuid,
        "type": sensor.application,
        "timestamp": moment,
        name: content,
    }
