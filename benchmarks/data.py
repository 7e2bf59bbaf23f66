"""The replies that are decoded: made from the specifications' own examples, the same on every run.

- ``devices``: 100 AITRIOS devices, GetDevices. Every item starts as the example's; ids, names, times and states vary,
  there are one to three modules and one or two groups, each seventh device has no description, each eleventh no name.
- ``events``: 500 ProGlove events, list_events. Ids, barcodes, times, batteries, temperatures, scanners and gateways
  vary, all fields are there. The field ``class`` is ``class_`` in Python, so renaming is part of the figure.
- ``device``: one AITRIOS device, GetDevice, as the example has it.
"""

from __future__ import annotations

import copy
import json
import uuid
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

__all__ = ["REPLIES", "ROOT", "VENDORS", "Reply", "read_spec", "reply"]

ROOT = Path(__file__).resolve().parents[1]
VENDORS = ("aitrios", "amnimo", "proglove", "scailable", "viziosense")
REPLIES = ("devices", "events", "device")

_START = datetime(2025, 7, 1, 6, 0, 0, 123456, tzinfo=UTC)
_PLACES = ("north door", "south door", "dock", "aisle", "checkout", "car park")


class Reply(NamedTuple):
    """A reply as bytes, and where it belongs."""

    name: str
    vendor: str
    operation: str
    schema: str
    items: tuple[str, ...]
    """Keys that lead to the list of items; none for a single object."""
    content: bytes

    @property
    def data(self) -> Any:
        """The reply as the standard library reads it."""
        return json.loads(self.content)

    @property
    def title(self) -> str:
        """How tables name it."""
        count = len(self.data[self.items[0]]) if self.items else 1
        return f"{count} {self.name.rstrip('s')}{'s' if count > 1 else ''}, {len(self.content) / 1000:.1f} kB"


@cache
def read_spec(vendor: str) -> dict[str, Any]:
    """A vendor's specification."""
    text = (ROOT / "specs" / vendor / "openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return document


@cache
def reply(name: str) -> Reply:
    """One of :data:`REPLIES`."""
    if name == "devices":
        page = _example("aitrios", "GetDevices")
        page["devices"] = [_device(page["devices"][0], index) for index in range(100)]
        return _reply(name, "aitrios", "GetDevices", "GetDevicesResponse", ("devices",), page)
    if name == "events":
        page = _example("proglove", "list_events")
        page["items"] = [_event(page["items"][0], index) for index in range(500)]
        return _reply(name, "proglove", "list_events", "EventList", ("items",), page)
    return _reply(name, "aitrios", "GetDevice", "Device", (), _example("aitrios", "GetDevice"))


def _reply(
    name: str, vendor: str, operation: str, schema: str, items: tuple[str, ...], data: Any
) -> Reply:
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return Reply(name, vendor, operation, schema, items, text.encode())


def _example(vendor: str, operation_id: str) -> Any:
    for item in read_spec(vendor)["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and operation.get("operationId") == operation_id:
                content = operation["responses"]["200"]["content"]["application/json"]
                return copy.deepcopy(content["example"])
    raise LookupError(f"specs/{vendor}/openapi.yaml has no operation {operation_id}")


def _time(index: int) -> str:
    return (_START + timedelta(seconds=index * 977, microseconds=index * 1301)).isoformat(
        timespec="microseconds"
    )


def _device(example: dict[str, Any], index: int) -> dict[str, Any]:
    device = copy.deepcopy(example)
    place = _PLACES[index % len(_PLACES)]
    device |= {
        "device_id": f"Aid-80010001-0000-2000-9002-{index:012x}",
        "description": f"Camera {index} at the {place}",
        "device_name": f"{place.replace(' ', '-')}-{index:03}",
        "internal_device_id": str(uuid.UUID(int=0x7805BB40 << 96 | index)),
        "ins_date": _time(index),
        "upd_date": _time(index + 200),
        "connection_state": "Disconnected" if index % 5 == 0 else "Connected",
        "last_activity_time": _time(index + 400),
        "inactivity_timeout": 300 if index % 3 else 600,
    }
    if index % 7 == 6:
        del device["description"]
    if index % 11 == 10:
        del device["device_name"]
    module = device["modules"][0]
    device["modules"] = [
        {**module, "module_id": f"b8d57d00-ba85-4fd0-b78a-{index:08x}{number:04x}"}
        for number in range(1 + index % 3)
    ]
    group = device["device_groups"][0]
    device["device_groups"] = [
        {**group, "device_group_id": f"{place.replace(' ', '-')}-group-{number}"}
        for number in range(1 + index % 2)
    ]
    return device


def _event(example: dict[str, Any], index: int) -> dict[str, Any]:
    return example | {
        "id": str(uuid.UUID(int=0x497F6ECA62764993 << 64 | index)),
        "created": example["created"] + index * 3,
        "scan_code": f"{index * 7919 % 10**10:010}",
        "scan_duration": round(0.4 + index % 37 * 0.11, 2),
        "scan_decode_symbology": ("QR_CODE", "CODE_128", "EAN_13")[index % 3],
        "device_id": f"M2MR1412{index % 40:05}",
        "device_battery": 100 - index % 90,
        "device_temperature": 21 + index % 17 / 2,
        "gateway_id": str(uuid.UUID(int=0x919EBC9D << 96 | index % 8)),
        "gateway_station": f"Station{index % 8}",
    }
