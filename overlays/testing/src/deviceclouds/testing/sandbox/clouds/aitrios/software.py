"""Firmware, edge apps and uploaded files, as they are in the beginning."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..drawing import draw, stream, uuid_at
from .times import stamp

if TYPE_CHECKING:
    from ...world import World
    from .fleet import Fleet

__all__ = ["BROKEN", "AppVersion", "Firmware", "Software", "UploadedFile"]

COMPILES_FOR = 120.0
"""Seconds until an edge app is compiled."""

BROKEN = "broken"
"""Files with this word in their names cannot be converted or compiled: for those who want to see how that looks."""

_APPS = ("people_counter", "edge_app_od", "heat_map", "queue_alarm", "shelf_watch", "helmet_watch")

# The specification's examples of registering operations name these files: they are there for each of them.
_SAMPLE_FILES = {
    "10dd852a-a9b5-460a-a2a8-e89657f83c01": "package.zip",
    "3f2b8c1e-7d0a-4f3c-9a44-0d6f1c2b3a01": "person.tflite",
    "3f2b8c1e-7d0a-4f3c-9a44-0d6f1c2b3a02": "dcpu.bin",
    "3f2b8c1e-7d0a-4f3c-9a44-0d6f1c2b3a03": "bundle.zip",
}


@dataclass(slots=True)
class UploadedFile:
    """A file; its kind is None where it will do for anything."""

    file_id: str
    name: str
    kind: str | None
    size: int


@dataclass(slots=True)
class Firmware:
    """A software package for devices.

    Attributes:
        common: Of the vendor's own, which nobody can delete.
        has_file: Whether its file is still there.
    """

    firmware_id: str
    version: str
    description: str
    ins_id: str
    created: float
    common: bool = False
    has_file: bool = True

    def shown(self) -> dict[str, Any]:
        """As replies have it."""
        return {
            "firmware_id": self.firmware_id,
            "firmware_type": "edge_system_sw_package",
            "firmware_version": self.version,
            "description": self.description,
            "ins_id": self.ins_id,
            "ins_date": stamp(self.created),
            "upd_id": self.ins_id,
            "upd_date": stamp(self.created),
            "target_device_types": ["03"],
        }


@dataclass(slots=True)
class AppVersion:
    """A version of an edge app; ``created`` in POSIX seconds."""

    name: str
    number: str
    description: str
    created: float
    fails: bool = False
    file_id: str | None = None

    def state(self, now: float) -> str:
        """Whether it is compiled: never at once."""
        since = now - self.created
        if since < 2:
            return "before_compile"
        if since < COMPILES_FOR:
            return "compiling"
        return "failed" if self.fails else "compiled"

    def shown(self, now: float, deploys: int) -> dict[str, Any]:
        """As replies have it."""
        state = self.state(now)
        done = min(now, self.created + COMPILES_FOR)
        return {
            "app_version": self.number,
            "root_dtmi": f"dtmi:com:example:{self.name};1",
            "compiled_flg": state == "compiled",
            "status": state,
            "description": self.description,
            "deploy_count": deploys,
            "ins_id": "user_1",
            "ins_date": stamp(self.created),
            "upd_id": "user_1",
            "upd_date": stamp(done),
        }


class Software:
    """All of it.

    Args:
        world: Seed and size.
        fleet: The hour the records are dated by.
    """

    def __init__(self, world: World, fleet: Fleet) -> None:
        self._fleet = fleet
        self._counts = world.count(12, 5), world.count(12, 4)
        self._ids = stream(world.seed, "aitrios/software")
        self._made = 0

    @cached_property
    def firmwares(self) -> dict[str, Firmware]:
        """Packages by id."""
        return {one.firmware_id: one for one in map(self._firmware, range(self._counts[0]))}

    @cached_property
    def apps(self) -> dict[str, dict[str, AppVersion]]:
        """Versions of edge apps, by name and number."""
        return {self._app_name(n): self._versions(n) for n in range(self._counts[1])}

    @cached_property
    def files(self) -> dict[str, UploadedFile]:
        """Uploaded files by id."""
        return {
            file_id: UploadedFile(file_id, name, None, 489_813)
            for file_id, name in _SAMPLE_FILES.items()
        }

    def new_id(self) -> str:
        """An id nothing has yet."""
        self._made += 1
        return uuid_at(self._ids, 1_000_000 + self._made)

    def file(self, file_id: str | None, *kinds: str) -> UploadedFile | None:
        """A file of one of the kinds; None where there is none."""
        found = self.files.get(file_id or "")
        return found if found is not None and found.kind in (None, *kinds) else None

    def app(self, name: str, number: str) -> AppVersion | None:
        """A version of an edge app."""
        return self.apps.get(name, {}).get(number)

    def installed_app(self, number: int) -> tuple[str, str]:
        """The edge app on a seeded device, and its version."""
        name = self._app_name(1 if number == 0 else number % self._counts[1])
        return name, "1.0.0"

    def installed_firmware(self, number: int) -> str:
        """Id of the firmware on a seeded device."""
        return self._firmware_id(1 if number == 0 else number % self._counts[0])

    def _firmware_id(self, number: int) -> str:
        if number < 2:
            return ("5f2f0d1c7a3b4e6f", "3f7d2f6c")[number]
        return f"{draw(self._ids, number):016x}"

    def _firmware(self, number: int) -> Firmware:
        version = ("0.7.2", "1.0.8")[number] if number < 2 else f"1.{number // 5 + 1}.{number % 5}"
        return Firmware(
            self._firmware_id(number),
            version,
            "Bug fixes" if number % 2 == 0 else "New settings for the sensor",
            "sys_user",
            1737360930.0 if number == 0 else float(self._fleet.epoch - 86400 * (150 - 11 * number)),
            common=number % 5 == 4,
            has_file=number % 5 != 3,
        )

    def _app_name(self, number: int) -> str:
        name, turn = _APPS[number % len(_APPS)], number // len(_APPS)
        return f"{name}_{turn + 1}" if turn else name

    def _versions(self, number: int) -> dict[str, AppVersion]:
        name = self._app_name(number)
        words = {0: "Counts people at a door", 1: "Object detection"}.get(
            number, name.replace("_", " ")
        )
        numbers = ("1.0.0", "1.1.0", "1.2.0")[: 1 if number < 2 else 1 + number % 3]
        return {
            version: AppVersion(
                name,
                version,
                words,
                float(self._fleet.epoch - 86400 * (120 - 3 * number - 20 * place)),
                fails=place == 2,
            )
            for place, version in enumerate(numbers)
        }


def seeded_package(app: AppVersion) -> bytes:
    """The package of an edge app nobody uploaded: a zip file with a few words in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        entry = zipfile.ZipInfo("README.txt", (2025, 1, 20, 8, 15, 30))
        package.writestr(entry, f"{app.name} {app.number}: made by the sandbox\n")
    return content.getvalue()
