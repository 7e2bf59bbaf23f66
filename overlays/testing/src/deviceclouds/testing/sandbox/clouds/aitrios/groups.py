"""Groups of devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .device_table import Group
from .device_view import group_view
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call
    from .device import Device

__all__ = ["Groups"]

EMPTIED = "@@nullupdate"
"""Takes the value out of a field."""


class Groups(Topic):
    """See the module."""

    @handles("GetDeviceGroups")
    def _list(self, call: Call) -> dict[str, Any]:
        found = list(self.state.table.groups.values())
        if call.get("device_group_id"):
            text = call.get("device_group_id").casefold()
            found = [one for one in found if text in one.group_id.casefold()]
        if call.get("description"):
            text = call.get("description").casefold()
            found = [one for one in found if text in (one.description or "").casefold()]
        if call.get("device_id"):
            found = [one for one in found if call.get("device_id") in one.members]
        groups, following = self.cut(call, found)
        devices = self.state.table.devices
        views = [group_view(group, devices) for group in groups]
        return {"device_groups": views, "continuation_token": following}

    @handles("GetDeviceGroup")
    def _get(self, call: Call) -> dict[str, Any]:
        group = self._group(call, "E.SC.API.0032001")
        return group_view(group, self.state.table.devices)

    @handles("CreateDeviceGroup")
    def _create(self, call: Call) -> dict[str, Any]:
        table, group_id = self.state.table, call.get("device_group_id")
        if not group_id or not group_id.isascii() or "," in group_id:
            raise refuse("E.SC.API.0033002")
        if group_id in table.groups:
            raise refuse("E.SC.API.0033005")
        leaves = _flag(call, "E.SC.API.0033009")
        devices = self._devices(call, "E.SC.API.0033004", "E.SC.API.0033006")
        group = Group(group_id, call.get("description") or None, self.now, self.now)
        table.groups[group_id] = group
        self._fill(group, devices, leaves)
        return SUCCESS

    @handles("UpdateDeviceGroup")
    def _update(self, call: Call) -> dict[str, Any]:
        group = self._group(call, "E.SC.API.0034004")
        words, ids = call.get("description"), call.get("device_id", [])
        if not words and not any(ids):
            raise refuse("E.SC.API.0034003")
        leaves = _flag(call, "E.SC.API.0034009")
        if any(ids):
            emptied = ids == [EMPTIED]
            devices = [] if emptied else self._devices(call, "E.SC.API.0034008", "E.SC.API.0034004")
            keep = {device.device_id for device in devices}
            for device_id in [one for one in group.members if one not in keep]:
                self.state.table.leave(self.state.table.devices[device_id], group)
            self._fill(group, devices, leaves)
        if words:
            group.description = None if words == EMPTIED else words
        group.upd_date = self.now
        return SUCCESS

    @handles("DeleteDeviceGroup")
    def _delete(self, call: Call) -> dict[str, Any]:
        group = self._group(call, "W.SC.API.0035003")
        for device_id in list(group.members):
            self.state.table.leave(self.state.table.devices[device_id], group)
        del self.state.table.groups[group.group_id]
        return SUCCESS

    def _group(self, call: Call, code: str) -> Group:
        group = self.state.table.groups.get(call.get("device_group_id"))
        if group is None:
            raise refuse(code)
        return group

    def _devices(self, call: Call, repeated: str, unknown: str) -> list[Device]:
        ids = [one for one in call.get("device_id", []) if one]
        if len(set(ids)) < len(ids):
            raise refuse(repeated)
        return [self.device(one, unknown) for one in ids]

    def _fill(self, group: Group, devices: list[Device], leaves: bool) -> None:
        table = self.state.table
        for device in devices:
            default = table.groups.get(device.default_group or "")
            table.join(device, group)
            if leaves and default is not None and default is not group:
                table.leave(device, default)


def _flag(call: Call, code: str) -> bool:
    """Whether devices leave their default group: the one they were put into first."""
    value = call.get("del_from_dgroup")
    if value not in ("0", "1"):
        raise refuse(code)
    return bool(value == "1")
