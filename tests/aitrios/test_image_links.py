"""Links to images live an hour, and show nowhere."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply
from tests.vendor_sessions import OpenSession

from .storage import HERE, SIGNATURE, Storage, download, files, numbered


def test_one_image_with_an_old_link(opened: OpenSession, tmp_path: Path) -> None:
    storage = Storage("a.jpg", life=0)
    one = opened("aitrios", storage)
    page = one.run(one.client.insight.get_images(*HERE, limit=1).first_page())
    with pytest.raises(rt.PermissionDeniedError, match="ask the cloud for a new one") as caught:
        one.run(one.client.download_image(page.items[0], tmp_path))
    assert files(tmp_path) == {}
    assert SIGNATURE not in shown(caught.value)


@pytest.mark.parametrize("answer", [403, 500, httpx2.ReadError("gone"), "no answer"], ids=str)
def test_errors_show_no_link(opened: OpenSession, tmp_path: Path, answer: Any) -> None:
    storage = Storage("a.jpg", "b.jpg")
    storage.answers["b.jpg"] = [answer] * 9
    with pytest.raises(Exception) as caught:  # noqa: PT011  # the last one is of the test's own making
        download(opened("aitrios", storage), tmp_path)
    assert SIGNATURE not in shown(caught.value)


def shown(error: BaseException) -> str:
    """What a report with local variables shows of an error, but for the frames of tests and of the HTTP library."""
    found, parts = str(vars(error)), [error]
    while parts:
        part = parts.pop()
        parts += [other for other in (part.__cause__, part.__context__) if other is not None]
        report = traceback.TracebackException.from_exception(part, capture_locals=True)
        frames = [f for f in report.stack if f"{os.sep}tests{os.sep}" not in f.filename]
        found += f"{part!r}" + "".join(f"{frame.name} {frame.locals}" for frame in frames)
    return found


class TestLinksThatExpire:
    """A link lives an hour; of a page that takes longer, new ones are asked for."""

    def test_the_page_is_asked_for_again(self, opened: OpenSession, tmp_path: Path) -> None:
        storage = Storage(*numbered(10), life=4)
        found = download(opened("aitrios", storage), tmp_path)
        assert found.downloaded == 10
        assert [image.name for image in found.images] == numbered(10)
        assert files(tmp_path) == {name: name for name in numbered(10)}
        assert storage.listed == [(None, 100)] * 3

    def test_the_same_page(self, opened: OpenSession, tmp_path: Path) -> None:
        storage = Storage(*numbered(101))
        storage.answers["0100.jpg"] = [403]
        assert download(opened("aitrios", storage), tmp_path).downloaded == 101
        assert storage.listed == [(None, 100), ("100", 100), ("100", 100)]

    def test_no_more_is_asked_with_old_links(self, opened: OpenSession, tmp_path: Path) -> None:
        storage = Storage(*numbered(50), life=10)
        download(opened("aitrios", storage), tmp_path, concurrency=1)
        # One refusal for each list, where every other link of it is as old.
        assert len(storage.fetched) == 50 + len(storage.listed) - 1

    def test_new_links_that_are_refused_too(self, opened: OpenSession, tmp_path: Path) -> None:
        storage = Storage(*numbered(3), life=0)
        with pytest.raises(rt.PermissionDeniedError):
            download(opened("aitrios", storage), tmp_path)
        assert storage.listed == [(None, 100)] * 2
        assert files(tmp_path) == {}

    def test_an_image_that_is_not_listed_again(self, opened: OpenSession, tmp_path: Path) -> None:
        class Shrinking(Storage):
            def _list(self, request: httpx2.Request) -> httpx2.Response:
                listed = super()._list(request)
                self.names[1] = "other.jpg"
                return listed

        storage = Shrinking(*numbered(3))
        storage.answers["other.jpg"] = [403]
        found = download(opened("aitrios", storage), tmp_path, concurrency=1)
        assert [image.name for image in found.images] == ["0000.jpg", "0002.jpg"]
        assert found.gone == ("0001.jpg",)

    def test_an_image_that_moved_to_the_next_page(
        self, opened: OpenSession, tmp_path: Path
    ) -> None:
        class Growing(Storage):
            def _list(self, request: httpx2.Request) -> httpx2.Response:
                if len(self.listed) == 1:
                    self.names.insert(0, "new.jpg")
                return super()._list(request)

        storage = Growing(*numbered(100))
        storage.answers["0099.jpg"] = [403]
        # The cursor of the list is an offset here: what is inserted pushes the last image over.
        storage.names.append("0100.jpg")
        found = download(opened("aitrios", storage), tmp_path, concurrency=1)
        assert {image.name for image in found.images} == {*numbered(101)}
        assert found.gone == ()


@pytest.mark.parametrize("status", [404, 410])
def test_an_image_that_is_gone(opened: OpenSession, tmp_path: Path, status: int) -> None:
    storage = Storage(*numbered(4))
    storage.answers["0001.jpg"] = [status]
    found = download(opened("aitrios", storage), tmp_path)
    assert found.gone == ("0001.jpg",)
    assert found.downloaded == 3
    assert "0001.jpg" not in files(tmp_path)


@pytest.mark.parametrize(
    "link",
    ["ftp://storage.test/a", "file:///etc/passwd", "//storage.test/a", "", "https://u:p@s/a"],
)
def test_links_that_are_none(opened: OpenSession, tmp_path: Path, link: str) -> None:
    one = opened(
        "aitrios", reply({"continuation_token": None, "data": [{"name": "a", "sas_url": link}]})
    )
    with pytest.raises(rt.InvalidRequestError, match=r"no http\(s\) URL"):
        download(one, tmp_path)
    assert files(tmp_path) == {}
