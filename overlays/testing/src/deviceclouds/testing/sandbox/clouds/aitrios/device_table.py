"""The devices and their groups, made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .device import Device, Module, app_configuration
from .fleet import ENROLLED, PEOPLE, Character, Fleet
from .settings import Settings

if TYPE_CHECKING:
    from .deployment import Deployment

__all__ = ["DeviceTable", "Group"]

CONNECTS_AFTER = 60.0
"""Seconds from a device's enrollment until it is there."""

_TYPES = ("SZP123S-001", "SZP123S-001", "SZP123S-002")

Installed = Callable[[int], tuple[str, str]]


@dataclass(slots=True)
class Group:
    """A group of devices; ``members`` holds their ids in order."""

    group_id: str
    description: str | None
    ins_date: float
    upd_date: float
    members: dict[str, None] = field(default_factory=dict)


class DeviceTable:
    """All devices and groups.

    Args:
        fleet: Their seed.
        model: Gives the model on a seeded device, and its version.
        app: Gives the edge app on it, and its version.
        firmware: Gives the id of its firmware.
    """

    def __init__(
        self, fleet: Fleet, model: Installed, app: Installed, firmware: Callable[[int], str]
    ) -> None:
        self._fleet = fleet
        self._model = model
        self._app = app
        self._firmware = firmware
        self._enrolled = 0
        self.gone: dict[str, Device] = {}
        """Devices that were removed; what they sent is still there."""

    @cached_property
    def devices(self) -> dict[str, Device]:
        """Devices by id, in the order in which they were enrolled."""
        made = (self._make(number) for number in range(self._fleet.devices))
        return {device.device_id: device for device in made}

    @cached_property
    def groups(self) -> dict[str, Group]:
        """Groups by id."""
        fleet = self._fleet
        groups = {}
        for number in range(fleet.groups):
            at = 1678228050.821646 if number == 0 else float(fleet.epoch - 86400 * (700 - number))
            words = "All entrances" if number == 0 else f"Cameras, {fleet.group_id(number)}"
            group_id = fleet.group_id(number)
            groups[group_id] = Group(group_id, words, at, at + 86400 * 30)
        for device in self.devices.values():
            if device.default_group in groups:
                groups[device.default_group].members[device.device_id] = None
        return groups

    def enroll(self, name: str, certificate: str, now: float) -> Device:
        """Adds a device, which is there a minute later."""
        number = ENROLLED + self._enrolled
        self._enrolled += 1
        device = Device(
            number,
            self._fleet.device_id(number),
            self._fleet.internal_id(number),
            name,
            "",
            _TYPES[0],
            Character.PLAIN,
            PEOPLE[0],
            now,
            now,
            now,
            connects_at=now + CONNECTS_AFTER,
            certificate=certificate,
            certificate_at=now,
        )
        self.devices[device.device_id] = device
        return device

    def remove(self, device: Device) -> None:
        """Takes a device out, of its groups too."""
        for group_id in list(device.groups):
            self.leave(device, self.groups[group_id])
        del self.devices[device.device_id]
        self.gone[device.device_id] = device

    def known(self, device_id: str) -> Device | None:
        """A device that is there or was."""
        return self.devices.get(device_id) or self.gone.get(device_id)

    def named(self, name: str) -> Device | None:
        """The device of a name."""
        return next((one for one in self.devices.values() if one.name == name), None)

    def join(self, device: Device, group: Group) -> None:
        """Puts a device into a group."""
        group.members[device.device_id] = None
        if group.group_id not in device.groups:
            device.groups.append(group.group_id)
        device.default_group = device.default_group or group.group_id

    def leave(self, device: Device, group: Group) -> None:
        """Takes a device out of a group."""
        group.members.pop(device.device_id, None)
        if group.group_id in device.groups:
            device.groups.remove(group.group_id)
        if device.default_group == group.group_id:
            device.default_group = device.groups[0] if device.groups else None

    def send(self, deployment: Deployment) -> None:
        """Lets devices of a deployment take it over when it is through."""
        for device_id in deployment.plans:
            self.devices[device_id].pending.append(deployment)

    def _make(self, number: int) -> Device:
        fleet = self._fleet
        enrolled = fleet.enrolled_at(number)
        chance = fleet.draw("detail", number)
        group_id = fleet.group_id(number % fleet.groups if number > 1 else 0)
        app_name, app_version = self._app(number)
        module = Module(
            fleet.module_id(number), app_name, app_version, Settings(app_configuration())
        )
        return Device(
            number,
            fleet.device_id(number),
            fleet.internal_id(number),
            fleet.device_name(number),
            fleet.description(number),
            _TYPES[0] if number == 0 else _TYPES[chance % len(_TYPES)],
            fleet.character(number),
            PEOPLE[0 if number == 0 else chance // 7 % len(PEOPLE)],
            enrolled,
            1747771245.604248 if number == 0 else enrolled + 86400 * (chance // 31 % 50),
            float(fleet.epoch - 600 - chance // 1000 % (30 * 86400)),
            inactivity_timeout=300,
            certificate=f"seeded-{number}",
            certificate_at=enrolled,
            firmware_id=self._firmware(number),
            models=[self._model(number)],
            module=module,
            groups=[group_id],
            default_group=group_id,
        )
