"""The seed of the Console's devices: how many there are, what they are called, and how they behave.

A few of the first ones have a character that is the same for every seed:

- number 4 is switched off: commands to it end with 408, and nothing can be deployed to it;
- number 5 is connected, but answers no command in time (408);
- number 6 answers every command with an error (``WARNING``);
- number 7 fails each deployment;
- number 8 puts JSON into its inference results in place of FlatBuffers.

Among the others, each of these befalls some.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ..drawing import draw, stream

if TYPE_CHECKING:
    from ...world import World

__all__ = ["ENROLLED", "PEOPLE", "Character", "Fleet"]

ENROLLED = 0x100000
"""Devices that users enroll have numbers from here on."""

PEOPLE = ("00u1a2b3c4d5e6f7g8h9", "00u2b3c4d5e6f7g8h9i0", "00u3c4d5e6f7g8h9i0j1", "sys_user")
"""Ids of users who made or changed something."""

_NAMED = {0: "north-door", 1: "south-door", 2: "Camera at the door", 3: "Camera at the gate"}
_IDS = {2: "device_123", 3: "device_456"}
_PLACES = (
    "entrances", "loading-dock", "warehouse", "checkout", "parking", "line-a", "line-b", "corridor", "yard", "canteen",
)  # fmt: skip
_SPOTS = ("north", "east", "south", "west", "upper", "lower", "inner", "outer")


class Character(Enum):
    """How a device behaves."""

    PLAIN = "plain"
    OFF = "off"
    SLOW = "slow"
    ERRORS = "errors"
    FAILS_DEPLOYS = "fails deploys"
    JSON = "json"


_FIRST = {
    4: Character.OFF,
    5: Character.SLOW,
    6: Character.ERRORS,
    7: Character.FAILS_DEPLOYS,
    8: Character.JSON,
}


class Fleet:
    """Numbers and words of what is there from the start; a device has a number from 0 on.

    Args:
        world: Seed, size and start.
    """

    def __init__(self, world: World) -> None:
        self.seed = world.seed
        self.started = world.started
        # Records are dated by whole hours, so that two sandboxes of one seed mostly agree.
        self.epoch = int(world.started) // 3600 * 3600
        self.devices = world.count(1250, 12)
        self.groups = world.count(40, 4)
        self._draws = stream(world.seed, "aitrios/devices")

    def draw(self, kind: str, position: int) -> int:
        """The number at a position of a stream of its own."""
        return draw(stream(self.seed, f"aitrios/{kind}"), position)

    def character(self, number: int) -> Character:
        """How a device behaves."""
        if number < 12 or number >= ENROLLED:
            return _FIRST.get(number, Character.PLAIN)
        chance = draw(self._draws, number) % 1000
        for limit, found in (
            (75, Character.OFF),
            (80, Character.SLOW),
            (85, Character.ERRORS),
            (120, Character.FAILS_DEPLOYS),
            (220, Character.JSON),
        ):
            if chance < limit:
                return found
        return Character.PLAIN

    def device_id(self, number: int) -> str:
        """Id of a device."""
        return _IDS.get(number) or f"Aid-80010001-0000-2000-9002-{number + 1:012x}"

    def internal_id(self, number: int) -> str:
        """Id by which the Console knows a device itself."""
        return f"7805bb40-2ac9-11f0-a36d-{number + 1:012x}"

    def module_id(self, number: int) -> str:
        """Id of the edge app's module on a device."""
        return f"b8d57d00-ba85-4fd0-b78a-{number + 1:012x}"

    def module_number(self, module_id: str) -> int | None:
        """The device's number of a module's id; None where no device can have it."""
        front, _, last = module_id.rpartition("-")
        if front != "b8d57d00-ba85-4fd0-b78a" or len(last) != 12:
            return None
        try:
            return int(last, 16) - 1
        except ValueError:
            return None

    def device_name(self, number: int) -> str:
        """Name of a device; no two have the same."""
        if number in _NAMED:
            return _NAMED[number]
        spot = _SPOTS[draw(self._draws, number) // 1000 % len(_SPOTS)]
        return f"{self.group_id(number % self.groups)}-{spot}-{number:04d}"

    def description(self, number: int) -> str:
        """What is noted about a device."""
        if number == 0:
            return "Above the north door"
        spot = _SPOTS[draw(self._draws, number) // 1000 % len(_SPOTS)]
        return f"{spot.capitalize()} side, {_PLACES[number % self.groups % len(_PLACES)]}"

    def group_id(self, number: int) -> str:
        """Id of a group, which is its name."""
        place, turn = _PLACES[number % len(_PLACES)], number // len(_PLACES)
        return f"{place}-{turn + 1}" if turn else place

    def enrolled_at(self, number: int) -> float:
        """When a device was enrolled, POSIX seconds."""
        if number == 0:
            return 1746570524.088455  # as in the specification's example
        return float(self.epoch - 86400 * (60 + draw(self._draws, number) // 7 % 600))
