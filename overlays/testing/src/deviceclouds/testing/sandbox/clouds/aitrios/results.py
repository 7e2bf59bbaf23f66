"""What devices send: sessions of pictures and inference results, computed by number, and what of it was deleted."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ...pictures import jpeg
from ..drawing import draw, stream, uuid_at
from .buffers import Found, classification_buffer, detection_buffer
from .fleet import Character
from .times import compact

if TYPE_CHECKING:
    from .device import Device
    from .fleet import Fleet

__all__ = ["Results", "Session", "Shot"]

SHOTS = 20
"""Shots of a session from before the start; with two of them a device, 1,250 devices have 50,000 results."""

SEEDED_INTERVAL = 20_000
LIVE_INTERVAL = 10_000
"""Milliseconds between two shots."""

MOST_SHOTS = 2000
"""Shots of a session that began later; then it stops by itself."""

INPUT_SIZE = 300
"""Edge of the network's input, in pixels."""

COLUMNS, ROWS = 40, 30

_FIRST_FOLDER = 1738122848283
"""The folder of the specification's examples, as POSIX milliseconds."""


class Session(NamedTuple):
    """A time in which a device sent results.

    Attributes:
        begin: POSIX milliseconds; also names the folder of the pictures.
        end: When it was stopped; None while it goes on.
    """

    number: int
    begin: int
    end: int | None

    @property
    def folder(self) -> str:
        """Name of its folder."""
        return compact(self.begin)


class Shot(NamedTuple):
    """One moment of a session, sorted by time."""

    at: int
    device_id: str
    session: Session
    number: int

    @property
    def picture(self) -> str:
        """Name of the picture's file."""
        return f"{compact(self.at)}.jpg"


class Results:
    """All devices' results.

    Args:
        fleet: Their seed.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._ids = stream(fleet.seed, "aitrios/results")
        self._draws = stream(fleet.seed, "aitrios/shots")
        self._live: dict[str, list[Session]] = {}
        self.deleted_results: dict[str, set[str]] = {}
        """Ids of deleted results, by device."""
        self.deleted_pictures: dict[tuple[str, str], set[str]] = {}
        """Names of deleted pictures, by device and folder."""
        self._drawn = lru_cache(maxsize=64)(self._draw)

    def sessions(self, device: Device) -> list[Session]:
        """A device's sessions, the oldest first."""
        found = []
        if device.number < self._fleet.devices:
            chance = draw(self._draws, device.number)
            epoch = self._fleet.epoch * 1000
            old = epoch - 86_400_000 * (2 + chance % 20) - chance // 100 % 3_600_000
            new = epoch - 600_000 - chance // 7 % 7_200_000
            length = SHOTS * SEEDED_INTERVAL
            first = _FIRST_FOLDER if device.number == 0 else old
            found = [Session(0, first, first + length), Session(1, new, new + length)]
        return found + self._live.get(device.device_id, [])

    def total(self, devices: Iterable[Device], now: float) -> int:
        """How many shots there are in all, deleted ones included."""
        seeded = sum(2 * SHOTS for device in devices if device.number < self._fleet.devices)
        live = 0
        for sessions in self._live.values():
            for session in sessions:
                until = now * 1000 if session.end is None else min(now * 1000, session.end)
                live += min(MOST_SHOTS, int(until - session.begin) // LIVE_INTERVAL)
        return seeded + live

    def start(self, device: Device, now: float) -> None:
        """Lets a device send results from now on, if it does not."""
        live = self._live.setdefault(device.device_id, [])
        if not live or live[-1].end is not None:
            live.append(Session(2 + len(live), int(now * 1000), None))

    def stop(self, device: Device, now: float) -> None:
        """Lets it send no more."""
        live = self._live.get(device.device_id, [])
        if live and live[-1].end is None:
            live[-1] = live[-1]._replace(end=int(now * 1000))

    def shots(self, device: Device, session: Session, now: float) -> Iterator[Shot]:
        """A session's shots until now, in order."""
        live = session.number > 1
        interval = LIVE_INTERVAL if live else SEEDED_INTERVAL
        until = min(int(now * 1000), session.end if session.end is not None else int(now * 1000))
        for number in range(min(MOST_SHOTS, max(0, until - session.begin) // interval)):
            # The first one is as in the specification's examples.
            offset = (
                draw(self._draws, _place(device, session, number)) // 7 % 900 if number else 718
            )
            yield Shot(
                session.begin + number * interval + offset, device.device_id, session, number
            )

    def pictures(self, device: Device, session: Session, now: float) -> list[Shot]:
        """Those of a session whose pictures were not deleted."""
        deleted = self.deleted_pictures.get((device.device_id, session.folder), ())
        found = self.shots(device, session, now)
        return [shot for shot in found if not deleted or shot.picture not in deleted]

    def result_id(self, device: Device, shot: Shot) -> str:
        """Id of a shot's result."""
        place = _place(device, shot.session, shot.number)
        return "f05b6bbc-e387-41b8-b11a-c3972289ca38" if place == 0 else uuid_at(self._ids, place)

    def found(self, device: Device, shot: Shot, labels: int) -> tuple[Found, ...]:
        """What is seen in a shot."""
        chance = draw(self._draws, _place(device, shot.session, shot.number))
        objects = []
        for number in range(chance % 6):
            here = draw(chance, number)
            left, top = here % 200, here // 256 % 180
            wide, high = 24 + here // 65536 % 76, 30 + here // 2**24 % 90
            score = (128 + here // 2**32 % 126) / 256  # exact in 32 bits
            objects.append(Found(here // 2**40 % labels, score, left, top, left + wide, top + high))
        return tuple(objects)

    def output(
        self, device: Device, shot: Shot, labels: int, *, classifier: bool
    ) -> dict[str, Any]:
        """One output: FlatBuffers in ``O``; fields of the edge app's own where it sends JSON."""
        found = self.found(device, shot, labels)
        if classifier:
            classes = [(one.class_id, one.score) for one in found[:1]] or [(0, 0.5)]
            if device.character is Character.JSON:
                items = [{"class_id": class_id, "score": score} for class_id, score in classes]
                return {"T": compact(shot.at), "classification_list": items}
            content = classification_buffer(classes)
        else:
            if device.character is Character.JSON:
                return {"T": compact(shot.at), "object_detection_list": [_plain(o) for o in found]}
            content = detection_buffer(found)
        return {"T": compact(shot.at), "O": base64.b64encode(content).decode()}

    def picture(self, device: Device, shot: Shot, labels: int) -> bytes:
        """The JPEG of a shot: what was found in it stands out."""
        return self._drawn(device.number, self.found(device, shot, labels))

    def _draw(self, number: int, found: tuple[Found, ...]) -> bytes:
        shade = 60 + draw(self._draws, number) % 90
        boxes = [
            (
                one.left * COLUMNS,
                one.top * ROWS,
                one.right * COLUMNS,
                one.bottom * ROWS,
                one.class_id,
            )
            for one in found
        ]

        def colour(column: int, row: int) -> tuple[int, int, int]:
            x, y = column * INPUT_SIZE, row * INPUT_SIZE
            for left, top, right, bottom, class_id in boxes:
                if left <= x < right and top <= y < bottom:
                    return 190, 110 + class_id * 13 % 40, 150 - class_id * 7 % 40
            return shade + row, 128, 124 + column // 8

        return jpeg(COLUMNS, ROWS, colour)


def _place(device: Device, session: Session, number: int) -> int:
    return (device.number << 24) + (session.number << 12) + number


def _plain(one: Found) -> dict[str, Any]:
    box = {"left": one.left, "top": one.top, "right": one.right, "bottom": one.bottom}
    return {"class_id": one.class_id, "score": one.score, "bounding_box": box}
