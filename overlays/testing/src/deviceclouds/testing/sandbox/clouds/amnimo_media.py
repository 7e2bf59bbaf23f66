"""amnimo's clips and snapshots: asked for, made as the clock goes, found, renamed, downloaded, deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..calls import Refusal
from ..cloud import page
from ..mpegts import SEGMENT_SECONDS, segment
from ..storage import StoredFile
from .amnimo_cameras import ADDRESS, snapshot
from .amnimo_times import moment, read_moment
from .drawing import Computed, draw, stream, uuid_at

if TYPE_CHECKING:
    from ..calls import Call
    from ..world import World
    from .amnimo_cameras import Cameras
    from .amnimo_fleet import Fleet

__all__ = ["MediaShelf"]

_FOLDER = "amnimo/media"
_SAMPLE = "b6f0907d-a2cc-4cb3-88e5-2a0982d2e948"
_SAMPLE_CAMERA = 1
_CLIP = "CLIP"
_APART = 2 * 3600
_QUEUED = 2.0
"""Seconds until the work begins."""
_LONGEST_FILE = 5
"""Segments of a clip's file at most: ten seconds stand for any length."""
_MINUTE = 60


@dataclass(slots=True)
class _Medium:
    id: str
    tenant: int
    camera: int
    camera_id: str
    category: str
    start: float
    end: float
    name: str | None
    requested: float
    size: int = 0

    def status(self, now: float) -> str:
        """How far the work is. Only COMPLETED is public, the other two are made up, and nothing fails."""
        age = now - self.requested
        if age < _QUEUED:
            return "CREATED"
        return "PROCESSING" if age < _QUEUED + self.work else "COMPLETED"

    @property
    def work(self) -> float:
        """Seconds the work takes: longer for longer clips."""
        return 3.0 if self.category != _CLIP else 5.0 + min(60.0, (self.end - self.start) / 60)

    def content(self) -> bytes:
        """The file."""
        if self.category != _CLIP:
            return snapshot(self.camera, int(self.start) // 60)
        number = int((self.end - self.start) // SEGMENT_SECONDS)
        numbers = range(max(1, min(number, _LONGEST_FILE)))
        return b"".join(segment(n, self.camera % 100) for n in numbers)


class MediaShelf:
    """Answers the calls about clips and snapshots.

    Args:
        world: Seed, size, clock, storage.
        fleet: Whose tenants and cameras.
        cameras: Where the camera of a call is found.
    """

    def __init__(self, world: World, fleet: Fleet, cameras: Cameras) -> None:
        self._world = world
        self._fleet = fleet
        self._cameras = cameras
        self._new = stream(world.seed, "amnimo/new media")
        self._made = 0
        self._seeded = world.count(400)
        world.storage.make_below(_FOLDER, self._stored)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._media)

    @cached_property
    def _media(self) -> dict[str, _Medium]:
        """By id, in the order in which they were asked for; made when first needed."""
        ids, draws = (
            stream(self._world.seed, f"amnimo/{kind}") for kind in ("media", "media draws")
        )
        found = {}
        for number in range(self._seeded - 1, -1, -1):
            one = self._seed(number, uuid_at(ids, number), draw(draws, number))
            found[one.id] = one
        return found

    def _seed(self, number: int, media_id: str, drawn: int) -> _Medium:
        sample = number == 0
        # Two of three are of the first tenant, whose ids the document has.
        many = self._fleet.tenants[0].cameras if drawn % 3 else range(self._fleet.counts["cameras"])
        camera = self._fleet.camera(_SAMPLE_CAMERA if sample else many[drawn % len(many)])
        category = _CLIP if sample or drawn >> 20 & 1 else "SNAPSHOT"
        requested = self._world.started - (number + 1) * _APART + drawn % 3600
        start = requested - 3600 - drawn % 3600
        return _Medium(
            _SAMPLE if sample else media_id,
            camera.tenant,
            camera.number,
            camera.id,
            category,
            start,
            start + (60 + drawn % 540 if category == _CLIP else 0),
            "media-testName" if sample else f"{category.lower()} {number}",
            requested,
        )

    def create(self, call: Call) -> dict[str, Any]:
        """Asks for a clip or snapshot."""
        tenant, camera = self._cameras.find(call)
        body, now = call.body, self._world.clock.now()
        start = read_moment(body["startTime"], "startTime")
        end = read_moment(body["endTime"], "endTime") if "endTime" in body else start
        # The rules of these refusals are not public.
        if body["category"] == _CLIP and end <= start:
            raise Refusal(400, "a clip needs an endTime after its startTime")
        if max(start, end) > now:
            raise Refusal(400, "what was not recorded yet cannot be had")
        media_id = uuid_at(self._new, self._made)
        self._made += 1
        one = _Medium(
            media_id,
            self._fleet.tenants.index(tenant),
            camera.number,
            camera.id,
            body["category"],
            start,
            end,
            body.get("name"),
            now,
        )
        self._media[media_id] = one
        return self._shown(one)

    def one(self, call: Call) -> dict[str, Any]:
        """A clip or snapshot, with the address of its file once there is one."""
        one = self._find(call)
        shown = self._shown(one)
        if "size" in shown:
            name = f"{_FOLDER}/{one.id}.{'ts' if one.category == _CLIP else 'jpg'}"
            shown[ADDRESS] = call.url(name, call.get("expiration") * _MINUTE)
        return shown

    def rename(self, call: Call) -> dict[str, Any]:
        """Changes the name, where one is given."""
        one = self._find(call)
        one.name = call.body["data"].get("name", one.name)
        return self._shown(one)

    def delete(self, call: Call) -> None:
        """Deletes a clip or snapshot, and its file."""
        del self._media[self._find(call).id]

    def search(self, call: Call) -> list[dict[str, Any]]:
        """A page of a camera's or a subscription's, by the time they were asked for."""
        if "cameraId" in call.arguments:
            camera_id = self._cameras.find(call)[1].id
            found: Iterable[_Medium] = (m for m in self._media.values() if m.camera_id == camera_id)
        else:
            tenant = self._fleet.tenants.index(self._fleet.tenant(call.get("subscriptionId")))
            found = (m for m in self._media.values() if m.tenant == tenant)
        wanted = call.body.get("categories")
        chosen = [m for m in found if wanted is None or m.category in wanted]
        if call.body.get("sortDir", "desc") == "desc":
            chosen.reverse()
        # Whether a search gives addresses too is not public; it has no parameter for their lifetime: no.
        cut = page(call, Computed(len(chosen), lambda index: self._shown(chosen[index])))
        items: list[dict[str, Any]] = cut["items"]
        return items

    def _find(self, call: Call) -> _Medium:
        tenant = self._fleet.tenants.index(self._fleet.tenant(call.get("subscriptionId")))
        one = self._media.get(call.get("mediaId").lower())
        if one is None or one.tenant != tenant:
            # The document has no status for it.
            raise Refusal(404, "no such media")
        return one

    def _shown(self, one: _Medium) -> dict[str, Any]:
        status = one.status(self._world.clock.now())
        shown: dict[str, Any] = {
            "id": one.id,
            "cameraId": one.camera_id,
            "pid": self._fleet.describe(self._fleet.camera(one.camera))["pid"],
            # Only IMAGE is public.
            "type": "VIDEO" if one.category == _CLIP else "IMAGE",
            "source": "CLOUD",
            "category": one.category,
            "startTime": moment(one.start),
            "endTime": moment(one.end),
            "status": status,
            "requestedDateTime": moment(one.requested),
            "meta": {"user": {"id": "demo"}},
        }
        if one.name is not None:
            shown["name"] = one.name
        if status == "COMPLETED":
            one.size = one.size or len(one.content())
            shown["size"] = one.size
        return shown

    def _stored(self, name: str) -> StoredFile | None:
        with self._world.lock:
            one = self._media.get(name.rpartition(".")[0])
        if one is None:
            return None
        return StoredFile(one.content(), "video/mp2t" if one.category == _CLIP else "image/jpeg")
