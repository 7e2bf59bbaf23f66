"""Commands to devices and their modules.

Which command answers what is known of ``direct_get_image`` only. That a device which is off gives 408, one whose
command fails ``WARNING``, and what their words are, is this sandbox's choice among the documented ways to fail.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .fleet import Character
from .properties import SYSTEM
from .results import Session, Shot
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call
    from .device import Device

__all__ = ["Commands"]

RESTARTS_FOR = 30.0
"""Seconds a device is away when it restarts."""

SENSOR = "IMX500"

_SILENT = ("factory_reset", "write_sensor_register")


class Commands(Topic):
    """See the module."""

    @handles("ExecuteDeviceCommand")
    def _device_command(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0308001")
        if not call.body["command_name"]:
            raise refuse("E.SC.API.0308002")
        self._reach(device, "E.SC.API.0308012")
        if device.character is Character.ERRORS:
            return {"result": "WARNING", "command_response": {"result": "error"}}
        return self._carry_out(device, call.body, "E.SC.API.0308011", "E.SC.API.0308006")

    @handles("ExecuteCommand")
    def _module_command(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0288001")
        module_id = call.get("module_id")
        if module_id != SYSTEM and (device.module is None or device.module.module_id != module_id):
            raise refuse("E.SC.API.0288006")
        if not call.body["command_name"]:
            raise refuse("E.SC.API.0288002")
        self._reach(device, "E.SC.API.0288014")
        if device.character is Character.ERRORS:
            return self.warning(
                "W.SC.API.0288007", "Device responded with an error when requested. Result = error"
            )
        return self._carry_out(device, call.body, "E.SC.API.0288013", "E.SC.API.0288016")

    def _reach(self, device: Device, restarting: str) -> None:
        """Raises Refusal for a device that does not answer."""
        if self.now < device.away_until:
            raise refuse(restarting)
        if not device.connected(self.now) or device.character is Character.SLOW:
            raise refuse("E.SC.API.0000009")

    def _carry_out(
        self, device: Device, body: Mapping[str, Any], unknown: str, missing: str
    ) -> dict[str, Any]:
        name, parameters = body["command_name"], body.get("parameters") or {}
        if name == "direct_get_image":
            if parameters.get("sensor_name", SENSOR) != SENSOR:
                return {"result": "WARNING", "command_response": {"result": "no such sensor"}}
            image = base64.b64encode(self._picture(device)).decode()
            return {**SUCCESS, "command_response": {"image": image}}
        if name == "reboot":
            device.away_until = self.now + RESTARTS_FOR
            device.last_seen = self.now
            device.note(self.now, "Info", "200", "Restarting")
            return SUCCESS
        if name == "read_sensor_register":
            if "address" not in parameters:
                raise refuse(missing)
            return {**SUCCESS, "command_response": {"value": 0}}
        if name in _SILENT:
            return SUCCESS
        raise refuse(unknown)

    def _picture(self, device: Device) -> bytes:
        """What it sees now: another picture every second."""
        milliseconds = int(self.now) * 1000
        moment = Session(4000, milliseconds, milliseconds)
        shot = Shot(milliseconds, device.device_id, moment, int(self.now) % 4096)
        return self.state.results.picture(device, shot, 1)
