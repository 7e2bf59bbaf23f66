"""The Python surface in the report: read from both states of the code, merged into rating and words."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.diff.__main__ import main
from codegen.diff.kinds import Rating
from codegen.diff.reports import base_of, report_of
from codegen.git import Repository

from .repositories import VENDOR, clone, commit, edit, needs_git, stamp
from .test_command import COLOUR, fragments

pytestmark = needs_git


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clone whose vendor has a package of one function."""
    clone(tmp_path)
    package(tmp_path, "def shine(level: int, limit: int = 1) -> None: ...")
    commit(tmp_path, "code")
    return tmp_path


def package(root: Path, code: str) -> None:
    """Writes the vendor's package."""
    folder = root / "overlays" / VENDOR / "src" / "deviceclouds" / VENDOR
    folder.mkdir(parents=True, exist_ok=True)
    text = f'"""Lamps."""\n\n__all__ = ["shine"]\n\n\n{code}\n'
    (folder / "__init__.py").write_text(text, encoding="utf-8")


def test_it_decides_where_it_is_worse(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("griffe")
    edit(root, COLOUR, {"type": "string"})
    package(root, "def shine(level: int) -> None: ...")
    repository = Repository.at(root)
    report = report_of(repository, base_of(repository, VENDOR), VENDOR)
    assert report.rating is Rating.BREAKING
    assert {change.rating for change in report.changes} == {Rating.FEATURE}
    assert main(["--root", str(root)]) == 0
    said = capsys.readouterr().out
    assert "breaking  Python: " in said and "limit" in said
    breaking = [text for name, text in fragments(root).items() if name.endswith(".breaking.md")]
    assert breaking[0].startswith("In Python: ")


def test_a_schema_nobody_refers_to_gets_the_fragment_the_check_asks_for(root: Path) -> None:
    pytest.importorskip("griffe")
    edit(root, "/components/schemas/Nobody", {"type": "object", "properties": {}})
    package(root, "def shine(level: int, limit: int = 1, hue: int = 0) -> None: ...")
    stamp(root)
    assert main(["--root", str(root)]) == 0
    feature = [text for name, text in fragments(root).items() if name.endswith(".feature.md")]
    assert len(feature) == 1
    assert feature[0].startswith("In Python: ") and feature[0].endswith(".\n")
    assert main(["--root", str(root), "--check"]) == 0


def test_code_of_another_specification_is_said(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, COLOUR, {"type": "string"})
    assert main(["--root", str(root), "--no-fragment"]) == 0
    assert f"run `nox -s regenerate -- {VENDOR}` first" in capsys.readouterr().out
    stamp(root)
    assert main(["--root", str(root), "--no-fragment"]) == 0
    assert "regenerate" not in capsys.readouterr().out


def test_code_alone_writes_no_fragment(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("griffe")
    package(root, "def shine() -> None: ...")
    assert main(["--root", str(root)]) == 0
    assert "Python: " in capsys.readouterr().out
    assert fragments(root) == {}


def test_code_that_cannot_be_read(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("griffe")
    package(root, "def shine(:")
    assert main(["--root", str(root)]) == 0
    assert "note: the Python surface was not compared: " in capsys.readouterr().out


def test_without_griffe(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "griffe", None)
    edit(root, COLOUR, {"type": "string"})
    package(root, "def shine() -> None: ...")
    assert main(["--root", str(root)]) == 0
    said = capsys.readouterr().out
    assert "griffe is missing, so the Python surface was not compared" in said
    assert "Lamp.colour was added" in said
