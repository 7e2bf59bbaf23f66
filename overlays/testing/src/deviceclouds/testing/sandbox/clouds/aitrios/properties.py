"""Settings of devices and of the edge apps on them; one of these starts and stops inference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .device_view import device_property, property_view
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call
    from .device import Device, Module
    from .settings import Settings

__all__ = ["SYSTEM", "Properties"]

SYSTEM = "$system"
"""Module id of the system app."""

STOPPED, RUNNING = 1, 2
"""``process_state`` of an edge app, by public code."""

MOST_LEVELS = 64
"""Levels of settings at most; a limit of the sandbox's own."""


class Properties(Topic):
    """See the module."""

    @handles("GetDeviceProperty")
    def _device_property(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0304001")
        return device_property(device, self.now)

    @handles("UpdateDeviceConfiguration")
    def _update_device(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0306001")
        changes = _changes(call, "E.SC.API.0306003", "E.SC.API.0306002")
        if not device.connected(self.now):
            raise refuse("E.SC.API.0306009")
        device.settings.update(changes, self.now)
        return _updated(call, device.settings)

    @handles("GetProperty")
    def _module(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0285001")
        module_id = call.get("module_id")
        if module_id == SYSTEM:
            found = device_property(device, self.now)
        else:
            module = self._module_of(device, module_id)
            if module is None:
                elsewhere = self.state.fleet.module_number(module_id) is not None
                raise refuse("E.SC.API.0285004" if elsewhere else "E.SC.API.0285002")
            found = property_view(module.settings, self.now)
        # What stands in the metadata is not known.
        return {"property": found, "module_id": module_id, "$metadata": {}}

    @handles("GetModuleProperty")
    def _module_property(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0305001")
        module = self._module_of(device, call.get("module_id"))
        if module is None:
            raise refuse("E.SC.API.0305002")
        return property_view(module.settings, self.now)

    @handles("UpdateModuleConfiguration")
    def _update_module(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0307001")
        module = self._module_of(device, call.get("module_id"))
        if module is None:
            raise refuse("E.SC.API.0307002")
        changes = _changes(call, "E.SC.API.0307004", "E.SC.API.0307003")
        if not device.connected(self.now):
            raise refuse("E.SC.API.0307010")
        module.settings.update(changes, self.now)
        self._switch(device, changes)
        return _updated(call, module.settings)

    def _module_of(self, device: Device, module_id: str) -> Module | None:
        module = device.module
        return module if module is not None and module.module_id == module_id else None

    def _switch(self, device: Device, changes: Mapping[str, Any]) -> None:
        settings = changes.get("edge_app", {}).get("common_settings")
        state = settings.get("process_state") if isinstance(settings, Mapping) else None
        if state == RUNNING:
            self.state.results.start(device, self.now)
        elif state == STOPPED:
            self.state.results.stop(device, self.now)


def _changes(call: Call, missing: str, invalid: str) -> Mapping[str, Any]:
    changes: Mapping[str, Any] = call.body.get("configuration") or {}
    if not changes:
        raise refuse(missing)
    if not all(isinstance(value, Mapping) for value in changes.values()):
        raise refuse(invalid)
    if _is_deep(changes):
        raise refuse(invalid)
    return changes


def _is_deep(value: Any) -> bool:
    """Whether it is nested too deep to be written back safely."""
    level = [value]
    for _ in range(MOST_LEVELS):
        inner = [list(v.values()) if isinstance(v, dict) else v for v in level]
        level = [one for items in inner for one in items if isinstance(one, dict | list)]
    return bool(level)


def _updated(call: Call, settings: Settings) -> dict[str, Any]:
    if not call.get("include_updated_conf"):
        return SUCCESS
    return {**SUCCESS, "configuration": settings.wanted}
