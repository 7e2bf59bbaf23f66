"""Events of a long time: windows, their shared edges, and pages that hide more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import Session, reply
from tests.vendor_sessions import OpenSession

START = datetime(2026, 11, 1, tzinfo=UTC)
ZERO = int(START.timestamp() * 1000)


class Events:
    """A cloud that has an event at each of the given milliseconds after START."""

    def __init__(self, moments: list[int], page: int = 500) -> None:
        self.moments = moments
        self.page = page
        self.asked: list[tuple[int, int]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        query = {k: v[0] for k, v in parse_qs(urlsplit(str(request.url)).query).items()}
        first = int(query["start_time_millis"]) - ZERO
        last = int(query["end_time_millis"]) - ZERO
        at = int(query.get("next_token", 0))
        if not at:
            self.asked.append((first, last))
        found = [m for m in self.moments if first <= m <= last]
        items = [
            {"id": f"e{m}", "class": "event", "created": m} for m in found[at : at + self.page]
        ]
        more = at + self.page < len(found) and "gateway_id" not in query
        links = {"next": f"/events?next_token={at + self.page}"} if more else {"next": None}
        return reply({"items": items, "links": links, "metadata": {"size": len(items)}})


def collect(one: Session, end: timedelta, **arguments: Any) -> list[str]:
    found = one.client.iterate_events(START, START + end, **arguments)
    if one.kind == "sync":
        return [event.id for event in found]

    async def walk() -> list[str]:
        return [event.id async for event in found]

    ids: list[str] = one.run(walk())
    return ids


def test_windows_cover_the_time_and_share_their_edges(opened: OpenSession) -> None:
    hour = 3_600_000
    cloud = Events([0, 5, hour, hour + 1, 2 * hour, 2 * hour + 1_800_000])
    one = opened("proglove", cloud)
    ids = collect(one, timedelta(hours=2.5), window=timedelta(hours=1))
    assert ids == [f"e{moment}" for moment in cloud.moments]
    assert cloud.asked == [(0, hour), (hour, 2 * hour), (2 * hour, 2 * hour + 1_800_000)]


def test_pages_of_a_window_are_walked(opened: OpenSession) -> None:
    cloud = Events(list(range(1200)))
    one = opened("proglove", cloud)
    assert collect(one, timedelta(days=1)) == [f"e{n}" for n in range(1200)]
    assert len(one.cloud.requests) == 3


def test_a_full_page_of_a_gateway_is_asked_for_in_halves(opened: OpenSession) -> None:
    cloud = Events(list(range(0, 3000, 2)))
    one = opened("proglove", cloud)
    ids = collect(one, timedelta(seconds=3), gateway_id="g")
    assert ids == [f"e{n}" for n in range(0, 3000, 2)]
    assert len(cloud.asked) > 4
    assert all(first <= last for first, last in cloud.asked)


def test_a_millisecond_that_fills_a_page(opened: OpenSession) -> None:
    one = opened("proglove", Events([1] * 500))
    with pytest.raises(rt.PaginationError, match="one millisecond"):
        collect(one, timedelta(seconds=1), gateway_id="g")


def test_nothing_is_asked_before_the_first_event_is_wanted(opened: OpenSession) -> None:
    one = opened("proglove", Events([]))
    one.client.iterate_events(START, START + timedelta(days=3))
    assert one.cloud.requests == []
    assert collect(one, timedelta(0)) == []
    assert len(one.cloud.requests) == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"start": datetime(2026, 11, 1)}, "start must be a datetime with a time zone"),
        ({"end": START - timedelta(seconds=1)}, "end is before start"),
        ({"window": timedelta(0)}, "window must be"),
    ],
)
def test_bad_windows(opened: OpenSession, arguments: dict[str, Any], why: str) -> None:
    one = opened("proglove", Events([]))
    given = {"start": START, "end": START + timedelta(days=1), **arguments}
    found = one.client.iterate_events(given.pop("start"), given.pop("end"), **given)
    with pytest.raises(rt.InvalidRequestError, match=why):
        next(found) if one.kind == "sync" else one.run(anext(found))
    assert one.cloud.requests == []
