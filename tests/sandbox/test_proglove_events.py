"""Events and jobs of ProGlove's cloud in the sandbox: windows, pages, order, barcodes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.testing.sandbox.clouds.proglove_events import EventBook, Place, Scanner

SAMPLE = "919ebc9d-9788-4f08-93db-e238c5eaa69a"
DAY = 86_400_000


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["proglove"], strict=True, size=0.05) as sandbox:
        sandbox.clock.freeze()
        yield sandbox


def millis(sandbox: Sandbox) -> int:
    return int(sandbox.clock.now() * 1000)


def book(count: int, started: float = 1_800_000_000.0, gateways: int = 5) -> EventBook:
    places = [
        Place(f"g{n}", "U", "S", "start", "end", [Scanner(f"d{n}-{k}", "1") for k in range(3)])
        for n in range(gateways)
    ]
    return EventBook(1, started, count, places)


@pytest.mark.parametrize("count", [3, 60, 1000, 2_000_000])
@pytest.mark.parametrize("started", [0.0, 1_800_000_000.7])
def test_arithmetic_agrees_with_counting(count: int, started: float) -> None:
    events = book(count, started)
    assert abs(events.until(int(started)) - count) <= 1
    numbers = [0, 1, 2, 3, *range(count // 2, count // 2 + 40), *range(count, count + 10)]
    for number in numbers:
        moment = events.time(number)
        assert events.time(number + 1) >= moment
        assert events.until(moment - 1) <= number < events.until(moment)
        for end in (events.until(moment - 1), events.until(moment), events.until(moment + 1)):
            assert end == 0 or events.time(end - 1) <= moment + 1
    assert events.until(events.time(0) - 1) == 0
    assert events.until(-(10**30)) == 0


def test_a_gateways_events_are_those_that_name_it() -> None:
    events = book(400)
    for first, behind in ((0, 400), (1, 2), (17, 133), (50, 50)):
        shown = {number: events.event(number) for number in range(first, behind)}
        for gateway, place in enumerate(events.places):
            expected = [n for n, event in shown.items() if event["gateway_id"] == place.gateway_id]
            assert list(events.of_gateway(gateway, first, behind)) == expected[::-1]


def test_the_last_event_of_a_scanner() -> None:
    events = book(700)
    for behind in (2, 3, 40, 333, 700):
        last: dict[str, int] = {}
        for number in range(2, behind):
            last[events.event(number)["device_id"]] = number
        for gateway, place in enumerate(events.places):
            for rank, scanner in enumerate(place.scanners):
                assert events.last_of_scanner(gateway, rank, behind) == last.get(scanner.id)


def test_the_default_window_is_a_day_newest_first(client: Any, sandbox: Sandbox) -> None:
    events = list(client.events.list_events(limit=50))
    times = [event.created for event in events]
    assert times == sorted(times, reverse=True)
    assert len({event.id for event in events}) == len(events) > 300
    now = sandbox.clock.now()
    assert now - 86400 <= min(times) <= now - 86000
    assert now - 300 < max(times) <= now


def test_windows_are_exact_and_have_both_ends(client: Any, sandbox: Sandbox) -> None:
    now = millis(sandbox)
    day = list(client.events.list_events(start_time_millis=now - DAY, end_time_millis=now))
    for first, last in ((3, 50), (7, 7), (0, len(day) - 1)):
        window = client.events.list_events(
            start_time_millis=int(day[last].created * 1000),
            end_time_millis=int(day[first].created * 1000),
        )
        times = {day[first].created, day[last].created}
        inside = [e for e in day if min(times) <= e.created <= max(times)]
        assert list(window) == inside
    just = {"end_time_millis": int(day[3].created * 1000) - 1, "start_time_millis": now - DAY}
    assert next(iter(client.events.list_events(**just))).created < day[3].created


def test_links_are_relative_and_the_last_page_has_none(client: Any, sandbox: Sandbox) -> None:
    now = millis(sandbox)
    page = client.events.list_events(start_time_millis=now - DAY, end_time_millis=now, limit=100)
    bodies = [json.loads(one.raw.content) for one in page.pages()]
    assert len(bodies) == 4
    for body in bodies[:-1]:
        assert body["links"]["next"].startswith("/events?next_token=")
        assert len(body["items"]) == body["metadata"]["size"] == 100
    assert bodies[-1]["links"] == {}
    assert bodies[0]["metadata"]["filters"] == [
        {"name": "start_time_millis", "value": now - DAY},
        {"name": "end_time_millis", "value": now},
    ]


def test_new_events_do_not_shift_later_pages(client: Any, sandbox: Sandbox) -> None:
    whole = [event.id for event in client.events.list_events()]
    pages = client.events.list_events(limit=40).pages()
    found = [event.id for event in next(pages).items]
    sandbox.clock.advance(3600)
    for page in pages:
        found += [event.id for event in page.items]
    assert found == whole


def test_time_brings_new_events(client: Any, sandbox: Sandbox) -> None:
    newest = next(iter(client.events.list_events(limit=1)))
    before = sandbox.clouds["proglove"].fleet()["events"]
    sandbox.clock.advance(86400)
    events = list(client.events.list_events())
    assert 320 < len(events) < 347
    assert sandbox.clouds["proglove"].fleet()["events"] - before == pytest.approx(333, abs=2)
    assert min(event.created for event in events) >= newest.created


def test_a_gateway_has_one_page(client: Any, sandbox: Sandbox) -> None:
    now = millis(sandbox)
    month = {"start_time_millis": now - 30 * DAY, "end_time_millis": now}
    every = list(client.events.list_events(**month))
    busy = max({e.gateway_id for e in every}, key=lambda g: sum(e.gateway_id == g for e in every))
    mine = [event for event in every if event.gateway_id == busy]
    page = client.events.list_events(**month, gateway_id=busy).first_page()
    assert len(mine) > 500
    assert page.items == mine[:500]
    assert json.loads(page.raw.content)["links"] == {}
    assert list(client.events.list_events(gateway_id="none")) == []
    start = datetime.fromtimestamp(now / 1000, UTC) - timedelta(days=30)
    walked = client.iterate_events(start, start + timedelta(days=30), gateway_id=busy)
    assert {event.id for event in walked} == {event.id for event in mine}


def test_the_documents_sample_happened(client: Any) -> None:
    window = {"start_time_millis": 1557220259000, "end_time_millis": 1557306659000}
    later, event = client.events.list_events(**window)
    assert event.id == "497f6eca-6276-4993-bfeb-53cbbbba6f08"
    assert (event.scan_code, event.device_id) == ("1234567890", "M2MR141204452")
    assert list(client.events.list_events(**window, gateway_id=SAMPLE)) == [later, event]
    found = client.job_configs.run_job_analysis(
        job_config_id=SAMPLE, start_time=1557220259, end_time=1557220260
    )
    [job] = found.results[0].jobs
    assert (job.start_event_id, job.end_event_id) == (event.id, later.id)


def test_measurements_have_no_barcode(client: Any) -> None:
    kinds = {"scan": 0, "telemetry": 0}
    for event in client.events.list_events():
        kinds[event.type] += 1
        assert bool(event.scan_code) == (event.type == "scan")
    assert kinds["scan"] > 3 * kinds["telemetry"] > 0


def test_jobs_are_found_between_their_barcodes(client: Any, sandbox: Sandbox) -> None:
    now = int(sandbox.clock.now())
    config = client.job_configs.get_job_config(SAMPLE)
    found = client.job_configs.run_job_analysis(
        job_config_id=SAMPLE, start_time=now - 5 * 86400, end_time=now
    )
    window = {"start_time_millis": (now - 5 * 86400) * 1000, "end_time_millis": now * 1000}
    events = {event.id: event for event in client.events.list_events(**window)}
    [result] = found.results
    assert result.gateway_id == SAMPLE
    starts = [e for e in events.values() if (e.scan_code or "").startswith(config.start_barcode)]
    assert len(starts) - 1 <= len(result.jobs) <= len(starts)
    assert len(result.jobs) > 5
    for job in result.jobs:
        start, end = events[job.start_event_id], events[job.end_event_id]
        assert start.scan_code.startswith(config.start_barcode)
        assert end.scan_code.startswith(config.end_barcode)
        assert (job.start_time, job.end_time) == (start.created, end.created)
        assert start.device_id == end.device_id
        assert start.gateway_id == end.gateway_id == SAMPLE
        assert start.created <= end.created


def test_jobs_of_ones_own_barcodes(client: Any, sandbox: Sandbox) -> None:
    new = {"start_barcode": "ARTICLE-", "end_barcode": "ARTICLE-", "job_name": "articles"}
    made = client.job_configs.create_job_config(**new, gateway_ids=[SAMPLE, "none"])
    now = int(sandbox.clock.now())
    [result] = client.job_configs.run_job_analysis(
        job_config_id=made.job_config_id, start_time=now - 86400, end_time=now + 10**9
    ).results
    day = client.events.list_events(gateway_id=SAMPLE)
    articles = [e for e in day if (e.scan_code or "").startswith("ARTICLE-")]
    assert abs(len(result.jobs) - len(articles) // 2) <= 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"start_time_millis": 2, "end_time_millis": 1}, "after"),
        ({"limit": 0}, "limit"),
        ({"limit": -5}, "limit"),
        ({"next_token": "nonsense"}, "next_token"),
        ({"next_token": "OS0xMTExMTExMQ"}, "next_token"),  # 9-1111111: there are not so many
        ({"next_token": "OS0y"}, "next_token"),  # 9-2
        ({"next_token": "LQ"}, "next_token"),
    ],
)
def test_what_cannot_be_listed(client: Any, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(rt.BadRequestError, match=words):
        client.events.list_events(**arguments).first_page()


def test_windows_beyond_all_times(client: Any, sandbox: Sandbox) -> None:
    far = 10**250
    assert (
        len(
            client.events.list_events(start_time_millis=-far, end_time_millis=far)
            .first_page()
            .items
        )
        == 500
    )
    assert list(client.events.list_events(start_time_millis=far, end_time_millis=far)) == []
    assert list(client.events.list_events(start_time_millis=-far, end_time_millis=-far)) == []
    now = sandbox.clock.now()
    assert (
        list(client.events.list_events(start_time_millis=int(now * 1000) + 1, end_time_millis=far))
        == []
    )


def test_analyses_that_are_refused(client: Any) -> None:
    for body in (
        {"job_config_id": "none", "start_time": 1, "end_time": 2},
        {"job_config_id": SAMPLE, "start_time": 2, "end_time": 1},
    ):
        with pytest.raises(rt.BadRequestError):
            client.job_configs.run_job_analysis(**body)


def test_an_analysis_has_its_limit(client: Any, sandbox: Sandbox) -> None:
    sandbox.clock.advance(10 * 365 * 86400)
    gateways = [gateway.id for gateway in client.gateways.list_gateways()]
    made = client.job_configs.create_job_config(
        job_name="all", start_barcode="a", end_barcode="b", gateway_ids=gateways
    )
    with pytest.raises(rt.BadRequestError, match="too many"):
        client.job_configs.run_job_analysis(
            job_config_id=made.job_config_id, start_time=0, end_time=1e12
        )


def test_the_whole_fleet_is_walked_and_counted() -> None:
    with Sandbox(["proglove"], strict=True) as sandbox, sandbox.client("proglove") as client:
        sandbox.clock.freeze()
        now = millis(sandbox)
        start = {"start_time_millis": now - 3 * DAY, "end_time_millis": now}
        events = [event.id for event in client.events.list_events(**start)]
        assert len(set(events)) == len(events) == pytest.approx(20_000, abs=5)
        assert len({scanner.id for scanner in client.devices.list_devices()}) == 3000
        assert len({gateway.id for gateway in client.gateways.list_gateways(limit=7)}) == 40
        assert len({user.email for user in client.users.list_users()}) == 240
        assert len({job.job_name for job in client.job_configs.list_job_configs()}) == 120
        assert sandbox.clouds["proglove"].fleet()["events"] == pytest.approx(200_000, abs=1)


def test_the_same_seed_makes_the_same_fleet() -> None:
    from deviceclouds.testing.sandbox import SandboxClock
    from deviceclouds.testing.sandbox.clouds import cloud_of
    from deviceclouds.testing.sandbox.world import World

    def fleet(seed: int) -> Any:
        world = World(seed=seed, size=0.05, clock=SandboxClock(1.8e9, frozen=True))
        found = cloud_of("proglove", world)._fleet  # type: ignore[attr-defined]
        events = [found.events.event(number) for number in range(200)]
        scanners = list(found.scanners.listed(found.events, 1_800_000_000))
        return events, scanners, list(found.gateways), list(found.users), list(found.job_configs)

    assert fleet(1) == fleet(1)
    for one, other in zip(fleet(1), fleet(2), strict=True):
        assert one != other
