"""Tags of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .models import one_of
from .project_images import material_of
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call
    from .material import Material, Tag

__all__ = ["ProjectTags"]

_KINDS = ("Regular", "Negative", "Generalized")
"""Kinds of tags, as the training service Custom Vision has them; the Console's own list is not known."""


class ProjectTags(Topic):
    """See the module."""

    @handles("GetProjectTags")
    def _tags(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0169002")
        order = one_of(call, "order_by", ("asc", "desc"), "E.SC.API.0169001")
        tags = [
            {
                "tag_id": tag.tag_id,
                "tag_name": tag.name,
                "tag_description": tag.description,
                "tag_type": _KINDS.index(tag.kind),
                "image_count": material.count(tag.tag_id),
            }
            for tag in material.tags.values()
        ]
        return {"tags": tags if order == "asc" else tags[::-1]}

    @handles("CreateProjectTag")
    def _create_tag(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0122003")
        name = call.get("tag_name")
        if not name:
            raise refuse("E.SC.API.0122001")
        # No code says that there is such a tag: it is given once more, with the new words.
        tag = material.named(name) or material.add_tag(name)
        tag.description = call.get("description", tag.description)
        return _saved(material, tag)

    @handles("UpdateProjectTag")
    def _update_tag(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0123006")
        tag = material.tags.get(call.get("tag_id"))
        if tag is None:
            raise refuse("W.SC.API.0123007")
        if not call.body["name"]:
            raise refuse("E.SC.API.0123002")
        if call.body["type"] not in _KINDS:
            raise refuse("E.SC.API.0123005")
        tag.name, tag.kind = call.body["name"], call.body["type"]
        tag.description = call.body.get("description", tag.description)
        return _saved(material, tag)

    @handles("DeleteProjectTag")
    def _delete_tag(self, call: Call) -> dict[str, Any]:
        material = material_of(self.state, call, "E.SC.API.0124001")
        if call.get("tag_id") not in material.tags:
            raise refuse("W.SC.API.0124002")
        material.remove_tag(call.get("tag_id"))
        return SUCCESS


def _saved(material: Material, tag: Tag) -> dict[str, Any]:
    return {
        "id": tag.tag_id,
        "name": tag.name,
        "description": tag.description,
        "type": tag.kind,
        "image_count": str(material.count(tag.tag_id)),
    }
