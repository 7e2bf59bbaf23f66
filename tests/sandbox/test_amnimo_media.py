"""amnimo's clips and snapshots in the sandbox: made as the clock goes, searched, renamed, downloaded, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.amnimo.models import MediaUpdateData
from deviceclouds.testing.sandbox import Sandbox

from .raw_http import raw_http
from .transport_stream import Reader

CAMERA = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
SAMPLE_CAMERA = "cbc3283e-6217-4855-9934-148717cbeefe"
SAMPLE = "b6f0907d-a2cc-4cb3-88e5-2a0982d2e948"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["amnimo"], strict=True, frozen=True) as sandbox:
        yield sandbox


def times(sandbox: Sandbox, minutes: float = 10) -> dict[str, Any]:
    end = sandbox.clock.datetime() - timedelta(hours=1)
    return {"start_time": end - timedelta(minutes=minutes), "end_time": end}


def search(client: Any, **options: Any) -> list[Any]:
    return list(client.media.search_media(**{"page_number": 0, "page_size": 100, **options}))


def test_a_clip_is_made_as_the_clock_goes(sandbox: Sandbox, client: Any) -> None:
    made = client.media.create_media(CAMERA, category="CLIP", name="mine", **times(sandbox))
    seen, now = [made.status], made
    assert not made.size
    for _ in range(30):
        sandbox.clock.advance(1)
        now = client.media.get_media(made.id)
        seen.append(now.status)
        assert bool(now.unknown_fields) == bool(now.size) == (now.status == "COMPLETED")
    assert list(dict.fromkeys(seen)) == ["CREATED", "PROCESSING", "COMPLETED"]
    assert seen.index("COMPLETED") == 17
    (address,) = now.unknown_fields.values()
    with raw_http(sandbox) as raw:
        file = raw.get(address)
        assert file.headers["content-type"] == "video/mp2t"
        assert len(file.content) == now.size
        reader = Reader()
        reader.feed(file.content)
        assert len(reader.frames) == 50
        sandbox.clock.advance(3600)
        assert raw.get(address).status_code == 403


def test_our_clients_workflows(sandbox: Sandbox, client: Any, tmp_path: Path) -> None:
    seen: list[str] = []
    clip = client.create_clip(
        CAMERA,
        tmp_path / "clip.ts",
        on_progress=lambda media: seen.append(media.status),
        **times(sandbox),
    )
    assert clip.size == clip.media.size == clip.path.stat().st_size
    assert seen[-1] == "COMPLETED"
    start = sandbox.clock.datetime() - timedelta(days=1)
    shot = client.create_snapshot(CAMERA, tmp_path, start_time=start)
    assert shot.path.suffix == ".jpg"
    assert shot.path.read_bytes().startswith(b"\xff\xd8")
    assert shot.media.type == "IMAGE"
    again = client.download_media(clip.media.id, tmp_path / "again.ts")
    assert again.path.read_bytes() == clip.path.read_bytes()


def test_an_async_workflow(sandbox: Sandbox, tmp_path: Path) -> None:
    async def take() -> Any:
        async with sandbox.async_client("amnimo") as client:
            return await client.create_clip(CAMERA, tmp_path / "a.ts", **times(sandbox))

    assert asyncio.run(take()).path.stat().st_size > 1000


def test_a_file_that_is_not_ready_has_no_address(
    sandbox: Sandbox, client: Any, tmp_path: Path
) -> None:
    made = client.media.create_media(CAMERA, category="CLIP", **times(sandbox))
    with pytest.raises(rt.DecodeError, match="wait"):
        client.download_media(made.id, tmp_path / "x")
    assert client.wait_for_media(made.id).status == "COMPLETED"
    assert client.download_media(made.id, tmp_path / "x").fresh


def test_search_is_newest_first_unless_told_otherwise(sandbox: Sandbox, client: Any) -> None:
    made = client.media.create_media(CAMERA, category="SNAPSHOT", **times(sandbox))
    found = search(client)
    asked = [one.requested_date_time for one in found]
    assert found[0].id == made.id
    assert asked == sorted(asked, reverse=True)
    assert [one.id for one in search(client, sort_dir="asc")] == [one.id for one in found][::-1]
    for size in (7, 1000):
        assert [one.id for one in search(client, page_size=size)] == [one.id for one in found]
    page = client.media.search_media(page_number=3, page_size=1).first_page()
    assert [one.id for one in page.items] == [found[3].id]
    assert not any(one.unknown_fields for one in found)


def test_search_by_category_and_camera(client: Any) -> None:
    everything = search(client)
    clips = search(client, categories=["CLIP"])
    shots = search(client, categories=["SNAPSHOT"])
    assert {one.category for one in clips} == {"CLIP"}
    assert {one.category for one in shots} == {"SNAPSHOT"}
    assert len(clips) + len(shots) == len(everything) > 300
    assert search(client, categories=["OTHER"]) == search(client, categories=[]) == []
    assert search(client, categories=["SNAPSHOT", "CLIP"]) == everything
    of_camera = list(client.media.search_camera_media(SAMPLE_CAMERA, page_number=0, page_size=10))
    assert SAMPLE in [one.id for one in of_camera]
    assert of_camera == [one for one in everything if str(one.camera_id) == SAMPLE_CAMERA]
    assert {one.meta.user.id for one in everything} == {"demo"}


def test_every_medium_is_of_one_tenant(client: Any) -> None:
    tree = client.tenants.get_hierarchy()
    first = search(client)
    other = search(client, subscription_id=tree.child_accounts[0].subscription_id)
    assert other
    assert not {one.id for one in first} & {one.id for one in other}
    with pytest.raises(rt.NotFoundError):
        client.media.get_media(other[0].id)


def test_media_are_renamed(client: Any) -> None:
    assert client.media.get_media(SAMPLE).name == "media-testName"
    changed = client.media.update_media(SAMPLE, data=MediaUpdateData(name="new"))
    assert changed.name == "new"
    assert client.media.get_media(SAMPLE.upper()).name == "new"
    assert client.media.update_media(SAMPLE, data=MediaUpdateData()).name == "new"


def test_media_are_deleted_with_their_files(sandbox: Sandbox, client: Any) -> None:
    (address,) = client.media.get_media(SAMPLE).unknown_fields.values()
    with raw_http(sandbox) as raw:
        assert raw.get(address).status_code == 200
        client.media.delete_media(SAMPLE)
        assert raw.get(address).status_code == 404
    assert SAMPLE not in [one.id for one in search(client)]
    for call in (client.media.get_media, client.media.delete_media):
        with pytest.raises(rt.NotFoundError, match="no such media"):
            call(SAMPLE)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [(20, 10, "after"), (10, None, "after"), (10, 10, "after"), (10, 10**7, "not recorded")],
)
def test_clips_that_cannot_be(
    sandbox: Sandbox, client: Any, start: int, end: int | None, said: str
) -> None:
    base = sandbox.clock.datetime() - timedelta(hours=1)
    given = {"start_time": base + timedelta(seconds=start)}
    if end is not None:
        given["end_time"] = base + timedelta(seconds=end)
    with pytest.raises(rt.BadRequestError, match=said):
        client.media.create_media(CAMERA, category="CLIP", **given)


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59.999Z"])
def test_the_far_past(sandbox: Sandbox, start: str) -> None:
    url = f"/amnimo/ex/partitions/d079718b-ff63-45dd-947b-4950c023750f/cameras/{CAMERA}/media"
    body = {"category": "SNAPSHOT", "startTime": start}
    with raw_http(sandbox) as raw:
        reply = raw.post(url, json=body, headers={"Authorization": "Bearer demo"})
    assert reply.status_code == 200
    assert reply.json()["startTime"] == "1970-01-01T00:00:00.000Z"
