"""The two operations over Insight's events: lists of a time window, and jobs between two barcodes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..calls import Refusal
from .proglove_lists import SAMPLE_TOKEN, list_body

if TYPE_CHECKING:
    from ..calls import Call
    from .proglove_events import EventBook

__all__ = ["MOST_ANALYSED", "analyse", "list_events"]

MOST_ANALYSED = 300_000
"""Events one analysis looks at, at most: a limit of the sandbox; the cloud's is not known."""

_DAY = 86_400_000


def list_events(call: Call, events: EventBook) -> dict[str, Any]:
    """A page of events, newest first; the cloud's own order is not documented.

    Both ends belong to the window, which is not documented either. A cursor keeps the window it was made for: new
    events do not shift later pages.
    """
    now = int(call.now.timestamp() * 1000)
    end = call.get("end_time_millis", now)
    # "One day prior": to the end, which is now unless told otherwise.
    start = call.get("start_time_millis", end - _DAY)
    if start > end:
        raise Refusal(400, "start_time_millis is after end_time_millis")
    gateway = call.get("gateway_id")
    filters = [("start_time_millis", start), ("end_time_millis", end)]
    size = call.get("limit")
    if gateway is not None:
        numbers = _of_gateway(events, gateway, *_window(events, start, end, now))
        found = [events.event(number) for number in islice(numbers, size)]
        # One page and no more, as documented; next_token has no meaning here.
        filters.append(("gateway_id", gateway))
        return list_body(found, "events", None, "Events of one gateway", filters)
    first, behind = _window(events, start, end, now)
    if call.get("next_token"):
        first, behind = _read(call.get("next_token"), events.until(now // 1000))
    until = max(first, behind - size)
    found = [events.event(number) for number in range(behind - 1, until - 1, -1)]
    cursor = _write(first, until) if until > first else None
    return list_body(found, "events", cursor, "Events of a time window", filters)


def _window(events: EventBook, start: int, end: int, now: int) -> tuple[int, int]:
    """Numbers of the first event of a window, and of the first one behind it."""
    low, high = min(max(0, start), now + 1000), min(end, now)
    # Events happen on whole seconds: the first one is at the next second or later.
    first = events.until(-(-low // 1000) - 1)
    return first, max(first, events.until(high // 1000)) if high >= 0 else first


def _of_gateway(events: EventBook, gateway_id: str, first: int, behind: int) -> Any:
    for number, place in enumerate(events.places):
        if place.gateway_id == gateway_id:
            return events.of_gateway(number, first, behind)
    # Unknown or new: nothing came through it.
    return iter(())


def _write(first: int, behind: int) -> str:
    text = f"{first}-{behind}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, most: int) -> tuple[int, int]:
    if cursor == SAMPLE_TOKEN:
        return 0, 0
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        low, _, high = (
            base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition("-")
        )
    except (binascii.Error, ValueError):
        low = high = ""
    if low.isascii() and low.isdigit() and high.isascii() and high.isdigit() and len(cursor) < 40:
        first, behind = int(low), int(high)
        if first <= behind <= most:
            return first, behind
    raise Refusal(400, "next_token is none this cloud gave out")


def analyse(call: Call, config: Mapping[str, Any], events: EventBook) -> dict[str, Any]:
    """The jobs of a time window, in seconds as in the document's sample.

    A job goes from a start barcode to the next end barcode of the same gateway; what the cloud makes of nested starts
    is not documented, here the first one counts.
    """
    start, end = call.body["start_time"], call.body["end_time"]
    if start > end:
        raise Refusal(400, "start_time is after end_time")
    now = int(call.now.timestamp() * 1000)
    most = now / 1000 + 1
    low, high = (int(min(max(-1, moment), most) * 1000) for moment in (start, end))
    first, behind = _window(events, low, high, now)
    wanted = set(config["gateway_ids"])
    places = [n for n, place in enumerate(events.places) if place.gateway_id in wanted]
    if sum(events.count_of(n, behind) - events.count_of(n, first) for n in places) > MOST_ANALYSED:
        raise Refusal(400, "too many events for one analysis; ask for a shorter time")
    return {
        "results": [
            {
                "gateway_id": events.places[number].gateway_id,
                "jobs": _jobs(config, events, list(events.of_gateway(number, first, behind))),
            }
            for number in places
        ]
    }


def _jobs(
    config: Mapping[str, Any], events: EventBook, newest_first: list[int]
) -> list[dict[str, Any]]:
    jobs = []
    begun: int | None = None
    for number in reversed(newest_first):
        code = events.code(number)
        if code is None:
            continue
        if begun is None:
            if code.startswith(config["start_barcode"]):
                begun = number
        elif code.startswith(config["end_barcode"]):
            jobs.append(
                {
                    "start_time": events.time(begun),
                    "end_time": events.time(number),
                    "start_event_id": events.id(begun),
                    "end_event_id": events.id(number),
                }
            )
            begun = None
    return jobs
