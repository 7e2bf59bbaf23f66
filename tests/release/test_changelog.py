"""Fragments, and how they join what was written by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from codegen.release.changelog import ChangelogError, fragments_of, merged, preview, unreleased
from codegen.release.versions import distributions

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = """# Changelog

<!-- releases -->

## 0.1.0 (unreleased)

### Added

- A client.

## 0.0.1 (2026-01-01)

- Older.
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "overlays/acme/changelog.d"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (folder.parent / "CHANGELOG.md").write_text(BY_HAND)
    (folder / ".gitkeep").touch()
    return tmp_path


def write(tree: Path, name: str, text: str = "A change.\n") -> Path:
    path = tree / "overlays/acme/changelog.d" / name
    path.write_text(text)
    return path


def test_by_hand() -> None:
    assert unreleased(BY_HAND) == ("0.1.0", "### Added\n\n- A client.")
    assert unreleased(BY_HAND.replace("unreleased", "2026-11-21")) is None


def test_ratings_come_from_the_names(tree: Path) -> None:
    assert fragments_of(tree, "acme") == {}
    paths = [write(tree, f"+a.{rating}.md") for rating in ("breaking", "feature", "fix")]
    assert list(fragments_of(tree, "acme").items()) == [
        (paths[0], "breaking"),
        (paths[1], "feature"),
        (paths[2], "fix"),
    ]


@pytest.mark.parametrize("name", ["notes.md", "+a.security.md", "+a.feature.rst", "README.md"])
def test_other_files_are_refused(tree: Path, name: str) -> None:
    write(tree, name)
    with pytest.raises(ChangelogError, match=r"is no fragment; name it \+words\.fix\.md"):
        fragments_of(tree, "acme")


def test_empty_fragments_are_refused(tree: Path) -> None:
    write(tree, "+a.fix.md", "\n")
    with pytest.raises(ChangelogError, match="says nothing"):
        fragments_of(tree, "acme")


def test_fragments_come_above_what_was_written_by_hand(tree: Path) -> None:
    write(tree, "+a.fix.md", "A repair.\n")
    write(tree, "+b.breaking.md", "Something is gone.\n")
    assert preview(tree, "acme", "0.1.0", "2026-12-01") == (
        "## 0.1.0 (2026-12-01)\n\n### Breaking\n\n- Something is gone.\n\n### Fixed\n\n- A repair.\n\n"
        "### Added\n\n- A client.\n"
    )
    assert len(list((tree / "overlays/acme/changelog.d").glob("*.md"))) == 2
    assert (tree / "overlays/acme/CHANGELOG.md").read_text() == BY_HAND


def test_without_fragments(tree: Path) -> None:
    assert preview(tree, "acme", "0.1.0", "2026-12-01").endswith("### Added\n\n- A client.\n")


def test_a_section_of_another_version_stays_out() -> None:
    assert merged(BY_HAND, "", "0.2.0", "2026-12-01") == "## 0.2.0 (2026-12-01)\n"


def test_settings_that_do_not_hold(tree: Path) -> None:
    write(tree, "+a.fix.md")
    (tree / "pyproject.toml").write_text("[tool.towncrier]\ntemplate = 'missing.md'\n")
    with pytest.raises(ChangelogError, match="acme: towncrier: "):
        preview(tree, "acme", "0.1.0", "2026-12-01")


@pytest.mark.parametrize("name", distributions(ROOT))
def test_ours_are_in_order(name: str) -> None:
    folder = ROOT / "overlays" / name
    fragments_of(ROOT, name)
    assert (folder / "changelog.d/.gitkeep").is_file()
    text = (folder / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.count("<!-- releases -->\n\n## ") == 1
