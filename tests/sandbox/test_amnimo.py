"""amnimo's cloud in the sandbox: every operation, tenants, cameras and their pages, edge devices, bad requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.testing import example_request
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.sandbox import Sandbox, SandboxClock
from deviceclouds.testing.sandbox.clouds import cloud_of
from deviceclouds.testing.sandbox.world import World

from .raw_http import raw_http

SPEC = load_spec("amnimo")
SUBSCRIPTION = "d079718b-ff63-45dd-947b-4950c023750f"
CAMERA = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
NOBODY = "11111111-2222-4333-8444-555555555555"
BEARER = {"Authorization": "Bearer demo"}
CAMERAS = f"/amnimo/ex/partitions/{SUBSCRIPTION}/cameras"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["amnimo"], strict=True, frozen=True) as sandbox:
        yield sandbox


@pytest.mark.parametrize("operation_id", SPEC.operations)
def test_the_specifications_own_call_of_each_operation_works(
    sandbox: Sandbox, operation_id: str
) -> None:
    call = example_request(SPEC, operation_id)
    with raw_http(sandbox) as raw:
        reply = raw.request(
            call.method, f"/amnimo/ex{call.url}", headers=call.headers, content=call.content
        )
    assert reply.status_code == 200, reply.text
    assert sandbox.journal.operations("amnimo") == {operation_id}
    assert not sandbox.world.own_problems


def test_the_tree_of_tenants_holds_all_cameras(client: Any) -> None:
    def below(tenant: Any) -> Iterator[Any]:
        yield tenant
        for child in tenant.child_accounts:
            yield from below(child)

    root = client.tenants.get_hierarchy()
    tenants = list(below(root))
    assert root.subscription_id == SUBSCRIPTION
    assert max(len(list(below(child))) for child in root.child_accounts) > 1
    found = [
        camera.id
        for tenant in tenants
        for camera in client.cameras.list_cameras(subscription_id=tenant.subscription_id)
    ]
    assert len(set(found)) == len(found) == 620
    child = client.tenants.get_hierarchy(account_id=tenants[-1].account_id)
    assert child == tenants[-1]
    with pytest.raises(rt.NotFoundError):
        client.tenants.get_hierarchy(account_id=NOBODY)


def test_all_pages_of_cameras(client: Any) -> None:
    by_default = [camera.id for camera in client.cameras.list_cameras()]
    assert len(set(by_default)) == len(by_default) == 520
    for size in (1, 100, 500):
        pager = client.cameras.list_cameras(size=size)
        first = pager.first_page()
        raw = json.loads(first.raw.content)
        assert [camera.id for camera in first.items] == by_default[:size]
        assert (raw["total"], raw["size"]) == (520, size)
    assert [camera.id for camera in client.cameras.list_cameras(size=100)] == by_default
    last = client.cameras.list_cameras(size=100, page=5).first_page()
    assert [camera.id for camera in last.items] == by_default[500:]
    assert client.cameras.list_cameras(page=10**9).first_page().items == []


def test_cameras_by_id(client: Any) -> None:
    ids = [camera.id for camera in client.cameras.list_cameras(size=25).first_page().items]
    ids = [str(one) for one in ids[:23]]
    found = client.get_cameras([*ids, NOBODY, ids[0].upper()])
    assert list(found.found) == [*ids, ids[0].upper()]
    assert found.missing == [NOBODY]
    one = client.cameras.get_camera(ids[3])
    assert found.found[ids[3]].display_name == one.display_name


@pytest.mark.parametrize("other", ["page=0", "size=5"])
def test_ids_do_not_go_together_with_pages(sandbox: Sandbox, other: str) -> None:
    with raw_http(sandbox) as raw:
        reply = raw.get(f"{CAMERAS}?cameraId={CAMERA}&{other}", headers=BEARER)
        assert reply.status_code == 400
        (error,) = reply.json()
        assert error["status"] == "BAD REQUEST"
        assert "together" in error["message"]
        ids = "&".join(f"cameraId={CAMERA}" for _ in range(11))
        assert raw.get(f"{CAMERAS}?{ids}", headers=BEARER).status_code == 400
        same = raw.get(f"{CAMERAS}?{ids.partition('&')[0]}&cameraId={CAMERA}", headers=BEARER)
        assert same.json()["total"] == 1


def test_cameras_of_another_tenant_are_not_there(client: Any) -> None:
    other = client.tenants.get_hierarchy().child_accounts[0].subscription_id
    with pytest.raises(rt.NotFoundError, match="no such camera"):
        client.cameras.get_camera(CAMERA, subscription_id=other)
    with pytest.raises(rt.NotFoundError, match="no such subscription"):
        client.cameras.list_cameras(subscription_id=NOBODY).first_page()


def test_thumbnails_are_pictures_with_an_end(sandbox: Sandbox, client: Any) -> None:
    camera = client.cameras.get_camera(CAMERA, expiration=5)
    (address,) = camera.thumbnail.unknown_fields.values()
    with raw_http(sandbox) as raw:
        picture = raw.get(address)
        assert picture.headers["content-type"] == "image/jpeg"
        assert picture.content.startswith(b"\xff\xd8")
        assert picture.content.endswith(b"\xff\xd9")
        assert raw.get(address.replace("/0/", "/1/")).status_code == 403
        sandbox.clock.advance(300)
        assert raw.get(address).status_code == 403
    assert not client.cameras.get_camera(CAMERA, is_url=False).thumbnail.unknown_fields


def test_thumbnails_of_a_range(sandbox: Sandbox, client: Any) -> None:
    now = sandbox.clock.datetime()
    newest = client.cameras.list_thumbnails(CAMERA)
    assert len(newest.thumbnails) == 1
    assert newest.thumbnails[0].ts == client.cameras.get_camera(CAMERA).thumbnail.ts
    start, end = now - timedelta(hours=5), now - timedelta(hours=3)
    found = client.cameras.list_thumbnails(CAMERA, start_time=start, end_time=end, limit=100)
    times = [one.ts for one in found.thumbnails]
    assert found.total == len(times) == 12
    assert times == sorted(times, reverse=True)
    assert start <= times[-1] < times[0] <= end
    few = client.cameras.list_thumbnails(CAMERA, start_time=start, end_time=end, limit=3)
    assert ([one.ts for one in few.thumbnails], few.total) == (times[:3], 12)
    old = now - timedelta(days=400)
    assert client.cameras.list_thumbnails(CAMERA, start_time=old, end_time=old).total == 0
    sandbox.clock.advance(600)
    later = client.cameras.list_thumbnails(CAMERA).thumbnails[0].ts
    assert later - newest.thumbnails[0].ts == timedelta(minutes=10)


def test_some_cameras_are_away_and_some_are_not_recorded(sandbox: Sandbox, client: Any) -> None:
    cameras = list(client.cameras.list_cameras())
    away = [camera for camera in cameras if camera.status != "CONNECTED"]
    assert 10 < len(away) < 60
    assert {camera.recording_status for camera in cameras} == {"RECORDING", "STOPPED"}
    stopped = next(camera for camera in cameras if camera.recording_status == "STOPPED")
    now = sandbox.clock.datetime()
    day = {"start_time": now - timedelta(days=1), "end_time": now}
    assert client.cameras.get_recording_history(stopped.id, **day) == []
    before = client.cameras.get_camera(away[0].id).thumbnail.ts
    sandbox.clock.advance(3600)
    assert client.cameras.get_camera(away[0].id).thumbnail.ts == before


def test_the_history_of_recordings(sandbox: Sandbox, client: Any) -> None:
    now = sandbox.clock.datetime()
    start, end = now - timedelta(hours=10), now - timedelta(hours=2)
    found = client.cameras.get_recording_history(CAMERA, start_time=start, end_time=end)
    assert 8 <= len(found) <= 10
    for one, following in pairwise(found):
        assert 0 < one.d < 3_600_000
        assert one.s + one.d <= following.s
    assert found[0].s + found[0].d >= start.timestamp() * 1000
    assert found[-1].s <= end.timestamp() * 1000
    again = client.cameras.get_recording_history(
        CAMERA, start_time=now - timedelta(hours=5), end_time=end
    )
    assert again == found[-len(again) :]
    everything = client.cameras.get_recording_history(
        CAMERA, start_time=now - timedelta(days=9000), end_time=now + timedelta(days=9000)
    )
    assert 700 < len(everything) < 730
    assert everything[-1].s + everything[-1].d <= now.timestamp() * 1000


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("startTime=2025-02-02T15:00:00Z&endTime=2025-02-01T15:00:00Z", "before startTime"),
        ("startTime=2025-02-02T23:59:60Z&endTime=2026-01-01T00:00:00Z", "startTime"),
        ("startTime=2025-02-02&endTime=2026-01-01T00:00:00Z", "startTime"),
    ],
)
def test_ranges_that_are_none(sandbox: Sandbox, query: str, said: str) -> None:
    with raw_http(sandbox) as raw:
        reply = raw.get(f"{CAMERAS}/{CAMERA}/history?{query}", headers=BEARER)
    assert reply.status_code == 400
    assert said in reply.json()[0]["message"]


@pytest.mark.parametrize("year", ["0001-01-01T00:00:00%2B14:00", "1970-01-01T00:00:00Z"])
def test_ranges_of_all_times(sandbox: Sandbox, year: str) -> None:
    query = f"startTime={year}&endTime=9999-12-31T23:59:59-14:00"
    with raw_http(sandbox) as raw:
        reply = raw.get(f"{CAMERAS}/{CAMERA}/history?{query}", headers=BEARER)
    assert reply.status_code == 200
    assert len(reply.json()) > 700


def test_edge_devices_in_pages(client: Any) -> None:
    pages = list(client.devices.list_external_devices(size=50).pages())
    devices = [device for page in pages for device in page.items]
    assert len({device.id for device in devices}) == len(devices) == 130
    summaries = [json.loads(page.raw.content)["summary"] for page in pages]
    assert [s["isFirstPage"] for s in summaries] == [True, False, False]
    assert [s["isLastPage"] for s in summaries] == [False, False, True]
    assert {(s["totalPages"], s["total"], s["pageSize"]) for s in summaries} == {(3, 130, 50)}
    assert [d.id for d in client.devices.list_external_devices()] == [d.id for d in devices]
    one = client.devices.get_external_devices(devices[7].id)
    assert one.data == devices[7].external_devices
    assert one.summary.total == len(one.data) == 3
    with pytest.raises(rt.NotFoundError):
        client.devices.get_external_devices(NOBODY)


def test_a_port_is_reset_and_comes_back(sandbox: Sandbox, client: Any) -> None:
    def state() -> Any:
        port = client.devices.get_peripherals(CAMERA).data[1]
        return port.lnk_status, port.act_status

    before = state()
    client.devices.operate_port(CAMERA, "POE1", action=1, reset_timer=10)
    assert state() == ("LINK_DOWN", "DISABLING")
    connected = client.devices.get_external_devices(CAMERA).data
    assert [one.status for one in connected] == ["CONNECTED", "DISCONNECTED", "CONNECTED"]
    sandbox.clock.advance(9)
    assert state() != before
    sandbox.clock.advance(1)
    assert state() == before
    assert client.devices.get_peripherals(CAMERA).summary.total == 4


def test_a_port_is_switched_over(sandbox: Sandbox, client: Any) -> None:
    for expected in ("LINK_DOWN", "LINK_UP"):
        client.devices.operate_port(CAMERA, "POE0", action=2)
        sandbox.clock.advance(10**7)
        assert client.devices.get_peripherals(CAMERA).data[0].lnk_status == expected
    client.devices.operate_port(CAMERA, "POE0", action=2, reset_timer=10**300)
    with pytest.raises(rt.NotFoundError, match="no such port"):
        client.devices.operate_port(CAMERA, "POE9", action=1)


def test_an_async_client(sandbox: Sandbox) -> None:
    async def walk() -> int:
        async with sandbox.async_client("amnimo") as client:
            return len([camera async for camera in client.cameras.list_cameras(size=200)])

    assert asyncio.run(walk()) == 520


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", f"{CAMERAS}/no-uuid", b"", 400),
        ("GET", f"{CAMERAS}?size=501", b"", 400),
        ("GET", f"{CAMERAS}?page=-1", b"", 400),
        ("GET", f"{CAMERAS}?none=1", b"", 400),
        ("GET", f"{CAMERAS}/../..", b"", 404),
        ("GET", f"{CAMERAS}/%2e%2e/x", b"", 404),
        ("GET", f"{CAMERAS}/{NOBODY}", b"", 404),
        ("DELETE", CAMERAS, b"", 405),
        ("POST", f"{CAMERAS}/{CAMERA}/media", b"{", 400),
        ("POST", f"{CAMERAS}/{CAMERA}/media", b"[]", 400),
        ("POST", f"{CAMERAS}/{CAMERA}/media", b"[" * 100_000, 400),
        ("POST", f"{CAMERAS}/{CAMERA}/media", b"\xff\xfe", 400),
    ],
)
def test_bad_requests_get_the_vendors_error(
    sandbox: Sandbox, method: str, path: str, content: bytes, status: int
) -> None:
    headers = {**BEARER, "Content-Type": "application/json"} if content else BEARER
    with raw_http(sandbox) as raw:
        reply = raw.request(method, path, headers=headers, content=content)
    assert reply.status_code == status, reply.text
    (error,) = reply.json()
    assert error.keys() == {"ts", "status", "message", "details"}
    assert error["message"]
    assert error["status"].isupper()


def test_the_same_seed_makes_the_same_fleet() -> None:
    def fleet(seed: int) -> Any:
        world = World(seed=seed, size=0.1, clock=SandboxClock(1.8e9, frozen=True))
        cloud: Any = cloud_of("amnimo", world)
        cameras = [cloud._fleet.describe(cloud._fleet.camera(n)) for n in range(62)]
        return cameras, list(map(str, cloud._media._media.values()))

    assert fleet(1) == fleet(1)
    assert fleet(1)[0] != fleet(2)[0]
    assert fleet(1)[1] != fleet(2)[1]


@pytest.mark.parametrize("size", [0, 0.05, 3])
def test_fleets_of_other_sizes(size: float) -> None:
    with Sandbox(["amnimo"], strict=True, size=size) as sandbox, sandbox.client("amnimo") as client:
        cameras = list(client.cameras.list_cameras())
        assert len(cameras) == {0: 5, 0.05: 26, 3: 1560}[size]
        assert str(cameras[0].id) == CAMERA
        assert client.devices.get_peripherals(CAMERA).data
        assert list(client.media.search_media(page_number=0, page_size=500))
