"""The version a report asks for, by docs/versioning.md."""

from __future__ import annotations

from pathlib import Path

from codegen.diff.kinds import Rating

__all__ = ["version_line", "version_missing"]


def version_line(root: Path, vendor: str, rating: Rating | None) -> str:
    """What version the worst change asks for, in a sentence."""
    from codegen.release import versions

    name = versions.project_name(root, vendor)
    current = versions.current_version(root, vendor)
    released = versions.released_version(versions.changelog_of(root, vendor))
    if rating is None:
        return f"version: {name} {current} stays"
    if released is None:
        return f"version: {name} {current} stays: it was not released yet"
    asked = versions.bump(released, rating.word)
    if current >= asked:
        return f"version: {name} {current} will do: {rating.word} after {released} asks for {asked}"
    return f"version: {name} {current} must become {asked}: {rating.word} after {released}"


def version_missing(root: Path, vendor: str, rating: Rating) -> str | None:
    """What is wrong with the version; None if it will do."""
    from codegen.release import versions

    current = versions.current_version(root, vendor)
    released = versions.released_version(versions.changelog_of(root, vendor))
    if released is None or versions.is_enough(current, released, rating.word):
        return None
    asked = versions.bump(released, rating.word)
    return (
        f"the version is {current}, but {rating.word} changes after {released} ask for {asked};"
        f' write version = "{asked}" in overlays/{vendor}/pyproject.toml'
    )
