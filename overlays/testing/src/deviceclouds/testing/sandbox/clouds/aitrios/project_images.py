"""Training material of projects: pictures, tags and regions."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...cloud import handles, page
from ..drawing import draw
from .codes import refuse
from .material import MOST_REGIONS, Region
from .models import one_of
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call
    from .material import Material, Picture, Tag
    from .state import State

__all__ = ["ProjectImages", "material_of"]

FROM_CONTAINER = 5
"""Pictures a container is taken to hold: the sandbox asks no other server."""

_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM")


class ProjectImages(Topic):
    """See the module."""

    @handles("ImportImagesFromFiles")
    def _import(self, call: Call) -> dict[str, Any]:
        material = self._named(call, "E.SC.API.0065002")
        contents = [_decoded(image.get("contents", "")) for image in call.body["images"]]
        good = [content for content in contents if content is not None]
        if not good:
            raise refuse("E.SC.API.0065004")
        self._take(call, material, good)
        if len(good) < len(contents):
            raise refuse("W.SC.API.0065006")
        return SUCCESS

    @handles("ImportImagesFromScblob")
    def _import_container(self, call: Call) -> dict[str, Any]:
        material = self._named(call, "E.SC.API.0064002")
        link = call.body["container_url"]
        try:
            parts = urlsplit(link)
        except ValueError:
            raise refuse("E.SC.API.0064006") from None
        if parts.scheme != "https" or not parts.hostname or "sig=" not in parts.query:
            raise refuse("E.SC.API.0064006")
        self._take(call, material, [None] * FROM_CONTAINER)
        return SUCCESS

    def _take(self, call: Call, material: Material, contents: list[Any]) -> None:
        tags = [str(name) for name in call.body.get("tags_name", ())]
        for content in contents:
            picture = material.add(self.now, content)
            for name in tags:
                picture.tags.append((material.named(name) or material.add_tag(name)).tag_id)

    @handles("GetProjectImages")
    def _list(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0119004")
        ordered = self._ordered(call, material, "E.SC.API.0119001", "E.SC.API.0119007")
        found, total = _cut(call, list(ordered))
        return {
            "total_image_count": total,
            "images": [material.shown(picture) for picture in found],
        }

    @handles("GetProjectImagesById")
    def _by_id(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0120003")
        pictures = [
            self._picture(material, one, "E.SC.API.0120004") for one in call.get("image_ids")
        ]
        return {"images": [material.shown(picture) for picture in pictures]}

    @handles("DeleteProjectImages")
    def _delete(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0121003")
        ids = call.get("image_ids")
        for one in ids:
            self._picture(material, one, "W.SC.API.0121005")
        for one in ids:
            material.pictures.pop(one, None)
        return SUCCESS

    @handles("GetProjectTaggedImages")
    def _tagged(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0125005")
        wanted = {one for one in call.get("tag_ids", []) if one}
        if wanted - material.tags.keys():
            raise refuse("E.SC.API.0125006")
        ordered = self._ordered(call, material, "E.SC.API.0125004", "E.SC.API.0125008")
        tagged = [one for one in ordered if wanted & set(one.tags) or (not wanted and one.tags)]
        found, total = _cut(call, tagged)
        blank = [tag for tag in material.tags.values() if not material.count(tag.tag_id)]
        return {
            "total_image_count": total,
            "tagged_images": [material.shown(picture) for picture in found],
            "blank_tags": [
                {
                    "tag_id": tag.tag_id,
                    "tag_name": tag.name,
                    "description": tag.description,
                    "type": tag.kind,
                }
                for tag in blank
            ],
        }

    @handles("GetProjectUntaggedImages")
    def _untagged(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0136004")
        ordered = self._ordered(call, material, "E.SC.API.0136003", "E.SC.API.0136007")
        found, total = _cut(call, [picture for picture in ordered if not picture.tags])
        return {
            "total_image_count": total,
            "untagged_images": [material.plain(picture) for picture in found],
        }

    @handles("GetImageRegionProposals")
    def _proposals(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0164001")
        picture = self._picture(material, call.get("image_id"), "E.SC.API.0164001")
        chance = draw(int(picture.picture_id[:8], 16), int(picture.picture_id[-6:], 16))
        proposals = [
            {
                "confidence": f"0.{50 + (chance >> 8 * number) % 49}",
                "bounding_box": {
                    "left": (chance >> 4 * number) % 60 / 100,
                    "top": (chance >> 5 * number) % 50 / 100,
                    "width": 0.3,
                    "height": 0.4,
                },
            }
            for number in range(1 + chance % 3)
        ]
        ids = {"project_id": call.get("project_id"), "image_id": picture.picture_id}
        return {**ids, "proposals": proposals}

    @handles("CreateProjectImageRegions")
    def _create_regions(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0126014")
        given = [self._read(material, one, _CREATE) for one in call.body.get("regions", ())]
        found: dict[str, list[Region]] = {"created": [], "duplicated": [], "exceeded": []}
        for picture, tag, box in given:
            tag_id = self._tag_id(material, tag)
            same = (r for r in picture.regions.values() if (r.tag_id, r.box) == (tag_id, box))
            there = next(same, None)
            if there is not None:
                found["duplicated"].append(there)
            elif len(picture.regions) >= MOST_REGIONS:
                found["exceeded"].append(Region("", tag_id, self.now, box))
            else:
                found["created"].append(material.add_region(picture, tag_id, box, self.now))
        return {name: [material.region(one) for one in regions] for name, regions in found.items()}

    @handles("UpdateProjectImageRegions")
    def _update_regions(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0128015")
        given = [self._read(material, one, _UPDATE) for one in call.body.get("regions", ())]
        updated = []
        for picture, tag, box in given:
            tag_id = self._tag_id(material, tag)
            # Requests name no region: here the picture's region of that tag is meant, else its first one.
            mine = [one for one in picture.regions.values() if one.tag_id == tag_id]
            region = next(iter(mine or picture.regions.values()), None)
            if region is None:
                raise refuse("E.SC.API.0128017")
            material.remove_region(region.region_id)
            region.tag_id, region.box = tag_id, box
            picture.regions[region.region_id] = region
            if tag_id not in picture.tags:
                picture.tags.append(tag_id)
            updated.append(region)
        return {"updated": [material.region(one) for one in updated]}

    @handles("DeleteProjectImageRegions")
    def _delete_region(self, call: Call) -> dict[str, Any]:
        if not material_of(self.state, call, "E.SC.API.0127001").remove_region(
            call.get("region_id")
        ):
            raise refuse("W.SC.API.0127003")
        return SUCCESS

    def _read(
        self, material: Material, region: dict[str, str], codes: dict[str, str]
    ) -> tuple[Picture, Tag | str, tuple[float, float, float, float]]:
        picture = self._picture(material, region["image_id"], codes["image"])
        tag: Tag | str | None = material.tags.get(region.get("tag_id", ""))
        if tag is None and "tag_id" in region:
            raise refuse(codes["tag"])
        tag = tag or material.named(region.get("tag_name", "")) or region.get("tag_name")
        if not tag:
            raise refuse(codes["no tag"])
        box = []
        for side in ("left", "top", "width", "height"):
            # Only pictures for object detection have boxes; without one it is the whole picture.
            text = region.get(side, "0" if side in ("left", "top") else "1")
            try:
                value = float(text)
            except ValueError:
                value = -1.0
            if not 0 <= value <= 1:
                raise refuse(codes[side])
            box.append(value)
        return picture, tag, (box[0], box[1], box[2], box[3])

    def _tag_id(self, material: Material, tag: Tag | str) -> str:
        if isinstance(tag, str):
            tag = material.named(tag) or material.add_tag(tag)
        return tag.tag_id

    def _named(self, call: Call, code: str) -> Material:
        project = self.state.training.projects.get(call.get("project_name"))
        if project is None:
            raise refuse(code)
        return self.state.training.material(project)

    def _picture(self, material: Material, picture_id: str, code: str) -> Picture:
        picture = material.pictures.get(picture_id)
        if picture is None:
            raise refuse(code)
        return picture

    def _ordered(self, call: Call, material: Material, order: str, size: str) -> Iterator[Picture]:
        newest = one_of(call, "order_by", ("newest", "oldest"), order) == "newest"
        one_of(call, "image_size_type", ("resized", "thumbnail", "original"), size)
        return material.ordered(newest)


def material_of(state: State, call: Call, code: str) -> Material:
    """The material of the project whose id is asked for. Raises Refusal with the code."""
    project = state.training.by_id(call.get("project_id"))
    if project is None:
        raise refuse(code)
    return state.training.material(project)


_CREATE = {
    "image": "E.SC.API.0126015",
    "tag": "E.SC.API.0126018",
    "no tag": "E.SC.API.0126003",
    "left": "E.SC.API.0126008",
    "top": "E.SC.API.0126009",
    "width": "E.SC.API.0126010",
    "height": "E.SC.API.0126011",
}
_UPDATE = {
    "image": "E.SC.API.0128016",
    "tag": "E.SC.API.0128013",
    "no tag": "E.SC.API.0128004",
    "left": "E.SC.API.0128009",
    "top": "E.SC.API.0128010",
    "width": "E.SC.API.0128011",
    "height": "E.SC.API.0128012",
}


def _decoded(text: str) -> bytes | None:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if content.startswith(_MAGIC) else None


def _cut(call: Call, pictures: list[Picture]) -> tuple[list[Picture], int]:
    if call.get("number_of_images") == 0:
        return [], len(pictures)
    return page(call, pictures)["items"], len(pictures)
