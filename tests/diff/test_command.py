"""`nox -s diff` in small clones: what it says, what it writes, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codegen.diff.__main__ import main

from .cases import base, lookup
from .repositories import VENDOR, clone, commit, edit, git, needs_git

pytestmark = needs_git
COLOUR = "/components/schemas/Lamp/properties/colour"
REMOVED = "/components/schemas/LampRequest/properties"


def run(root: Path, *arguments: str) -> int:
    """The exit code of the command on a clone."""
    return main(["--root", str(root), *arguments])


def fragments(root: Path, vendor: str = VENDOR) -> dict[str, str]:
    """The changelog fragments of a vendor."""
    folder = root / "overlays" / vendor / "changelog.d"
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*"))}


def test_what_it_says_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    edit(tmp_path, REMOVED, {"name": {"type": "string"}})
    assert run(tmp_path) == 0
    said = capsys.readouterr().out
    assert "lamps: against HEAD, the last commit (" in said
    assert "): 4 breaking, 1 feature" in said
    assert "LampRequest.x was removed (request, lamps.create_lamp)  [property-removed]" in said
    assert "version: deviceclouds-lamps 0.1.0 stays: it was not released yet" in said
    written = fragments(tmp_path)
    assert sorted(name.split(".", 1)[1] for name in written) == ["breaking.md", "feature.md"]
    assert "Lamp.colour was added.\n" in written.values()


def test_twice_is_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    run(tmp_path)
    before = fragments(tmp_path)
    capsys.readouterr()
    run(tmp_path)
    assert fragments(tmp_path) == before
    assert ".feature.md: there already" in capsys.readouterr().out


def test_another_change_replaces_what_nobody_edited(tmp_path: Path) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    run(tmp_path)
    edit(tmp_path, "/components/schemas/Lamp/properties/weight", {"type": "number"})
    run(tmp_path)
    (text,) = fragments(tmp_path).values()
    assert text == "Lamp.colour was added.\nLamp.weight was added.\n"


def test_a_change_taken_back_removes_what_nobody_edited(tmp_path: Path) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    run(tmp_path)
    git(tmp_path, "checkout", "--quiet", "--", "specs")
    edit(tmp_path, "list_lamps/summary", "Other")
    run(tmp_path)
    assert [name.split(".", 1)[1] for name in fragments(tmp_path)] == ["fix.md"]


def test_edited_fragments_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    run(tmp_path)
    (path,) = (tmp_path / "overlays" / VENDOR / "changelog.d").iterdir()
    path.write_text("Lamps have colours.\n", encoding="utf-8")
    edit(tmp_path, "/components/schemas/Lamp/properties/weight", {"type": "number"})
    run(tmp_path)
    assert fragments(tmp_path) == {path.name: "Lamps have colours.\n"}
    assert "edited, left as it is; what changed is not what it was written for" in (
        capsys.readouterr().out
    )
    edit(
        tmp_path,
        "/components/schemas/Lamp/properties",
        lookup(base(), "/components/schemas/Lamp/properties"),
    )
    edit(tmp_path, COLOUR, {"type": "string"})
    run(tmp_path)
    assert capsys.readouterr().out.rstrip().endswith("edited, left as it is")


def test_fragments_of_the_base_stay(tmp_path: Path) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    run(tmp_path)
    before = fragments(tmp_path)
    commit(tmp_path, "colours")
    edit(tmp_path, "/components/schemas/Lamp/properties/weight", {"type": "number"})
    run(tmp_path)
    assert len(fragments(tmp_path)) == 2
    assert before.items() <= fragments(tmp_path).items()


def test_only_looking_writes_nothing(tmp_path: Path) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    status = git(tmp_path, "status", "--porcelain")
    assert run(tmp_path, "--no-fragment") == 0
    assert git(tmp_path, "status", "--porcelain") == status


def test_json(tmp_path: Path) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    target = tmp_path / "report.json"
    assert run(tmp_path, "--no-fragment", "--json", str(target)) == 0
    (report,) = json.loads(target.read_text(encoding="utf-8"))
    assert (report["vendor"], report["rating"]) == (VENDOR, "feature")
    (change,) = report["changes"]
    assert change["kind"] == "property-added"
    assert change["ways"] == ["reply"]
    assert change["operations"] == ["lamps.list_lamps", "lamps.create_lamp", "lamps.get_lamp"]
    assert change["after"] == COLOUR


def test_vendors_and_a_revision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path, "lamps", "bells")
    first = git(tmp_path, "rev-parse", "HEAD")
    edit(tmp_path, COLOUR, {"type": "string"})
    commit(tmp_path, "second")
    commit(tmp_path, "third")
    assert run(tmp_path, first[:10], "lamps", "--no-fragment") == 0
    said = capsys.readouterr().out
    assert "lamps: against" in said
    assert "bells" not in said
    assert run(tmp_path, "bells", "--base", first) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_a_branch_called_like_a_vendor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path, "lamps", "bells")
    git(tmp_path, "branch", "bells")
    edit(tmp_path, COLOUR, {"type": "string"})
    assert run(tmp_path, "--base", "bells", "lamps", "--no-fragment") == 0
    assert "lamps: against bells (" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere"], 1, "there is no commit, tag, branch or vendor called 'nowhere'"),
        (["HEAD", "main"], 2, "one revision can be compared with, not HEAD and main"),
    ],
)
def test_usage(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    clone(tmp_path)
    assert run(tmp_path, *arguments) == code
    assert said in capsys.readouterr().err


def test_no_clone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 1
    assert "is not a git clone" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"openapi: [", "specs/lamps/openapi.yaml, line 1: "),
        (b"\xff", "specs/lamps/openapi.yaml is not UTF-8 text"),
        (b"- one\n", "the document is not a mapping"),
    ],
)
def test_specification_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    clone(tmp_path)
    (tmp_path / "specs" / VENDOR / "openapi.yaml").write_bytes(content)
    assert run(tmp_path) == 1
    assert said in capsys.readouterr().err
    assert fragments(tmp_path) == {}


def test_reference_that_leads_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"$ref": "#/components/schemas/Colour"})
    assert run(tmp_path) == 1
    assert "specs/lamps/openapi.yaml: " in capsys.readouterr().err


def test_new_and_gone_vendors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path, "lamps", "bells")
    folder = tmp_path / "specs" / "bells"
    folder.rename(tmp_path / "specs" / "chimes")
    assert run(tmp_path) == 0
    said = capsys.readouterr().out
    assert "bells: against" in said
    assert "the specification is gone" in said
    assert "the specification is new" in said


def test_released_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path, version="0.3.1", heading="2026-11-21")
    edit(tmp_path, REMOVED, {"name": {"type": "string"}})
    assert run(tmp_path) == 0
    assert "0.3.1 must become 0.4.0: breaking after 0.3.1" in capsys.readouterr().out


def test_comments_are_no_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path)
    path = tmp_path / "specs" / VENDOR / "openapi.yaml"
    path.write_text("# Words.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert run(tmp_path) == 0
    assert "nothing changed" in capsys.readouterr().out
    assert fragments(tmp_path) == {}


def test_many_of_a_kind_are_one_line(tmp_path: Path) -> None:
    clone(tmp_path)
    for name in ("a", "b", "c", "d", "e"):
        edit(tmp_path, f"/components/schemas/Lamp/properties/{name}", {"type": "string"})
    run(tmp_path)
    (text,) = fragments(tmp_path).values()
    assert text == "Lamp.a, Lamp.b, Lamp.c and 2 more were added.\n"


def test_after_a_regeneration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone(tmp_path)
    edit(tmp_path, COLOUR, {"type": "string"})
    assert run(tmp_path, "--after-regeneration") == 0
    assert "Lamp.colour was added" in capsys.readouterr().out
    assert fragments(tmp_path) == {}


def test_after_a_regeneration_without_git(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "--after-regeneration") == 0
    assert capsys.readouterr().out == ""
