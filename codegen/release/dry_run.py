"""A release as it would be: checks, changelog, and the commands a person would run. Nothing is changed."""

from __future__ import annotations

import datetime as dt
import shlex
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from codegen.release import building, checks
from codegen.release.changelog import ChangelogError, fragments_of, preview, unreleased
from codegen.release.versions import (
    VersionError,
    changelog_of,
    current_version,
    distributions,
    released_version,
    tag_of,
)

__all__ = ["commands", "dry_run"]

Say = Callable[[str], None]


def dry_run(
    root: Path, names: Sequence[str], *, today: dt.date, say: Say, install: bool = True
) -> bool:
    """Checks distributions and says what a release would be.

    Args:
        root: The repository.
        names: Folders of ``overlays/``; all if empty.
        today: The day for the changelog.
        say: Takes each line.
        install: Whether to install the wheels into an empty environment, which fetches their dependencies.

    Returns:
        Whether nothing is missing.

    Raises:
        VersionError: There is no such distribution.
    """
    known = distributions(root)
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise VersionError(f"no distribution {unknown[0]!r}; there are {', '.join(known)}")
    chosen = [n for n in building.in_order(root, names or known) if n in (names or known)]
    missing: list[str] = []

    def report(what: str, problems: Iterator[str]) -> bool:
        found = list(problems)
        say(f"{'ok     ' if not found else 'MISSING'} {what}")
        for problem in found:
            say(f"          {problem}")
        missing.extend(f"{what}: {problem}" for problem in found)
        return not found

    report("work tree", checks.work_tree(root))
    for name in chosen:
        report(f"{name}: version {_version(root, name)}", checks.version(root, name))
        report(f"{name}: changelog", checks.changelog(root, name))
        report(f"{name}: ranges of our distributions", checks.ranges(root, name))
        report(f"{name}: api.md", checks.surface_page(root, name))
        report(f"{name}: generated code", checks.generated(root, name))
    with tempfile.TemporaryDirectory(prefix="release-") as temporary:
        _try_builds(root, chosen, Path(temporary), report, install)
    for name in chosen:
        _tell(root, name, today, say)
    if missing:
        say(f"\nNot ready, {len(missing)} missing:")
        for line in missing:
            say(f"- {line}")
        return False
    say("\nReady. Nothing was published, tagged or edited. A person would run:")
    for line in commands(root, chosen, today):
        say(f"  {line}")
    return True


def _try_builds(
    root: Path,
    names: Sequence[str],
    temporary: Path,
    report: Callable[[str, Iterator[str]], bool],
    install: bool,
) -> None:
    folder = temporary / "dist"
    needed = building.in_order(root, names)
    if not report(
        "builds, contents lists, bills of materials", building.build(root, needed, folder)
    ):
        return
    for name in names:
        report(f"{name}: metadata", building.metadata(root, name, folder))
        if install:
            place = temporary / "environment"
            report(f"{name}: installs and imports", building.install(root, name, folder, place))


def commands(root: Path, names: Sequence[str], today: dt.date) -> Iterator[str]:
    """What a person would run, distribution by distribution, those that others need first."""
    for name in names:
        version = str(current_version(root, name))
        path = changelog_of(root, name)
        fragments = fragments_of(root, name)
        by_hand = unreleased(path.read_text(encoding="utf-8"))
        folder = f"overlays/{name}"
        if fragments:
            yield (
                f"towncrier build --yes --config pyproject.toml --dir {folder}"
                f" --version {version} --date {today}"
            )
        if by_hand is not None:
            told = "delete the line" if fragments else f"write '## {version} ({today})' for"
            yield f"# in {folder}/CHANGELOG.md: {told} '## {by_hand[0]} (unreleased)'"
        yield f"git commit -m {shlex.quote(f'Release {name} {version}')} -- {folder}"
        tag = tag_of(root, name, version)
        yield f"git tag --sign {tag} -m {tag}"
    yield "nox -s build"
    yield "# upload the wheels and source distributions of dist/ in this order, with their *.json kept beside"


def _version(root: Path, name: str) -> str:
    try:
        released = released_version(changelog_of(root, name))
        return f"{current_version(root, name)} (released: {released or 'none'})"
    except (VersionError, OSError):
        return "?"


def _tell(root: Path, name: str, today: dt.date, say: Say) -> None:
    try:
        text = preview(root, name, str(current_version(root, name)), today.isoformat())
    except (ChangelogError, VersionError, OSError) as error:
        text = f"(no changelog: {error})\n"
    say(f"\n--- overlays/{name}/CHANGELOG.md would say ---\n{text}---")
