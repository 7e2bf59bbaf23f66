"""Devices, groups and certificates as replies have them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .fleet import PEOPLE
from .times import stamp

if TYPE_CHECKING:
    from .device import Device
    from .device_table import Group
    from .settings import Settings

__all__ = [
    "certificate_view",
    "full_view",
    "group_view",
    "listed_view",
    "minimal_view",
    "property_view",
]

LIFE = 20 * 365 * 86400
"""Seconds a certificate is good for."""


def minimal_view(device: Device, now: float) -> dict[str, Any]:
    """A device in a list of the scope ``minimal``; which fields those are is not documented."""
    return {
        "device_id": device.device_id,
        "device_name": device.name,
        "connection_state": "Connected" if device.connected(now) else "Disconnected",
    }


def listed_view(device: Device, now: float, groups: Mapping[str, Group]) -> dict[str, Any]:
    """A device in a list; modules are there without what stands in them."""
    module = device.module
    modules = (
        [] if module is None else [{"module_id": module.module_id, "module_name": MODULE_NAME}]
    )
    return {
        **_head(device, now, groups),
        "property": {"configuration": {}, "state": _states()},
        "modules": modules,
    }


MODULE_NAME = "EdgeApp_6682_1"
"""Name of all modules of edge apps, as in the specification's examples."""


def full_view(device: Device, now: float, groups: Mapping[str, Group]) -> dict[str, Any]:
    """A device by itself."""
    modules = []
    if device.module is not None:
        modules.append(
            {
                "module_id": device.module.module_id,
                "module_name": MODULE_NAME,
                "app_name": device.module.app_name,
                "app_version": device.module.app_version,
                "property": property_view(device.module.settings, now),
            }
        )
    return {
        **_head(device, now, groups),
        "modules": modules,
        "property": device_property(device, now),
    }


def device_property(device: Device, now: float) -> dict[str, Any]:
    """Settings of a device, with what it tells of itself."""
    found = property_view(device.settings, now)
    return {**found, "state": {**found["state"], **_states()}}


def property_view(settings: Settings, now: float) -> dict[str, Any]:
    """Wanted and reported settings."""
    return {"configuration": settings.wanted, "state": settings.reported(now)}


def group_view(group: Group, devices: Mapping[str, Device]) -> dict[str, Any]:
    """A group with its devices."""
    return {
        "device_group_id": group.group_id,
        "device_type": "00",
        **_membership(group),
        "devices": [_member(devices[one]) for one in group.members],
    }


def certificate_view(device: Device) -> dict[str, Any]:
    """A device's certificate."""
    digest = hashlib.sha256(device.certificate.encode()).hexdigest()
    return {
        "device_id": device.device_id,
        "internal_device_id": device.internal_id,
        "device_name": device.name,
        "credentials_id_object": "5d0f3c1e" if device.number == 0 else digest[:8],
        "credentials_type": "X509_CERTIFICATE",
        "expiration_date": stamp(device.certificate_at + LIFE),
        "created_time": stamp(device.certificate_at),
    }


def _head(device: Device, now: float, groups: Mapping[str, Group]) -> dict[str, Any]:
    return {
        "device_id": device.device_id,
        "description": device.description,
        "device_name": device.name,
        "internal_device_id": device.internal_id,
        "device_type": device.device_type,
        "ins_id": device.ins_id,
        "ins_date": stamp(device.ins_date),
        "upd_id": device.ins_id,
        "upd_date": stamp(device.upd_date),
        "connection_state": "Connected" if device.connected(now) else "Disconnected",
        "last_activity_time": stamp(device.last_activity(now)),
        "inactivity_timeout": device.inactivity_timeout,
        "models": [
            {"model_id": model_id, "model_version_id": f"{model_id}:v{version}"}
            for model_id, version in device.models
        ],
        "device_groups": [
            {"device_group_id": one, **_membership(groups[one])} for one in device.groups
        ],
    }


def _membership(group: Group) -> dict[str, Any]:
    return {
        "description": group.description,
        "ins_id": PEOPLE[0],
        "ins_date": stamp(group.ins_date),
        "upd_id": PEOPLE[0],
        "upd_date": stamp(group.upd_date),
    }


def _member(device: Device) -> dict[str, Any]:
    return {
        "device_id": device.device_id,
        "property": {"device_name": device.name, "internal_device_id": device.internal_id},
        "device_type": "00",
        "display_device_type": "Smart camera",
        "place": device.description.partition(" ")[0],
        "description": device.description,
        "ins_id": device.ins_id,
        "ins_date": stamp(device.ins_date),
        "upd_id": device.ins_id,
        "upd_date": stamp(device.upd_date),
    }


def _states() -> dict[str, Any]:
    return {"device_states": {"process_state": "Idle"}}
