"""amnimo's cameras as the API shows them: pages, thumbnails, stretches of recordings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..calls import Refusal
from ..cloud import page
from ..pictures import jpeg
from ..storage import StoredFile
from .amnimo_times import moment, read_range
from .drawing import Computed

if TYPE_CHECKING:
    from ..calls import Call
    from ..world import World
    from .amnimo_fleet import Camera, Fleet, Tenant

__all__ = ["ADDRESS", "Cameras", "snapshot"]

ADDRESS = "sandboxUrl"
"""Made up: the vendor's page does not name the fields that hold addresses. Read them as ``unknown_fields``."""

DAYS_KEPT = 30
"""Made up: for how long the cloud keeps thumbnails and recordings."""

_THUMBNAILS = "amnimo/thumbnails"
_EVERY = 600
_HOUR = 3600
_MINUTE = 60


class _Link:
    """Whether a reply is to hold addresses, and for how long they are good."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._wanted = call.get("isUrl")
        self._seconds = call.get("expiration") * _MINUTE

    def to(self, name: str) -> dict[str, str]:
        """The field with a file's address; {} where none is wanted."""
        return {ADDRESS: self._call.url(name, self._seconds)} if self._wanted else {}


class Cameras:
    """Answers the calls about cameras.

    Args:
        world: Seed, clock, storage.
        fleet: The cameras.
    """

    def __init__(self, world: World, fleet: Fleet) -> None:
        self._world = world
        self._fleet = fleet
        world.storage.make_below(_THUMBNAILS, self._stored)

    def listed(self, call: Call) -> dict[str, Any]:
        """A page, or the cameras with given ids."""
        tenant = self._fleet.tenant(call.get("subscriptionId"))
        ids, link = call.arguments.get("cameraId"), _Link(call)
        if ids is None:
            numbers = tenant.cameras
            all_of_them = Computed(
                len(numbers), lambda index: self._shown(self._fleet.camera(numbers[index]), link)
            )
            cut = page(call, all_of_them)
            return {
                "total": cut["total"],
                "page": cut["page"],
                "size": cut["size"],
                "cameras": cut["items"],
            }
        if call.arguments.keys() & {"page", "size"}:
            raise Refusal(400, "cameraId cannot be sent together with page or size")
        # Whether unknown ids are refused or left out is not public: left out.
        found = [self._fleet.find_camera(tenant, one) for one in dict.fromkeys(ids)]
        cameras = [self._shown(camera, link) for camera in found if camera is not None]
        return {"total": len(cameras), "page": 0, "size": call.get("size"), "cameras": cameras}

    def one(self, call: Call) -> dict[str, Any]:
        """A camera."""
        return self._shown(self.find(call)[1], _Link(call))

    def find(self, call: Call) -> tuple[Tenant, Camera]:
        """The camera a call is about, and its tenant. Raises Refusal where there is none."""
        tenant = self._fleet.tenant(call.get("subscriptionId"))
        camera = self._fleet.find_camera(tenant, call.get("cameraId"))
        if camera is None:
            # The document has no status for it.
            raise Refusal(404, "no such camera")
        return tenant, camera

    def thumbnails(self, call: Call) -> dict[str, Any]:
        """The thumbnails of a range, newest first: their order is not public."""
        _, camera = self.find(call)
        start, end = read_range(call)
        first, last = self._taken(camera, start, end)
        numbers = range(last, first - 1, -1)
        link = _Link(call)
        shown = [
            {**self._thumbnail(camera, number, link), "code": "200"}
            for number in numbers[: call.get("limit")]
        ]
        # Of the range or of the reply: not public. Here it is that of the range.
        return {"total": len(numbers), "thumbnails": shown}

    def history(self, call: Call) -> list[dict[str, int]]:
        """The recorded stretches that lie in a range at least in part."""
        _, camera = self.find(call)
        start, end = read_range(call)
        assert start is not None
        assert end is not None
        now = self._world.clock.now()
        hours = range(
            math.floor(max(start, now - DAYS_KEPT * 24 * _HOUR) / _HOUR) - 1,
            math.floor(min(end, now) / _HOUR) + 1,
        )
        stretches = (self._stretch(camera, hour, now) for hour in hours if camera.recording)
        return [
            {"s": round(begun * 1000), "d": int((ended - begun) * 1000)}
            for begun, ended in stretches
            if begun < ended and begun <= end and ended >= start
        ]

    def _stretch(self, camera: Camera, hour: int, now: float) -> tuple[float, float]:
        """What was recorded in an hour: most of it."""
        drawn = self._fleet.draw("draws", (camera.number + 1) * 1_000_003 + hour)
        begun = hour * _HOUR + drawn % 120
        return begun, min(now, (hour + 1) * _HOUR - (drawn >> 8) % 300)

    def _taken(self, camera: Camera, start: float | None, end: float | None) -> tuple[int, int]:
        """Numbers of the first and the last thumbnail of a range."""
        now = self._world.clock.now()
        offset = camera.number * 7 % _EVERY
        newest = now if camera.connected else self._world.started - camera.number % 20 * _HOUR
        oldest = now - DAYS_KEPT * 24 * _HOUR
        first = max(oldest, oldest if start is None else start)
        last = min(newest, newest if end is None else end)
        return math.ceil((first - offset) / _EVERY), math.floor((last - offset) / _EVERY)

    def _thumbnail(self, camera: Camera, number: int, link: _Link) -> dict[str, Any]:
        taken = number * _EVERY + camera.number * 7 % _EVERY
        name = f"{_THUMBNAILS}/{camera.number}/{number}.jpg"
        return {"ts": moment(taken), **link.to(name)}

    def _shown(self, camera: Camera, link: _Link) -> dict[str, Any]:
        shown = self._fleet.describe(camera)
        first, last = self._taken(camera, None, None)
        if last < first:
            return shown
        return {**shown, "thumbnail": self._thumbnail(camera, last, link)}

    def _stored(self, name: str) -> StoredFile:
        # Only names that were signed get here.
        camera, _, file = name.partition("/")
        return StoredFile(snapshot(int(camera), int(file.partition(".")[0])), "image/jpeg")


def snapshot(camera: int, number: int) -> bytes:
    """A picture of a camera: JPEG, 80 by 48 pixels, of coloured squares."""

    def colour(column: int, row: int) -> tuple[int, int, int]:
        if (column, row) == (number % 10, number // 10 % 6):
            return 220, 128, 128
        return 60 + 12 * row, 60 + camera * 7 % 140, 190 - camera * 11 % 140

    return jpeg(10, 6, colour)
