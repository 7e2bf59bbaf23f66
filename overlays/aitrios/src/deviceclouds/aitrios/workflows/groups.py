"""Device groups: None empties a field, which the API wants said by a word of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deviceclouds._generated.aitrios.operations.manage_devices import UPDATE_DEVICE_GROUP
from deviceclouds.runtime._unset import UNSET, Unset

if TYPE_CHECKING:
    from deviceclouds._generated.aitrios.models import SuccessResponse
    from deviceclouds.runtime._core import CallOptions
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._workflow import Workflow

__all__ = ["EMPTIED", "update_device_group"]

EMPTIED = "@@nullupdate"
"""What the API takes for: no value."""


def update_device_group(
    work: Workflow,
    device_group_id: str,
    description: str | Unset | None,
    device_id: Sequence[str] | Unset | None,
    del_from_dgroup: str | Unset,
    options: CallOptions,
) -> Flow[SuccessResponse]:
    """Changes a group; None, an empty text and an empty list empty the field."""
    arguments: dict[str, Any] = {
        "device_group_id": device_group_id,
        "description": _or_emptied(description),
        "device_id": _or_emptied(device_id),
        "del_from_dgroup": del_from_dgroup,
    }
    return work.call(UPDATE_DEVICE_GROUP, arguments, options)


def _or_emptied(value: Any) -> Any:
    return value if value is UNSET or value else EMPTIED
