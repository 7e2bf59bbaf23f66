"""What a release would be, and what it lacks, on a small repository."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from codegen.release import building, checks
from codegen.release.__main__ import main
from codegen.release.building import in_order, metadata_problems
from codegen.release.dry_run import dry_run
from codegen.surface.command import write_pages
from tests.surface.tree import write_tree

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 12, 1)
CHANGELOG = "# Changelog\n\n<!-- releases -->\n\n## 0.1.0 (unreleased)\n\n- A client.\n"
PROJECT = """[project]
name = "deviceclouds-{name}"
version = "0.1.0"
license = "Apache-2.0"
description = "A client"
dependencies = [{dependencies}]
"""


def git(root: Path, *arguments: str) -> None:
    identity = {
        f"GIT_{who}_{what}": "a@b.test"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(
        ("git", "-C", str(root), *arguments), check=True, env=environment, capture_output=True
    )


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_tree(tmp_path)
    shutil.copy(ROOT / "pyproject.toml", root)
    for name, needs in (("acme", '"deviceclouds-runtime>=0.1,<0.2"'), ("runtime", "")):
        folder = root / "overlays" / name
        (folder / "changelog.d").mkdir()
        (folder / "CHANGELOG.md").write_text(CHANGELOG)
        (folder / "pyproject.toml").write_text(PROJECT.format(name=name, dependencies=needs))
    write_pages(root, [], say=lambda _: None)
    git(root, "init", "-q")
    commit(root)
    nothing: list[str] = []
    # Real builds are in tests/packaging.
    monkeypatch.setattr(building, "build", lambda *_: iter(nothing))
    monkeypatch.setattr(building, "metadata", lambda *_: iter(nothing))
    return root


def commit(root: Path) -> None:
    git(root, "add", ".")
    git(root, "commit", "-q", "--no-gpg-sign", "-m", "x")


def release(root: Path, name: str) -> None:
    """The state after a release."""
    replace(root, f"overlays/{name}/CHANGELOG.md", "(unreleased)", "(2026-11-01)")
    commit(root)
    git(root, "tag", f"deviceclouds-{name}/v0.1.0")


def replace(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def fragment(root: Path, rating: str) -> None:
    (root / f"overlays/acme/changelog.d/+x.{rating}.md").write_text("A change.\n")


def run(root: Path, *names: str) -> tuple[bool, list[str]]:
    said: list[str] = []
    done = dry_run(root, names, today=TODAY, say=said.append, install=False)
    return done, said


def missing(root: Path, *names: str) -> list[str]:
    done, said = run(root, *names)
    assert not done
    start = next(i for i, line in enumerate(said) if line.startswith("\nNot ready"))
    assert said[start] == f"\nNot ready, {len(said) - start - 1} missing:"
    return said[start + 1 :]


def test_a_first_release(tree: Path) -> None:
    before = {p: p.read_bytes() for p in tree.rglob("*") if p.is_file() and ".git" not in p.parts}
    done, said = run(tree)
    assert done, said
    text = "\n".join(said)
    assert "## 0.1.0 (2026-12-01)\n\n- A client.\n" in text
    runtime, acme = (
        text.index(f"git tag --sign deviceclouds-{n}/v0.1.0") for n in ("runtime", "acme")
    )
    assert runtime < acme
    assert "write '## 0.1.0 (2026-12-01)' for '## 0.1.0 (unreleased)'" in text
    after = {p: p.read_bytes() for p in tree.rglob("*") if p.is_file() and ".git" not in p.parts}
    assert {p for p in after if "__pycache__" not in p.parts} == before.keys()
    assert all(after[path] == content for path, content in before.items())


def test_a_dirty_tree(tree: Path) -> None:
    (tree / "new.txt").write_text("x")
    assert missing(tree, "acme") == [
        "- work tree: the work tree has changes: new.txt; commit them first"
    ]


def test_no_repository(tree: Path) -> None:
    shutil.rmtree(tree / ".git")
    (first, *_) = missing(tree, "acme")
    assert first.startswith(f"- work tree: {tree} is not a git clone")


def test_no_changelog(tree: Path) -> None:
    (tree / "overlays/acme/CHANGELOG.md").unlink()
    commit(tree)
    (only,) = missing(tree, "acme")
    assert "CHANGELOG.md is missing; write one" in only


def test_a_folder_of_another_repository(tree: Path) -> None:
    inner = tree / "inner"
    inner.mkdir()
    assert list(checks.work_tree(inner)) == [
        f"{inner} is not a git clone, so there is nothing to compare it with;"
        " clone the repository instead of downloading its files"
    ]


def test_a_released_version_is_not_released_again(tree: Path) -> None:
    release(tree, "acme")
    fragment(tree, "fix")
    commit(tree)
    assert missing(tree, "acme") == [
        "- acme: version 0.1.0 (released: 0.1.0): version 0.1.0 is released already;"
        " by the rule the next is 0.1.1"
    ]


@pytest.mark.parametrize(
    ("seed", "rating", "version", "ready"),
    [
        ("none", "fix", "0.1.1", True),
        ("none", "breaking", "0.1.1", False),
        ("gone", "fix", "0.1.1", False),
        ("gone", "breaking", "0.2.0", True),
    ],
)
def test_the_version_follows_from_surface_and_fragments(
    tree: Path, seed: str, rating: str, version: str, ready: bool
) -> None:
    release(tree, "acme")
    replace(tree, "overlays/acme/pyproject.toml", '"0.1.0"', f'"{version}"')
    fragment(tree, rating)
    if seed == "gone":
        replace(
            tree,
            "generated/acme/src/deviceclouds/_generated/acme/models/device.py",
            "    size:",
            "    _size:",
        )
        write_pages(tree, [], say=lambda _: None)
    commit(tree)
    if ready:
        done, said = run(tree, "acme")
        assert done, said
        assert any(
            "towncrier build --yes --config pyproject.toml --dir overlays/acme" in s for s in said
        )
    else:
        (only,) = missing(tree, "acme")
        assert only.endswith(
            "version 0.1.1 is not enough for a breaking change since 0.1.0; it takes 0.2.0"
        )


def test_a_missing_tag(tree: Path) -> None:
    release(tree, "acme")
    git(tree, "tag", "-d", "deviceclouds-acme/v0.1.0")
    fragment(tree, "fix")
    commit(tree)
    (only,) = missing(tree, "acme")
    assert "no tag deviceclouds-acme/v0.1.0: what changed since 0.1.0 cannot be told" in only


def test_nothing_to_tell(tree: Path) -> None:
    replace(tree, "overlays/acme/CHANGELOG.md", "- A client.\n", "")
    commit(tree)
    (only,) = missing(tree, "acme")
    assert only == "- acme: changelog: nothing to tell: no fragment in overlays/acme/changelog.d"


def test_a_section_for_another_version(tree: Path) -> None:
    replace(tree, "overlays/acme/CHANGELOG.md", "0.1.0 (unreleased)", "0.2.0 (unreleased)")
    commit(tree)
    (only,) = missing(tree, "acme")
    assert "has a section 0.2.0 (unreleased), but the version is 0.1.0" in only


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        (">=0.2,<0.3", "leaves out 0.1.0, the version in overlays/runtime; write >=0.1,<0.2"),
        (">=0.1", "lets in 0.2, which may break it; write >=0.1,<0.2"),
        (">=0.1,<1", "lets in 0.2, which may break it; write >=0.1,<0.2"),
    ],
)
def test_ranges_that_do_not_fit(tree: Path, ranges: str, told: str) -> None:
    replace(tree, "overlays/acme/pyproject.toml", ">=0.1,<0.2", ranges)
    commit(tree)
    (only,) = missing(tree, "acme")
    assert told in only


def test_a_stale_page(tree: Path) -> None:
    replace(tree, "overlays/acme/src/deviceclouds/acme/_client.py", "def wait", "def await_it")
    commit(tree)
    (only,) = missing(tree, "acme")
    assert "overlays/acme/api.md is stale" in only


def test_all_that_is_missing_is_told(tree: Path) -> None:
    replace(tree, "overlays/acme/pyproject.toml", ">=0.1,<0.2", ">=0.1")
    replace(tree, "overlays/acme/CHANGELOG.md", "- A client.\n", "")
    assert len(missing(tree)) == 3


def test_a_build_that_fails(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Iterator[str]:
        yield "acme does not build: no"

    monkeypatch.setattr(building, "build", fails)
    (only,) = missing(tree, "acme")
    assert only.endswith("acme does not build: no")


def test_unknown_distribution(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tree), "dry-run", "other"]) == 1
    assert capsys.readouterr().err == "no distribution 'other'; there are acme, runtime\n"


def test_order_of_ours() -> None:
    assert in_order(ROOT, ["cli", "aitrios"])[0] == "runtime"
    assert in_order(ROOT, ["testing"]) == ["runtime", "testing"]


METADATA = b"""Metadata-Version: 2.4
Name: deviceclouds-acme
Version: 0.1.0
Summary: A client
License-Expression: Apache-2.0
Requires-Python: >=3.11
Description-Content-Type: text/markdown

# Acme
"""


def test_metadata() -> None:
    assert list(metadata_problems(METADATA, "deviceclouds-acme", "0.1.0")) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"Version: 0.1.0", b"Version: 0.2.0", "is deviceclouds-acme 0.2.0"),
        (b"Requires-Python: >=3.11\n", b"", "has no requires-python"),
        (b"Apache-2.0", b"Apache", "license-expression"),
        (b"text/markdown", b"text/html", "content_type|content-type"),
        (b"# Acme\n", b"", "has no description"),
        (b"Summary: A client\n", b"", "has no summary"),
        (b">=3.11", b"newer", "requires-python"),
    ],
)
def test_metadata_that_is_refused(old: bytes, new: bytes, told: str) -> None:
    raw = METADATA.replace(old, new)
    assert raw != METADATA
    import re

    assert re.search(told, "\n".join(metadata_problems(raw, "deviceclouds-acme", "0.1.0")))
