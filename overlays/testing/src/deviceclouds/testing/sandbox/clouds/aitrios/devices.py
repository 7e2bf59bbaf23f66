"""Devices: listed, looked at, changed, enrolled and removed; their certificates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .device_view import certificate_view, full_view, listed_view, minimal_view
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call
    from .device import Device

__all__ = ["Devices"]

_CERTIFICATE = re.compile(r"[A-Za-z0-9+/=\s]{16,100000}")


class Devices(Topic):
    """See the module."""

    @handles("GetDevices")
    def _get_devices(self, call: Call) -> dict[str, Any]:
        state = call.get("connection_state", "")
        if state not in ("", "Connected", "Disconnected"):
            raise refuse("E.SC.API.0000006")
        # Pages are cut before the state is looked at: those of disconnected devices come out short, as documented.
        found, following = self.cut(call, self._wanted(call))
        now, groups = self.now, self.state.table.groups
        if state:
            found = [one for one in found if one.connected(now) == (state == "Connected")]
        if call.get("scope") == "minimal":
            return {
                "devices": [minimal_view(d, now) for d in found],
                "continuation_token": following,
            }
        for device in found:
            device.settle(now)
        views = [listed_view(device, now, groups) for device in found]
        return {"devices": views, "continuation_token": following}

    def _wanted(self, call: Call) -> list[Device]:
        table = self.state.table
        found = list(table.devices.values())
        group_id, ids = call.get("device_group_id"), call.get("device_ids", [])
        if group_id:
            group = table.groups.get(group_id)
            found = [table.devices[one] for one in group.members] if group else []
        if any(ids):
            exact = set(ids)
            found = [one for one in found if one.device_id in exact]
        # How the Console compares is only said to be "fuzzy": here a part in any case will do.
        if call.get("device_name"):
            text = call.get("device_name").casefold()
            found = [one for one in found if text in one.name.casefold()]
        if call.get("device_id"):
            text = call.get("device_id").casefold()
            found = [one for one in found if text in one.device_id.casefold()]
        return found

    @handles("GetDevice")
    def _get_device(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0002002")
        return full_view(device, self.now, self.state.table.groups)

    @handles("UpdateDevice")
    def _update_device(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0291005")
        body = call.body
        name = body.get("device_name", device.name)
        if not name.isascii() or not name:
            raise refuse("E.SC.API.0291003")
        if self.state.table.named(name) not in (None, device):
            raise refuse("E.SC.API.0291008")
        device.name = name
        device.description = body.get("description", device.description)
        device.inactivity_timeout = body.get("inactivity_timeout", device.inactivity_timeout)
        device.upd_date = self.now
        return SUCCESS

    @handles("EnrollDevice")
    def _enroll(self, call: Call) -> dict[str, Any]:
        name, certificate = call.body["device_name"], call.body["primary_certificate"]
        if not name or not name.isascii():
            raise refuse("E.SC.API.0144003")
        if not _CERTIFICATE.fullmatch(certificate):
            raise refuse("E.SC.API.0144010")
        if self.state.table.named(name):
            raise refuse("E.SC.API.0144006")
        if self._holder(certificate):
            raise refuse("E.SC.API.0144009")
        device = self.state.table.enroll(name, certificate, self.now)
        return {**SUCCESS, "id": device.device_id}

    @handles("DeleteDevice")
    def _delete(self, call: Call) -> dict[str, Any]:
        # The code is one of a warning, though nothing was done.
        device = self.device(call.get("device_id"), "W.SC.API.0111001")
        self.state.results.stop(device, self.now)
        self.state.table.remove(device)
        return SUCCESS

    @handles("GetDeviceCertificates")
    def _certificates(self, call: Call) -> dict[str, Any]:
        found, following = self.cut(call, list(self.state.table.devices.values()))
        views = [certificate_view(device) for device in found]
        return {"certificates": views, "continuation_token": following}

    @handles("GetDeviceCertificate")
    def _certificate(self, call: Call) -> dict[str, Any]:
        return certificate_view(self.device(call.get("device_id"), "E.SC.API.0097001"))

    @handles("UpdateDeviceCertificate")
    def _update_certificate(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0091005")
        name = call.body.get("device_name", device.name)
        certificate = call.body.get("primary_certificate")
        # No code says that a name or a certificate is another device's.
        taken = self.state.table.named(name) not in (None, device)
        if taken or not name.isascii() or not name:
            raise refuse("E.SC.API.0091007")
        if certificate is not None:
            bad = not _CERTIFICATE.fullmatch(certificate)
            if bad or self._holder(certificate) not in (None, device):
                raise refuse("E.SC.API.0091007")
            device.certificate, device.certificate_at = certificate, self.now
        device.name, device.upd_date = name, self.now
        return SUCCESS

    def _holder(self, certificate: str) -> Device | None:
        devices = self.state.table.devices.values()
        return next((one for one in devices if one.certificate == certificate), None)
