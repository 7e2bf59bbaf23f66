"""Cameras by their ids, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from deviceclouds._generated.amnimo.operations.cameras import LIST_CAMERAS
from deviceclouds.runtime._errors import InvalidRequestError
from deviceclouds.runtime._gather import Gather

if TYPE_CHECKING:
    from deviceclouds._generated.amnimo.models import Camera
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._workflow import Workflow

__all__ = ["CamerasById", "find"]

AT_ONCE = 2
"""Calls side by side. The vendor allows 5 a second, and other calls want their share."""


class CamerasById(NamedTuple):
    """Cameras that were asked for by id.

    Attributes:
        found: Cameras by the id that was asked for, in that order.
        missing: Ids for which the cloud gave no camera, in that order.
    """

    found: dict[str, Camera]
    missing: list[str]


def find(work: Workflow, camera_ids: Sequence[str], asked: Mapping[str, Any]) -> Flow[CamerasById]:
    """Asks for as many cameras at once as the specification allows. ``asked`` are the other arguments."""
    ids = _checked(camera_ids)
    chunk = _largest_chunk()
    flows = [
        partial(work.items, LIST_CAMERAS, {**asked, "camera_id": ids[start : start + chunk]})
        for start in range(0, len(ids), chunk)
    ]
    lists: list[Sequence[Camera]] = yield Gather(flows, AT_ONCE)
    cameras = {str(camera.id).lower(): camera for part in lists for camera in part if camera.id}
    found = {one: cameras[one.lower()] for one in ids if one.lower() in cameras}
    return CamerasById(found, [one for one in ids if one not in found])


def _checked(camera_ids: Sequence[str]) -> list[str]:
    """Each id once."""
    # Text is a sequence too: of its letters.
    ids = [] if isinstance(camera_ids, str) else list(dict.fromkeys(camera_ids))
    if isinstance(camera_ids, str) or not all(isinstance(one, str) and one for one in ids):
        raise InvalidRequestError(
            "camera_ids must be a list of ids (text, not empty)",
            vendor="amnimo",
            operation=LIST_CAMERAS.name,
        )
    return ids


def _largest_chunk() -> int:
    (parameter,) = (p for p in LIST_CAMERAS.parameters if p.name == "camera_id")
    assert parameter.limits.max_items is not None  # documented: ten
    return parameter.limits.max_items
