"""Versions of our distributions by the rule of docs/versioning.md."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeAlias, cast

from packaging.version import InvalidVersion, Version

__all__ = [
    "RATINGS",
    "Rating",
    "VersionError",
    "bump",
    "changelog_of",
    "current_version",
    "distributions",
    "is_enough",
    "project_name",
    "released_version",
    "tag_of",
    "worst",
]

Rating: TypeAlias = Literal["breaking", "feature", "fix"]
RATINGS: tuple[Rating, ...] = ("fix", "feature", "breaking")
"""From the least to the most."""

_HEADING = re.compile(r"^## +(?P<version>\S+) +\((?P<date>[^)]*)\)\s*$")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class VersionError(ValueError):
    """A version cannot be told; the message names the file and what to write there."""


def worst(ratings: Iterable[Rating]) -> Rating | None:
    """The rating that decides about the version; None where nothing changed."""
    return max(ratings, key=RATINGS.index, default=None)


def distributions(root: Path) -> list[str]:
    """Folders of our distributions under ``overlays/``: ``aitrios``, ... ``runtime``, ``testing``, ``cli``."""
    return sorted(path.parent.name for path in (root / "overlays").glob("*/pyproject.toml"))


def changelog_of(root: Path, distribution: str) -> Path:
    """Where the changelog of a distribution lies."""
    return root / "overlays" / distribution / "CHANGELOG.md"


def project_name(root: Path, distribution: str) -> str:
    """What a distribution is called by installers, such as ``deviceclouds-aitrios``."""
    return str(_project(root, distribution)["name"])


def tag_of(root: Path, distribution: str, version: object) -> str:
    """What a release is tagged, such as ``deviceclouds-aitrios/v0.1.0``."""
    return f"{project_name(root, distribution)}/v{version}"


def current_version(root: Path, distribution: str) -> Version:
    """The version in a distribution's ``pyproject.toml``: the released one, or the next.

    Raises:
        VersionError: There is none, or it is no version by PEP 440.
    """
    text = _project(root, distribution).get("version")
    return _parse(str(text), root / "overlays" / distribution / "pyproject.toml")


def released_version(changelog: Path) -> Version | None:
    """The newest released version: of all headings ``## X.Y.Z (YYYY-MM-DD)``, the highest.

    Args:
        changelog: A ``CHANGELOG.md``.

    Returns:
        None where nothing was released yet; ``## 0.1.0 (unreleased)`` is no release.

    Raises:
        VersionError: There is no such file; a heading has neither a date nor ``unreleased``, or no version.
    """
    if not changelog.is_file():
        raise VersionError(f"{changelog} is missing; write one that says what there is to tell")
    found: list[Version] = []
    fenced = False
    for number, line in enumerate(changelog.read_text(encoding="utf-8").splitlines(), start=1):
        fenced ^= line.startswith("```")
        heading = _HEADING.match(line)
        if fenced or heading is None:
            continue
        place = f"{changelog}:{number}"
        version = _parse(heading["version"], place)
        if heading["date"] != "unreleased":
            _check_date(heading["date"], place)
            found.append(version)
    return max(found, default=None)


def bump(version: Version, rating: Rating) -> Version:
    """The version after a release.

    Args:
        version: The released version.
        rating: The worst change since then.

    Returns:
        From 1.0 on, breaking raises the first number, a feature the second, a fix the third. Before, breaking raises
        the second number, everything else the third.

    Raises:
        VersionError: Nothing can follow a pre-release by this rule.
    """
    if version.pre or version.is_devrelease or version.is_postrelease or version.local:
        raise VersionError(f"{version}: the rule is for plain versions such as 0.1.0")
    major, minor, micro = version.major, version.minor, version.micro
    if major == 0:
        after = (0, minor + 1, 0) if rating == "breaking" else (0, minor, micro + 1)
    elif rating == "breaking":
        after = (major + 1, 0, 0)
    else:
        after = (major, minor + 1, 0) if rating == "feature" else (major, minor, micro + 1)
    return Version(".".join(map(str, after)))


def is_enough(version: Version, released: Version | None, rating: Rating | None) -> bool:
    """Whether a version may carry changes of this rating.

    Args:
        version: The version in ``pyproject.toml``.
        released: The released version; None before the first release, where any version will do.
        rating: The worst change since; None where nothing changed.
    """
    if released is None or rating is None:
        return True
    return version >= bump(released, rating)


def _project(root: Path, distribution: str) -> dict[str, object]:
    path = root / "overlays" / distribution / "pyproject.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(distributions(root))
        raise VersionError(f"no distribution {distribution!r}; there are {known}") from None
    return cast("dict[str, object]", data["project"])


def _parse(text: str, place: Path | str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        raise VersionError(f"{place}: {text!r} is no version; write one such as 0.1.0") from None


def _check_date(text: str, place: str) -> None:
    try:
        if _DATE.fullmatch(text) is None:
            raise ValueError(text)
        dt.date.fromisoformat(text)
    except ValueError:
        raise VersionError(
            f"{place}: ({text}) is neither a date such as (2026-11-21) nor (unreleased)"
        ) from None
