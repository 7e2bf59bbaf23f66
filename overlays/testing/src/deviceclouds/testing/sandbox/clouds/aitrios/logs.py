"""What devices and the apps on them report about themselves, the newest first: the order is not documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from ..drawing import uuid_at
from .codes import refuse
from .times import read_range, stamp
from .topic import Topic

if TYPE_CHECKING:
    from ...calls import Call
    from .device import Device

__all__ = ["Logs"]

EVENTS, LINES = 60, 120
"""Entries of each device from before the start."""

KEPT = 90 * 86400
"""Seconds logs are kept. Nobody says how long the Console keeps them; a longer period is refused."""

_EVENTS = (
    ("Error", "100", "0x0003", "Upload failed"),
    ("Warn", "100", "0x0011", "Time server does not answer"),
    ("Warn", "200", "0x0102", "Temperature is high"),
    ("Info", "200", "0x0001", "Started"),
)
_LINES = ("started", "model loaded", "sending results", "100 frames", "settings taken over")


class Logs(Topic):
    """See the module."""

    @handles("GetEventLogs")
    def _events(self, call: Call) -> dict[str, Any]:
        # No code says that the device is unknown: the shared one does.
        device = self.device(call.get("device_id"), "E.SC.API.0002001")
        period = _period(call, "E.SC.API.0194007", "E.SC.API.0194008")
        found, following = self.cut(call, _within(self._events_of(device), period))
        return {"event_logs": found, "continuation_token": following}

    @handles("GetEdgeAppLogs")
    def _app_logs(self, call: Call) -> dict[str, Any]:
        device = self.device(call.get("device_id"), "E.SC.API.0213004")
        period = _period(call, "E.SC.API.0213007", "E.SC.API.0213008")
        found, following = self.cut(call, _within(self._lines_of(device), period))
        return {"logs": found, "continuation_token": following}

    def _events_of(self, device: Device) -> Iterator[tuple[float, dict[str, Any]]]:
        fleet = self.state.fleet
        noted = sorted(enumerate(device.events), key=lambda item: item[1][0], reverse=True)
        for number, (at, level, component, words) in noted:
            code = "0x0000" if level == "Info" else "0x0003"
            log_id = uuid_at(device.number, 5000 + number)
            yield at, _event(log_id, device, (level, component, code, words), at)
        if device.number >= fleet.devices:
            return
        for number in range(EVENTS):
            at = fleet.epoch - 10_800.0 * number - (device.number * 37 + number * 101) % 3000
            first = number == 0 and device.number == 0
            log_id = (
                "66e1a9f0-5c1c-4b8e-9c55-000000000001" if first else uuid_at(device.number, number)
            )
            kind = _EVENTS[0 if first else (device.number + number * number) % len(_EVENTS)]
            yield at, _event(log_id, device, kind, at)

    def _lines_of(self, device: Device) -> Iterator[tuple[float, dict[str, Any]]]:
        fleet = self.state.fleet
        if device.number >= fleet.devices or device.module is None:
            return
        for number in range(LINES):
            at = fleet.epoch - 1800.0 * number - (device.number * 53 + number * 89) % 900
            first = number == 0 and device.number == 0
            yield (
                at,
                {
                    "id": "0d2f7b10-1a35-4c53-8f0a-000000000001"
                    if first
                    else uuid_at(device.number, 10_000 + number),
                    "log": _LINES[0 if first else (device.number + number) % len(_LINES)],
                    "app": "EdgeApp_6682_1",
                    "stream": "stderr" if number % 11 == 5 else "stdout",
                    "time": stamp(at),
                    "ingestion_time": stamp(at + 1.456),
                },
            )


def _event(
    log_id: str, device: Device, kind: tuple[str, str, str, str], at: float
) -> dict[str, Any]:
    level, component, code, words = kind
    return {
        "id": log_id,
        "device_id": device.device_id,
        "level": level,
        "component": component,
        "error_code": code,
        "description": words,
        "time": stamp(at),
        "ingestion_time": stamp(at + 1.456),
    }


def _period(call: Call, bad_start: str, bad_end: str) -> tuple[float | None, float | None]:
    given = call.get("from_datetime"), call.get("to_datetime")
    start, end = read_range(given, (refuse(bad_start), refuse(bad_end)))
    if start is not None and end is not None:
        if end <= start:
            raise refuse("E.SC.API.0213009")
        if end - start > KEPT:
            raise refuse("E.SC.API.0213010")
    return start, end


def _within(
    entries: Iterator[tuple[float, dict[str, Any]]], period: tuple[float | None, float | None]
) -> Iterator[dict[str, Any]]:
    start, end = period
    for at, entry in entries:
        if (start is None or at >= start) and (end is None or at <= end):
            yield entry
