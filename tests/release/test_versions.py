"""Which version was released, and which comes next."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from codegen.release import checks
from codegen.release.versions import (
    Rating,
    VersionError,
    bump,
    changelog_of,
    current_version,
    distributions,
    is_enough,
    released_version,
    worst,
)

ROOT = Path(__file__).resolve().parents[2]


def changelog(folder: Path, *lines: str) -> Path:
    path = folder / "CHANGELOG.md"
    path.write_text("\n".join(("# Changelog", "", *lines, "")), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("version", "rating", "after"),
    [
        ("0.1.0", "breaking", "0.2.0"),
        ("0.1.4", "feature", "0.1.5"),
        ("0.1.4", "fix", "0.1.5"),
        ("1.2.3", "breaking", "2.0.0"),
        ("1.2.3", "feature", "1.3.0"),
        ("1.2.3", "fix", "1.2.4"),
    ],
)
def test_bump(version: str, rating: Rating, after: str) -> None:
    assert bump(Version(version), rating) == Version(after)


@pytest.mark.parametrize("version", ["0.1.0rc1", "0.1.0.dev1", "0.1.0.post1", "0.1.0+local"])
def test_nothing_follows_other_versions(version: str) -> None:
    with pytest.raises(VersionError, match="plain versions"):
        bump(Version(version), "fix")


def test_worst() -> None:
    assert worst(["fix", "breaking", "feature"]) == "breaking"
    assert worst(["fix", "feature"]) == "feature"
    assert worst([]) is None


def test_released_is_the_highest_dated_heading(tmp_path: Path) -> None:
    path = changelog(
        tmp_path,
        "## 0.3.0 (unreleased)",
        "## 0.2.1 (2026-12-01)",
        "- a line (2026-12-01)",
        "## 0.10.0 (2027-01-01)",
        "```",
        "## 9.0.0 (2027-01-01)",
        "```",
        "## Notes",
    )
    assert released_version(path) == Version("0.10.0")


def test_unreleased_is_no_release(tmp_path: Path) -> None:
    assert released_version(changelog(tmp_path, "## 0.1.0 (unreleased)")) is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("## 0.1.0 (soon)", "neither a date"),
        ("## 0.1.0 (2026-13-01)", "neither a date"),
        ("## 0.1.0 (20261121)", "neither a date"),
        ("## first (2026-11-21)", "no version"),
    ],
)
def test_wrong_headings_are_named(tmp_path: Path, line: str, told: str) -> None:
    path = changelog(tmp_path, line)
    with pytest.raises(VersionError, match=told) as caught:
        released_version(path)
    assert f"{path}:3" in str(caught.value)


def test_enough() -> None:
    released = Version("0.1.0")
    assert is_enough(Version("0.1.0"), None, "breaking")
    assert is_enough(Version("0.1.0"), released, None)
    assert not is_enough(Version("0.1.1"), released, "breaking")
    assert is_enough(Version("0.2.0"), released, "breaking")
    assert not is_enough(Version("0.1.0"), released, "fix")
    assert is_enough(Version("0.2.0"), released, "fix")


def test_ours() -> None:
    assert set(distributions(ROOT)) >= {"aitrios", "cli", "runtime", "testing"}
    for name in distributions(ROOT):
        released = released_version(changelog_of(ROOT, name))
        assert released is None or released <= current_version(ROOT, name)


def test_unknown_distribution() -> None:
    with pytest.raises(VersionError, match="no distribution 'acme'; there are aitrios"):
        current_version(ROOT, "acme")


@pytest.mark.parametrize(
    ("now", "told"),
    [("0.1.1", False), ("0.2.0", False), ("1.0.0", False), ("0.1.2", True), ("7.3.9", True)],
)
def test_a_version_that_leaves_others_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: str, told: bool
) -> None:
    overlay = tmp_path / "overlays" / "acme"
    overlay.mkdir(parents=True)
    project = f'[project]\nname = "deviceclouds-acme"\nversion = "{now}"\n'
    (overlay / "pyproject.toml").write_text(project, encoding="utf-8")
    (overlay / "CHANGELOG.md").write_text("## 0.1.0 (2026-01-01)\n\n- First.\n", encoding="utf-8")
    monkeypatch.setattr(checks, "_changes_since", lambda *_: [])
    found = list(checks.version(tmp_path, "acme"))
    assert bool(found) is told
    if told:
        assert found == [
            f"version {now} leaves versions out; after 0.1.0 comes 0.1.1 or 0.2.0 or 1.0.0"
        ]
