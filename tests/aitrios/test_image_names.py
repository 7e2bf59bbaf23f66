"""Names of images that attack, and names that become the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios.workflows.images import local_name

from tests.vendor_sessions import OpenSession

from .storage import Storage, download

HOSTILE = [
    "../../x",
    "/etc/passwd",
    "..\\..\\x.jpg",
    "..",
    ".",
    "",
    ".bashrc",
    "a/../../b.jpg",
    "nul\x00byte.jpg",
    "line\nbreak.jpg",
    "con.jpg",
    "C:\\windows\\x.jpg",
    "x" * 400 + ".jpg",
    "写真" * 120 + ".jpg",
    "a\u202egpj.exe",
    "\ud800.jpg",
    "~root",
    "a.jpg/",
]


def test_names_that_attack(opened: OpenSession, tmp_path: Path) -> None:
    inner = tmp_path / "one" / "two"
    found = download(opened("aitrios", Storage(*HOSTILE)), inner)
    assert found.downloaded == len(HOSTILE)
    assert {path.parent for path in inner.rglob("*")} == {inner}
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent != inner] == []
    for image in found.images:
        assert image.path.parent == inner
        assert not image.path.name.startswith(".")
        assert len(os.fsencode(image.path.name)) < 200
    assert len({image.path for image in found.images}) == len(HOSTILE)


def test_names_that_become_the_same(opened: OpenSession, tmp_path: Path) -> None:
    names = ["a.jpg", "b/a.jpg", "c/a.jpg", "A.JPG", "a?.jpg", "a*.jpg"]
    storage = Storage(*names)
    one = opened("aitrios", storage)
    found = download(one, tmp_path)
    assert [image.path.read_text() for image in found.images] == names
    assert len({image.path.name.casefold() for image in found.images}) == len(names)
    assert found.images[0].path.name == "a.jpg"
    assert download(one, tmp_path).downloaded == 0  # the same names again


def test_a_name_does_not_depend_on_the_others() -> None:
    assert local_name("20261121.jpg") == "20261121.jpg"
    assert local_name("b/a.jpg") == local_name("b/a.jpg") != local_name("c/a.jpg")


def test_a_folder_that_is_a_file(opened: OpenSession, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    one = opened("aitrios")
    with pytest.raises(rt.InvalidRequestError, match="is no folder"):
        download(one, tmp_path / "file")
    assert one.cloud.requests == []


def test_a_folder_in_the_place_of_a_file(opened: OpenSession, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").mkdir()
    with pytest.raises(rt.InvalidRequestError, match="cannot be written"):
        download(opened("aitrios", Storage("a.jpg")), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]
