"""VizioSense's sensors as they are in the beginning; all are made up, the first stands in the specification too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ..records import Records
from .drawing import draw, stream, uuid_at

if TYPE_CHECKING:
    from ..world import World

__all__ = ["APPLICATIONS", "Fleet", "Sensor"]

APPLICATIONS = ("VPM", "VYD", "VCZ", "VCB", "VCW")
"""Parking, yard, count by zone, count by barrier, crowd: the vendor's own short names."""

GROUPS = ("lobby", "parking", "yard", "platform")
"""Made up: the API filters by group, and shows no group."""

_NAMES = ("Entrance", "Yard", "Hall", "Gate", "Platform")
_SIDES = ("north", "south", "east", "west")
_CITIES = (
    ("Lyon", "France"),
    ("Ghent", "Belgium"),
    ("Porto", "Portugal"),
    ("Graz", "Austria"),
    ("Turin", "Italy"),
    ("Utrecht", "Netherlands"),
)
_SAMPLE = "5f1c2b7e-8f5d-4f43-9a53-0d4c1b2f7a10"
_WRITABLE = ("name", "geo_city", "geo_country")


class Sensor(NamedTuple):
    """What of a sensor never changes.

    Attributes:
        number: Its number.
        uuid: Its id.
        application: What it runs.
        online: Whether it is connected.
    """

    number: int
    uuid: str
    application: str
    online: bool


class Fleet:
    """The sensors.

    Args:
        world: Seed and size.
    """

    def __init__(self, world: World) -> None:
        self._ids = stream(world.seed, "viziosense/sensor")
        self._draws = stream(world.seed, "viziosense/draws")
        self.count = world.count(80)
        self._numbers: dict[str, int] = {self._uuid(n): n for n in range(self.count)}
        self.records = Records(
            self.count, self._record, lambda record: str(record["uuid"]), self._numbers.get
        )

    def sensor(self, number: int) -> Sensor:
        """A sensor by its number."""
        application = APPLICATIONS[number % len(APPLICATIONS)]
        return Sensor(number, self._uuid(number), application, number % 9 != 4)

    def find(self, uuid: str) -> Sensor | None:
        """A sensor by its id; None where there is none."""
        number = self._numbers.get(uuid)
        return None if number is None else self.sensor(number)

    def group(self, uuid: str) -> str:
        """Group of a sensor that is there."""
        return GROUPS[self._numbers[uuid] % len(GROUPS)]

    def shown(self, record: dict[str, Any], now: float) -> dict[str, Any]:
        """A record as the API shows it: its state is looked at each minute."""
        looked = datetime.fromtimestamp(now // 60 * 60, UTC)
        return {**record, "refreshed": f"{looked:%Y-%m-%d %H:%M:%S}"}

    def change(self, uuid: str, wanted: dict[str, Any]) -> dict[str, Any] | None:
        """Changes what can be changed. The rest is left as it is: how the cloud takes it is not known."""
        values = {name: wanted[name] for name in _WRITABLE if name in wanted}
        return self.records.change(uuid, **values)

    def _uuid(self, number: int) -> str:
        return _SAMPLE if number == 0 else uuid_at(self._ids, number)

    def _record(self, number: int) -> dict[str, Any]:
        city, country = _CITIES[draw(self._draws, number) % len(_CITIES)] if number else _CITIES[0]
        name, side = _NAMES[number % len(_NAMES)], _SIDES[number // len(_NAMES) % len(_SIDES)]
        block = number // (len(_NAMES) * len(_SIDES))
        return {
            "uuid": self._uuid(number),
            "name": f"{name} {side}" + (f" {block + 1}" if block else ""),
            "client_identifier": f"site-{12 + number // 4}",
            "refreshed": "",
            "is_online": int(self.sensor(number).online),
            "geo_city": city,
            "geo_country": country,
        }
