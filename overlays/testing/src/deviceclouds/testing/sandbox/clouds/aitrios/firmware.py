"""Firmware, and the files that are uploaded before they are registered as something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .fleet import PEOPLE
from .software import BROKEN, Firmware, UploadedFile
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call

__all__ = ["FirmwareAndFiles"]

LONGEST_NAME = 255
"""Characters of a file's name; the Console's own limit is not published."""

_REFUSED = '/\\:*?"<>|'


class FirmwareAndFiles(Topic):
    """See the module."""

    @handles("GetFirmwares")
    def _list(self, call: Call) -> dict[str, Any]:
        target = call.get("target_device_type")
        views = [one.shown() for one in self.state.software.firmwares.values()]
        wanted = [one for one in views if not target or target in one["target_device_types"]]
        found, following = self.cut(call, wanted)
        return {"firmwares": found, "continuation_token": following}

    @handles("GetFirmware")
    def _get(self, call: Call) -> dict[str, Any]:
        firmware = self.state.software.firmwares.get(call.get("firmware_id"))
        if firmware is None:
            raise refuse("E.SC.API.0024003")
        return {**firmware.shown(), "manifest": {"package_version": firmware.version}}

    @handles("CreateFirmware")
    def _create(self, call: Call) -> dict[str, Any]:
        software, file_id = self.state.software, call.body["file_id"]
        file = software.file(file_id, "firmware")
        if file is None:
            raise refuse("E.SC.API.0025017" if file_id in software.files else "E.SC.API.0025019")
        if BROKEN in file.name:
            raise refuse("E.SC.API.0025020")
        firmware_id = file_id.replace("-", "")[:16]
        if firmware_id in software.firmwares:
            raise refuse("E.SC.API.0025021")
        # Where the Console finds the version in a package is not known; here packages are counted.
        version = f"2.0.{len(software.firmwares)}"
        software.firmwares[firmware_id] = Firmware(
            firmware_id, version, call.body.get("description", ""), PEOPLE[0], self.now
        )
        return SUCCESS

    @handles("DeleteFirmware")
    def _delete(self, call: Call) -> dict[str, Any]:
        firmwares = self.state.software.firmwares
        firmware = firmwares.get(call.get("firmware_id"))
        if firmware is None:
            raise refuse("W.SC.API.0026003")
        if firmware.common:
            raise refuse("E.SC.API.0026001")
        del firmwares[firmware.firmware_id]
        return SUCCESS if firmware.has_file else self.warning("W.SC.API.0026004")

    @handles("UploadFile")
    def _upload(self, call: Call) -> dict[str, Any]:
        part = call.parts["file"]
        name = part.filename or "file"
        if len(name) > LONGEST_NAME:
            raise refuse("E.SC.API.0199006")
        if name in (".", "..") or any(ord(char) < ord(" ") or char in _REFUSED for char in name):
            raise refuse("E.SC.API.0199007")
        kind = call.parts["type_code"].content.decode("utf-8", "replace")
        software = self.state.software
        file = UploadedFile(software.new_id(), name, kind, len(part.content))
        software.files[file.file_id] = file
        self.world.storage.keep(
            f"aitrios/files/{file.file_id}", part.content, "application/octet-stream"
        )
        info = {"file_id": file.file_id, "name": name, "type_code": kind, "size": file.size}
        return {**SUCCESS, "file_info": info}
