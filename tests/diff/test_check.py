"""The check of `nox -s lint`: a changed specification, and what did not follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.diff.__main__ import main

from .repositories import VENDOR, clone, commit, edit, git, needs_git, stamp

pytestmark = needs_git
COLOUR = "/components/schemas/Lamp/properties/colour"
GONE = "/components/schemas/LampRequest/properties"


def check(root: Path) -> int:
    """The exit code of the check."""
    return main(["--root", str(root), "--check"])


def followed(root: Path) -> None:
    """Does what a maintainer does after an edit."""
    stamp(root)
    assert main(["--root", str(root)]) == 0


def test_nothing_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path)
    commit(tmp_path, "second")
    assert check(tmp_path) == 0
    assert "nothing missing" in capsys.readouterr().out


def test_nothing_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    assert check(tmp_path) == 1
    said = capsys.readouterr().out
    assert (
        "generated/lamps and its stamp are of another specification; run `nox -s regenerate -- lamps`"
        in said
    )
    assert "a changelog fragment of type feature in overlays/lamps/changelog.d is missing" in said
    assert "run `nox -s diff -- " in said
    assert "2 missing" in said


def test_everything_followed(tmp_path: Path) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    followed(tmp_path)
    assert check(tmp_path) == 0
    commit(tmp_path, "colours")
    assert check(tmp_path) == 0


def test_committed_without_a_fragment(tmp_path: Path) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    stamp(tmp_path)
    commit(tmp_path, "colours")
    assert check(tmp_path) == 1


def test_a_fragment_of_too_low_a_rating(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path)
    edit(tmp_path, GONE, {"name": {"type": "string"}})
    stamp(tmp_path)
    folder = tmp_path / "overlays" / VENDOR / "changelog.d"
    folder.mkdir()
    (folder / "+words.fix.md").write_text("Words.\n", encoding="utf-8")
    assert check(tmp_path) == 1
    assert "of type breaking" in capsys.readouterr().out
    (folder / "+words.fix.md").rename(folder / "12.breaking.md")
    assert check(tmp_path) == 0


def test_a_fragment_that_was_there_before(tmp_path: Path) -> None:
    clone(tmp_path)
    folder = tmp_path / "overlays" / VENDOR / "changelog.d"
    folder.mkdir()
    (folder / "+old.feature.md").write_text("Old.\n", encoding="utf-8")
    commit(tmp_path, "old")
    edit(tmp_path, COLOUR, {"type": "string"})
    stamp(tmp_path)
    assert check(tmp_path) == 1


def test_a_line_under_the_unreleased_heading(tmp_path: Path) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    stamp(tmp_path)
    changelog = tmp_path / "overlays" / VENDOR / "CHANGELOG.md"
    changelog.write_text(changelog.read_text(encoding="utf-8") + "- Colours.\n", encoding="utf-8")
    assert check(tmp_path) == 0


@pytest.mark.parametrize(
    ("version", "code"), [("0.3.1", 1), ("0.3.2", 1), ("0.4.0", 0), ("1.0.0", 0)]
)
def test_version_after_a_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], version: str, code: int
) -> None:
    clone(tmp_path, version="0.3.1", heading="2026-11-21")
    edit(tmp_path, GONE, {"name": {"type": "string"}})
    followed(tmp_path)
    project = tmp_path / "overlays" / VENDOR / "pyproject.toml"
    project.write_text(
        project.read_text(encoding="utf-8").replace("0.3.1", version), encoding="utf-8"
    )
    capsys.readouterr()
    assert check(tmp_path) == code
    if code:
        assert 'write version = "0.4.0" in overlays/lamps/pyproject.toml' in capsys.readouterr().out


def test_fragments_of_earlier_changes_since_a_release_are_not_of_this_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clone(tmp_path, version="0.3.1", heading="2026-11-21")
    git(tmp_path, "tag", "deviceclouds-lamps/v0.3.1")
    edit(tmp_path, COLOUR, {"type": "string"})
    followed(tmp_path)
    (path,) = (tmp_path / "overlays" / VENDOR / "changelog.d").iterdir()
    path.write_text("Lamps have colours.\n", encoding="utf-8")
    project = tmp_path / "overlays" / VENDOR / "pyproject.toml"
    text = project.read_text(encoding="utf-8").replace("0.3.1", "0.4.0")
    project.write_text(text, encoding="utf-8")
    commit(tmp_path, "colours")
    git(tmp_path, "switch", "--quiet", "-c", "weights")
    edit(tmp_path, "/components/schemas/Lamp/properties/weight", {"type": "number"})
    stamp(tmp_path)
    fork = git(tmp_path, "rev-parse", "main")
    commit(tmp_path, "weights")
    capsys.readouterr()
    assert check(tmp_path) == 1
    said = capsys.readouterr().out
    assert "changed since where this branch left main" in said and "1 missing" in said
    command = said.partition("run `nox -s diff -- ")[2].partition("`")[0].split()
    assert command[0] == fork[:12]
    assert main(["--root", str(tmp_path), *command]) == 0
    assert check(tmp_path) == 0
    assert path.read_text(encoding="utf-8") == "Lamps have colours.\n"


def test_comments_ask_for_the_stamp_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clone(tmp_path)
    path = tmp_path / "specs" / VENDOR / "openapi.yaml"
    path.write_text("# Words.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert check(tmp_path) == 1
    assert "1 missing" in capsys.readouterr().out
    stamp(tmp_path)
    assert check(tmp_path) == 0


@pytest.mark.parametrize("text", ["", "[made_from]\n", "= broken", None])
def test_stamps_that_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None
) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    followed(tmp_path)
    path = tmp_path / "generated" / VENDOR / "generated.toml"
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")
    assert check(tmp_path) == 1
    assert "stamp" in capsys.readouterr().out


def test_a_specification_that_is_gone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path)
    (tmp_path / "specs" / VENDOR / "openapi.yaml").unlink()
    assert check(tmp_path) == 1
    assert "generated/lamps is not; remove it, too" in capsys.readouterr().out


def test_without_a_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path) == 0
    assert "spec changes: not checked" in capsys.readouterr().out
    clone(tmp_path)
    assert check(tmp_path) == 0
    assert "one commit only" in capsys.readouterr().out
