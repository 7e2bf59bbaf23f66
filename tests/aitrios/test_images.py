"""Downloading images: all pages, what is there already, and never with our token."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import TOKEN
from tests.vendor_sessions import OpenSession

from .storage import CONSOLE, HERE, STORAGE, Storage, download, files, numbered


def test_all_pages(opened: OpenSession, tmp_path: Path) -> None:
    storage = Storage(*numbered(230))
    one = opened("aitrios", storage)
    found = download(one, tmp_path / "made" / "here")
    folder = tmp_path / "made" / "here"
    assert files(folder) == {name: name for name in numbered(230)}
    assert [image.name for image in found.images] == numbered(230)
    assert found.images[3] == ("0003.jpg", folder / "0003.jpg", 8, True)
    assert (found.folder, found.downloaded, found.skipped, found.gone) == (folder, 230, 0, ())
    assert storage.listed == [(None, 100), ("100", 100), ("200", 100)]


def test_no_token_at_the_storage(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("aitrios", Storage("a.jpg"))
    one.http.headers["X-Own"] = "of the user's client"
    download(one, tmp_path)
    console, storage = one.cloud.requests
    assert console.url.host == CONSOLE
    assert console.headers["authorization"] == f"Bearer {TOKEN}"
    assert storage.url.host == STORAGE
    assert set(storage.headers) <= {"accept", "host"}
    assert TOKEN not in str(storage.headers)


@pytest.mark.parametrize("count", [0, 1])
def test_few_images(opened: OpenSession, tmp_path: Path, count: int) -> None:
    one = opened("aitrios", Storage(*numbered(count)))
    assert download(one, tmp_path).downloaded == count


def test_what_is_there_is_not_fetched_again(opened: OpenSession, tmp_path: Path) -> None:
    storage = Storage(*numbered(5))
    one = opened("aitrios", storage)
    (tmp_path / "0002.jpg").write_text("before")
    found = download(one, tmp_path)
    assert (found.downloaded, found.skipped) == (4, 1)
    assert "0002.jpg" not in storage.fetched
    assert found.images[2] == ("0002.jpg", tmp_path / "0002.jpg", 6, False)
    assert download(one, tmp_path).downloaded == 0
    assert len(storage.fetched) == 4
    download(one, tmp_path, overwrite=True)
    assert len(storage.fetched) == 9
    assert (tmp_path / "0002.jpg").read_text() == "0002.jpg"


def test_a_total(opened: OpenSession, tmp_path: Path) -> None:
    storage = Storage(*numbered(300))
    one = opened("aitrios", storage)
    assert download(one, tmp_path, limit_total=130).downloaded == 130
    assert storage.listed == [(None, 100), ("100", 100)]
    assert download(one, tmp_path / "few", limit_total=3).downloaded == 3
    assert storage.listed[2:] == [(None, 3)]


def test_names_that_begin_so(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("aitrios", Storage("2026a.jpg"))
    download(one, tmp_path, name_starts_with="2026")
    assert one.cloud.requests[0].url.params["name_starts_with"] == "2026"


def test_an_image_that_is_listed_twice(opened: OpenSession, tmp_path: Path) -> None:
    names = [*numbered(100), "0099.jpg", "0100.jpg"]  # one came in while we read the first page
    storage = Storage(*names)
    found = download(opened("aitrios", storage), tmp_path)
    assert [image.name for image in found.images] == numbered(101)
    assert (found.downloaded, len(storage.fetched)) == (101, 101)


def test_one_image(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("aitrios", Storage("a.jpg"))
    page = one.run(one.client.insight.get_images(*HERE, limit=1).first_page())
    found = one.run(one.client.download_image(page.items[0], tmp_path / "x"))
    assert found == ("a.jpg", tmp_path / "x" / "a.jpg", 5, True)
    assert "authorization" not in one.cloud.requests[-1].headers
    assert one.run(one.client.download_image(page.items[0], tmp_path / "x")).fresh is False


@pytest.mark.parametrize(
    "options",
    [{"concurrency": 0}, {"concurrency": True}, {"concurrency": "4"}, {"limit_total": 0}],
)
def test_unusable_numbers(opened: OpenSession, tmp_path: Path, options: dict[str, Any]) -> None:
    one = opened("aitrios")
    with pytest.raises(rt.InvalidRequestError, match="give 1 or more"):
        download(one, tmp_path, **options)
    assert one.cloud.requests == []
