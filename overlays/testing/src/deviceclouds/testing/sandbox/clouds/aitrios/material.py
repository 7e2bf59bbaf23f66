"""A project's training material: pictures, tags, and the regions of pictures that carry a tag."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...pictures import jpeg
from ..drawing import draw, uuid_at
from .times import stamp

if TYPE_CHECKING:
    from ...storage import Storage

__all__ = ["MOST_REGIONS", "Material", "Picture", "Region", "Tag"]

MOST_REGIONS = 64
"""Regions of a picture at most; how many the Console allows is not known."""

WIDTH, HEIGHT = 640, 480

_PICTURE, _TAG, _REGION = 0x2D0C6F1B9E01, 0x0F6F4E9B7A01, 0x95A7A1A10001


@dataclass(slots=True)
class Tag:
    """A word for what is in a picture."""

    tag_id: str
    name: str
    description: str = ""
    kind: str = "Regular"


@dataclass(slots=True)
class Region:
    """A part of a picture that carries a tag; the box is left, top, width, height, in parts of the picture."""

    region_id: str
    tag_id: str
    created: float
    box: tuple[float, float, float, float]


@dataclass(slots=True)
class Picture:
    """A picture; without a file, the sandbox draws it."""

    picture_id: str
    created: float
    file: str | None = None
    tags: list[str] = field(default_factory=list)
    regions: dict[str, Region] = field(default_factory=dict)


class Material:
    """The material of a project, as it is in the beginning and as users change it.

    Args:
        project_id: Ids are derived from it.
        labels: Words of the tags.
        count: How many pictures there are; three quarters of them carry tags.
        at: When the first one was added, POSIX seconds.
        storage: Keeps the pictures of users.
        sample: Whether it is the project of the specification's examples.
    """

    def __init__(
        self,
        project_id: str,
        labels: tuple[str, ...],
        count: int,
        at: float,
        storage: Storage,
        *,
        sample: bool,
    ) -> None:
        self._storage = storage
        self._folder = f"aitrios/material/{project_id}"
        self._start = int(project_id[:8], 16)
        self._sample = sample
        self._made = {"picture": 0, "tag": 0, "region": 0}
        self.tags: dict[str, Tag] = {}
        self.pictures: dict[str, Picture] = {}
        words = (*labels, "forklift") if sample else labels
        for label in words if count else ():
            described = {"person": "Whole body visible", "forklift": "Any vehicle"}
            self.add_tag(label, described.get(label, ""))
        for number in range(count):
            picture = self.add(at + 60.0 * number)
            if number % 4 != 3:
                self._mark(picture, number, len(labels))

    def add(self, at: float, content: bytes | None = None) -> Picture:
        """Adds a picture."""
        picture = Picture(self._id("picture", "7a4f2f5e-9a4b-4b5e-8f3e-", _PICTURE), at)
        if content is not None:
            picture.file = f"{self._folder}/{picture.picture_id}"
            self._storage.keep(picture.file, content, "image/jpeg")
        self.pictures[picture.picture_id] = picture
        return picture

    def add_tag(self, name: str, description: str = "") -> Tag:
        """Adds a tag."""
        tag = Tag(self._id("tag", "5d1f7f0e-4b1e-4c7e-8d80-", _TAG), name, description)
        self.tags[tag.tag_id] = tag
        return tag

    def named(self, name: str) -> Tag | None:
        """The tag of a name."""
        return next((tag for tag in self.tags.values() if tag.name == name), None)

    def add_region(
        self, picture: Picture, tag_id: str, box: tuple[float, float, float, float], at: float
    ) -> Region:
        """Puts a tag on a part of a picture."""
        region_id = self._id("region", "e1b0c7c4-0b35-4a58-8f0e-", _REGION)
        region = Region(region_id, tag_id, at, box)
        picture.regions[region_id] = region
        if tag_id not in picture.tags:
            picture.tags.append(tag_id)
        return region

    def remove_region(self, region_id: str) -> bool:
        """Takes a region off its picture, and the tag with it; whether there was one."""
        for picture in self.pictures.values():
            region = picture.regions.pop(region_id, None)
            if region is not None:
                if all(other.tag_id != region.tag_id for other in picture.regions.values()):
                    picture.tags = [tag for tag in picture.tags if tag != region.tag_id]
                return True
        return False

    def remove_tag(self, tag_id: str) -> None:
        """Deletes a tag, and takes it off all pictures."""
        del self.tags[tag_id]
        for picture in self.pictures.values():
            picture.tags = [one for one in picture.tags if one != tag_id]
            picture.regions = {
                key: region for key, region in picture.regions.items() if region.tag_id != tag_id
            }

    def count(self, tag_id: str) -> int:
        """How many pictures carry a tag."""
        return sum(tag_id in picture.tags for picture in self.pictures.values())

    def ordered(self, newest_first: bool) -> Iterator[Picture]:
        """Pictures by the time they were added."""
        found = list(self.pictures.values())
        return reversed(found) if newest_first else iter(found)

    def shown(self, picture: Picture) -> dict[str, Any]:
        """A picture as replies have it."""
        tags = [self.tags[tag_id] for tag_id in picture.tags]
        return {
            **self.plain(picture),
            "tags": [
                {"tag_id": tag.tag_id, "tag_name": tag.name, "created": stamp(picture.created)}
                for tag in tags
            ],
            "regions": [self.region(region) for region in picture.regions.values()],
        }

    def plain(self, picture: Picture) -> dict[str, Any]:
        """A picture without its tags."""
        stored = self._storage.read(picture.file) if picture.file else None
        content = stored.content if stored else _drawn(int(picture.picture_id[-12:], 16) % 32)
        return {
            "id": picture.picture_id,
            "created": stamp(picture.created),
            "width": WIDTH,
            "height": HEIGHT,
            "image": base64.b64encode(content).decode(),
        }

    def region(self, region: Region) -> dict[str, Any]:
        """A region as replies have it."""
        left, top, width, height = region.box
        return {
            "region_id": region.region_id,
            "tag_id": region.tag_id,
            "tag_name": self.tags[region.tag_id].name,
            "created": stamp(region.created),
            "left": left,
            "top": top,
            "width": width,
            "height": height,
        }

    def _mark(self, picture: Picture, number: int, labels: int) -> None:
        tags = list(self.tags)[: max(1, labels)]
        chance = draw(self._start, number)
        box = (0.25, 0.1, 0.3, 0.5)
        if not (self._sample and number == 0):
            box = (chance % 60 / 100, chance // 64 % 50 / 100, 0.2, 0.3)
        self.add_region(picture, tags[chance // 4096 % len(tags)], box, picture.created)

    def _id(self, kind: str, front: str, first: int) -> str:
        self._made[kind] += 1
        number = self._made[kind] - 1
        if self._sample:
            return f"{front}{first + number:012x}"
        return uuid_at(
            self._start, {"picture": 0, "tag": 1, "region": 2}[kind] * 1_000_000 + number
        )


@lru_cache(maxsize=32)
def _drawn(number: int) -> bytes:
    """A small JPEG; that it is smaller than the fields say is as with the size ``thumbnail``."""
    return jpeg(
        16, 12, lambda x, y: (70 + (x * 5 + y * 3 + number * 4) % 120, 120 + number % 16, 128)
    )
