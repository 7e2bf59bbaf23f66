"""Changelogs: fragments, what was written by hand, and what both will read like.

towncrier renders the fragments of ``overlays/<distribution>/changelog.d/``; its settings for all distributions are in
the pyproject.toml of the repository.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from codegen.release.versions import RATINGS, Rating, changelog_of

__all__ = ["ChangelogError", "fragments_of", "merged", "preview", "unreleased"]

_NAME = re.compile(r"[^.].*\.(?P<type>\w+)(\.\d+)?\.md")
_UNRELEASED = re.compile(
    r"^## +(?P<version>\S+) +\(unreleased\)[ \t]*\n(?P<text>.*?)(?=^## |\Z)",
    re.MULTILINE | re.DOTALL,
)


class ChangelogError(Exception):
    """A changelog cannot be rendered; the message names the file."""


def fragments_of(root: Path, distribution: str) -> dict[Path, Rating]:
    """Fragments, and how each rates its change by its name: ``+words.feature.md``.

    Raises:
        ChangelogError: A file has a name that towncrier would pass over, or nothing in it.
    """
    found: dict[Path, Rating] = {}
    folder = changelog_of(root, distribution).parent / "changelog.d"
    for path in sorted(folder.glob("*")):
        if path.name.startswith("."):
            continue
        match = _NAME.fullmatch(path.name)
        ratings: list[Rating] = [r for r in RATINGS if match and match["type"] == r]
        if not ratings:
            raise ChangelogError(
                f"{path}: is no fragment; name it +words.{'.md, +words.'.join(RATINGS)}.md"
            )
        if not path.read_text(encoding="utf-8").strip():
            raise ChangelogError(f"{path}: says nothing")
        found[path] = ratings[0]
    return found


def unreleased(changelog: str) -> tuple[str, str] | None:
    """Version and text of the section that was written by hand and has no date yet."""
    match = _UNRELEASED.search(changelog)
    return (match["version"], match["text"].strip()) if match else None


def preview(root: Path, distribution: str, version: str, date: str) -> str:
    """The section of a release as it would read: fragments, then what was written by hand.

    Args:
        root: The repository.
        distribution: A folder of ``overlays/``.
        version: The version to be released.
        date: Its day, ``YYYY-MM-DD``.

    Returns:
        Markdown with a heading; nothing below it where there is nothing to say.

    Raises:
        ChangelogError: A fragment is not usable, or towncrier fails.
    """
    draft = _draft(root, distribution, version, date) if fragments_of(root, distribution) else ""
    return merged(
        changelog_of(root, distribution).read_text(encoding="utf-8"), draft, version, date
    )


def merged(changelog: str, draft: str, version: str, date: str) -> str:
    """Puts what towncrier rendered above what was written by hand, under one heading."""
    heading = f"## {version} ({date})"
    by_hand = unreleased(changelog)
    parts = [
        draft.strip().removeprefix(heading).strip(),
        by_hand[1] if by_hand is not None and by_hand[0] == version else "",
    ]
    return "\n\n".join((heading, *(part for part in parts if part))) + "\n"


def _draft(root: Path, distribution: str, version: str, date: str) -> str:
    command = [
        sys.executable, "-m", "towncrier", "build", "--draft",
        "--config", str(root / "pyproject.toml"), "--dir", str(root / "overlays" / distribution),
        "--version", version, "--date", date,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise ChangelogError(f"{distribution}: towncrier: {reason[-1] if reason else 'failed'}")
    return done.stdout
