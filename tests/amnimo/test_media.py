"""Clips and snapshots: made, waited for, downloaded whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import TOKEN, Session, reply
from tests.vendor_sessions import OpenSession

CAMERA = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
ID = "b6f0907d-a2cc-4cb3-88e5-2a0982d2e948"
START, END = datetime(2025, 2, 2, 15, tzinfo=UTC), datetime(2025, 2, 2, 15, 30, tzinfo=UTC)
ADDRESS = "https://storage.test/files/a.mp4?X-Signature=hush-1"
FILE = reply(b"film" * 1000)


def media(status: str = "COMPLETED", **more: Any) -> httpx2.Response:
    return reply({"id": ID, "category": "CLIP", "status": status, **more})


def paths(one: Session) -> list[str]:
    return [f"{r.method} {r.url.path}" for r in one.cloud.requests]


def test_a_clip(opened: OpenSession, tmp_path: Path) -> None:
    replies = [
        media("REQUESTED"),
        media("REQUESTED"),
        media("UPLOADING"),
        media(link=ADDRESS),
        FILE,
    ]
    one = opened("amnimo", *replies)
    seen: list[Any] = []
    made = one.run(
        one.client.create_clip(
            CAMERA,
            tmp_path / "clip.mp4",
            start_time=START,
            end_time=END,
            name="gate",
            interval=4,
            on_progress=seen.append,
        )
    )
    assert made.path.read_bytes() == b"film" * 1000
    assert (made.path, made.size, made.fresh) == (tmp_path / "clip.mp4", 4000, True)
    assert made.media.id == ID
    assert [look.status for look in seen] == ["REQUESTED", "UPLOADING", "COMPLETED"]
    assert one.clock.sleeps == [4, 6]
    assert paths(one) == [
        f"POST /ex/partitions/sub/cameras/{CAMERA}/media",
        *[f"GET /ex/partitions/sub/medias/{ID}"] * 3,
        "GET /files/a.mp4",
    ]
    assert one.cloud.requests[0].content.decode().replace(": ", ":") == (
        '{"category":"CLIP","startTime":"2025-02-02T15:00:00.000Z",'
        '"endTime":"2025-02-02T15:30:00.000Z","name":"gate"}'
    )


def test_the_storage_gets_no_credentials(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("amnimo", media(link=ADDRESS), FILE)
    one.run(one.client.download_media(ID, tmp_path))
    ours, storage = one.cloud.requests
    assert ours.headers["authorization"] == f"Bearer {TOKEN}"
    assert storage.url.query == b"X-Signature=hush-1"
    assert "authorization" not in storage.headers
    assert TOKEN not in str(storage.headers.multi_items())


def test_a_snapshot_in_a_folder(opened: OpenSession, tmp_path: Path) -> None:
    address = "https://storage.test/files/a.JPG?sig=1"
    one = opened("amnimo", media(), media(link=address), FILE)
    made = one.run(
        one.client.create_snapshot(CAMERA, str(tmp_path), start_time=START, subscription_id="other")
    )
    assert made.path == tmp_path / f"{ID}.jpg"
    assert b"SNAPSHOT" in one.cloud.requests[0].content
    assert b"endTime" not in one.cloud.requests[0].content
    assert all("/partitions/other/" in str(r.url) for r in one.cloud.requests[:2])


def test_waiting_alone(opened: OpenSession) -> None:
    one = opened("amnimo", media("?"), reply({}, 503), media(), retries=0)
    done = one.run(one.client.wait_for_media(ID, interval=1))
    assert done.status == "COMPLETED"
    assert paths(one) == [f"GET /ex/partitions/sub/medias/{ID}"] * 3


@pytest.mark.parametrize("status", ["FAILED", "ERROR", "completed", ""])
def test_only_the_deadline_ends_what_never_is_done(opened: OpenSession, status: str) -> None:
    one = opened("amnimo", media(status))
    with pytest.raises(rt.WaitTimeoutError, match="30 seconds") as caught:
        one.run(one.client.wait_for_media(ID, timeout=30))
    assert caught.value.last.status == status
    assert sum(one.clock.sleeps) == 30


def test_the_id_is_not_lost_when_time_is_over(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("amnimo", media("REQUESTED"))
    with pytest.raises(rt.WaitTimeoutError) as caught:
        one.run(one.client.create_clip(CAMERA, tmp_path, start_time=START, end_time=END, timeout=9))
    (note,) = caught.value.__notes__
    assert ID in note
    assert "wait_for_media" in note
    assert list(tmp_path.iterdir()) == []


def test_a_creation_is_not_repeated(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("amnimo", reply({}, 503))
    with pytest.raises(rt.ServerError) as caught:
        one.run(one.client.create_snapshot(CAMERA, tmp_path, start_time=START))
    assert not hasattr(caught.value, "__notes__")
    assert len(one.cloud.requests) == 1


@pytest.mark.parametrize("given", [{"timeout": -1}, {"interval": 0}, {"timeout": "soon"}])
def test_patience_that_cannot_be(
    opened: OpenSession, tmp_path: Path, given: dict[str, Any]
) -> None:
    one = opened("amnimo")
    with pytest.raises(rt.InvalidRequestError, match="is not usable"):
        one.run(one.client.create_snapshot(CAMERA, tmp_path, start_time=START, **given))
    assert one.cloud.requests == []


def test_a_creation_without_an_id(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("amnimo", reply({"status": "REQUESTED"}))
    with pytest.raises(rt.DecodeError, match="no id"):
        one.run(one.client.create_snapshot(CAMERA, tmp_path, start_time=START))
    assert len(one.cloud.requests) == 1


@pytest.mark.parametrize(
    ("fields", "field", "address"),
    [
        ({"mediaUrl": ADDRESS}, None, ADDRESS),
        ({"mediaUrl": ADDRESS, "note": "see https:", "n": 3}, None, ADDRESS),
        ({"mediaUrl": ADDRESS, "thumbnailUrl": "https://storage.test/t.jpg"}, None, ADDRESS),
        ({"thumbnailUrl": "https://storage.test/t.jpg"}, None, "https://storage.test/t.jpg"),
        ({"a": {"b": [ADDRESS]}, "c": "https://x.test/"}, "a.b.0", ADDRESS),
    ],
)
def test_which_field_is_the_address(
    opened: OpenSession, tmp_path: Path, fields: dict[str, Any], field: str | None, address: str
) -> None:
    one = opened("amnimo", media(**fields), FILE)
    one.run(one.client.download_media(ID, tmp_path / "file", field=field))
    assert str(one.cloud.requests[1].url).partition("?")[0] == address.partition("?")[0]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({}, None, "no address of a file .status 'COMPLETED'; fields with an address: none"),
        ({"link": "ftp://storage.test/a"}, None, "no address of a file"),
        ({"a": ADDRESS, "b": "https://x.test/"}, None, r"several fields hold an address \(a, b\)"),
        ({"a": ADDRESS, "b": "https://x.test/"}, "c", "no address in 'c'.*: a, b"),
        ({"a": ADDRESS, "b": "no"}, "b", "no address in 'b'.*: a"),
    ],
)
def test_no_address_or_too_many(
    opened: OpenSession, tmp_path: Path, fields: dict[str, Any], field: str | None, words: str
) -> None:
    one = opened("amnimo", media(**fields))
    with pytest.raises(rt.DecodeError, match=words) as caught:
        one.run(one.client.download_media(ID, tmp_path, field=field))
    assert "hush" not in str(caught.value)
    assert len(one.cloud.requests) == 1


def test_a_file_that_is_there(opened: OpenSession, tmp_path: Path) -> None:
    target = tmp_path / "clip.mp4"
    target.write_bytes(b"older")
    one = opened("amnimo", media(link=ADDRESS), FILE)
    with pytest.raises(rt.InvalidRequestError, match="overwrite=True"):
        one.run(one.client.create_clip(CAMERA, target, start_time=START, end_time=END))
    with pytest.raises(rt.InvalidRequestError, match="overwrite=True"):
        one.run(one.client.download_media(ID, target))
    assert one.cloud.requests == []
    got = one.run(one.client.download_media(ID, target, overwrite=True))
    assert target.read_bytes() == b"film" * 1000
    assert got.fresh


def test_a_file_of_that_id_is_kept(opened: OpenSession, tmp_path: Path) -> None:
    (tmp_path / f"{ID}.mp4").write_bytes(b"whole")
    one = opened("amnimo", media(link=ADDRESS))
    got = one.run(one.client.download_media(ID, tmp_path))
    assert (got.fresh, got.size, got.path.read_bytes()) == (False, 5, b"whole")
    assert len(one.cloud.requests) == 1


def test_a_folder_that_is_not_there(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("amnimo")
    with pytest.raises(rt.InvalidRequestError, match="no folder"):
        one.run(one.client.create_snapshot(CAMERA, tmp_path / "no" / "clip.mp4", start_time=START))
    assert one.cloud.requests == []


def test_an_id_that_is_a_path(opened: OpenSession, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    one = opened("amnimo", media(link=ADDRESS), FILE)
    got = one.run(one.client.download_media("../../evil", folder))
    assert got.path == folder / "evil.mp4"


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_address_that_has_died(opened: OpenSession, tmp_path: Path, status: int) -> None:
    one = opened("amnimo", media(), media(link=ADDRESS), reply(ADDRESS.encode(), status))
    with pytest.raises(rt.ApiStatusError, match=r"storage.test refuses.*ask the cloud") as caught:
        one.run(one.client.create_snapshot(CAMERA, tmp_path, start_time=START))
    assert "hush" not in repr(vars(caught.value)) + str(caught.value)
    assert "download_media" in caught.value.__notes__[0]
    assert list(tmp_path.iterdir()) == []


class Torn(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that ends in an error after its first piece."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        yield b"film"
        raise self._error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"film"
        raise self._error


def torn(error: BaseException) -> Any:
    return lambda request: httpx2.Response(200, stream=Torn(error))


def test_a_download_that_breaks_off_is_tried_again(opened: OpenSession, tmp_path: Path) -> None:
    broken = torn(httpx2.ReadError("cut"))
    one = opened("amnimo", media(link=ADDRESS), broken, FILE)
    got = one.run(one.client.download_media(ID, tmp_path))
    assert got.path.read_bytes() == b"film" * 1000
    assert [path.name for path in tmp_path.iterdir()] == [f"{ID}.mp4"]


@pytest.mark.parametrize("error", [httpx2.ReadError("cut"), KeyboardInterrupt()])
def test_nothing_half_is_left(opened: OpenSession, tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "clip.mp4"
    target.write_bytes(b"older")
    one = opened("amnimo", media(link=ADDRESS), torn(error), retries=1)
    with pytest.raises((rt.ApiConnectionError, KeyboardInterrupt)):
        one.run(one.client.download_media(ID, target, overwrite=True))
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]
    assert target.read_bytes() == b"older"


KILLED = """
import os, sys, httpx2
from deviceclouds.amnimo import Amnimo

class Body(httpx2.SyncByteStream):
    def __iter__(self):
        yield b"film"
        os.kill(os.getpid(), 9)

def answer(request):
    if request.url.host == "storage.test":
        return httpx2.Response(200, stream=Body())
    return httpx2.Response(200, json={"id": "m", "link": "https://storage.test/a.mp4"})

http = httpx2.Client(transport=httpx2.MockTransport(answer))
client = Amnimo(token="t", subscription_id="s", http_client=http, rate_limit=None)
client.download_media("m", sys.argv[1], overwrite=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("older", [None, b"older"])
def test_a_killed_program_leaves_no_half_file(tmp_path: Path, older: bytes | None) -> None:
    target = tmp_path / "clip.mp4"
    if older is not None:
        target.write_bytes(older)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(target)], capture_output=True, timeout=20, check=False
    )
    assert done.returncode == -9, done.stderr
    assert (target.read_bytes() if target.exists() else None) == older
