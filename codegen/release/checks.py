"""What must be true of a distribution before it is released. Each check gives what is missing, in words."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from codegen.git import GitError, Repository
from codegen.release.changelog import ChangelogError, fragments_of, unreleased
from codegen.release.dependencies import range_problems
from codegen.release.versions import (
    RATINGS,
    Rating,
    VersionError,
    bump,
    changelog_of,
    current_version,
    is_enough,
    released_version,
    tag_of,
    worst,
)
from codegen.surface import SurfaceChange, SurfaceError, breaking_changes
from codegen.surface.command import page_of

__all__ = [
    "changelog",
    "generated",
    "ranges",
    "surface_page",
    "version",
    "work_tree",
]


def work_tree(root: Path) -> Iterator[str]:
    """Everything is committed."""
    try:
        changed = Repository.at(root).uncommitted()
    except GitError as error:
        yield str(error)
        return
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        yield f"the work tree has changes: {changed[0]}{more}; commit them first"


def version(root: Path, distribution: str) -> Iterator[str]:
    """The version follows from the last release by the rule, and is not released yet."""
    try:
        now = current_version(root, distribution)
        released = released_version(changelog_of(root, distribution))
    except (VersionError, OSError) as error:
        yield str(error)
        return
    if released is None:
        return  # the first release may have any version
    tag = tag_of(root, distribution, released)
    try:
        ratings: list[Rating] = [c.rating for c in _changes_since(root, distribution, tag)]
        ratings += fragments_of(root, distribution).values()
    except (GitError, SurfaceError, ChangelogError) as error:
        yield str(error)
        return
    worst_one = worst(ratings)
    if now <= released:
        after = bump(released, worst_one or "fix")
        yield f"version {now} is released already; by the rule the next is {after}"
    elif not is_enough(now, released, worst_one):
        after = bump(released, worst_one or "fix")
        yield f"version {now} is not enough for a {worst_one} change since {released}; it takes {after}"
    else:
        steps = dict.fromkeys(str(bump(released, rating)) for rating in RATINGS)
        if released.major == 0:
            steps["1.0.0"] = None
        if str(now) not in steps:
            yield f"version {now} leaves versions out; after {released} comes {' or '.join(steps)}"


def _changes_since(root: Path, distribution: str, tag: str) -> list[SurfaceChange]:
    repository = Repository.at(root)
    commit = repository.commit(tag)
    if commit is None:
        released = tag.rpartition("/v")[2]
        raise GitError(f"no tag {tag}: what changed since {released} cannot be told")
    folders = (f"overlays/{distribution}", "overlays/runtime", f"generated/{distribution}")
    with tempfile.TemporaryDirectory() as old:
        repository.extract(commit, dict.fromkeys(folders), Path(old))
        return breaking_changes(Path(old), root, distribution)


def changelog(root: Path, distribution: str) -> Iterator[str]:
    """There is something to tell, for this version."""
    path = changelog_of(root, distribution)
    if not path.is_file():
        return  # the version cannot be judged without it, and says so
    try:
        fragments = fragments_of(root, distribution)
        now = str(current_version(root, distribution))
        by_hand = unreleased(path.read_text(encoding="utf-8"))
    except (ChangelogError, VersionError, OSError) as error:
        yield str(error)
        return
    if by_hand is not None and by_hand[0] != now:
        yield f"{path.relative_to(root)} has a section {by_hand[0]} (unreleased), but the version is {now}"
    elif not fragments and not (by_hand and "- " in by_hand[1]):
        yield f"nothing to tell: no fragment in {path.parent.relative_to(root)}/changelog.d"


def ranges(root: Path, distribution: str) -> Iterator[str]:
    """Ranges between our distributions let in what is in the tree, and nothing that may break."""
    try:
        yield from range_problems(root, distribution)
    except VersionError as error:
        yield str(error)


def surface_page(root: Path, distribution: str) -> Iterator[str]:
    """``api.md`` is current."""
    path = root / "overlays" / distribution / "api.md"
    try:
        current = path.is_file() and path.read_text(encoding="utf-8") == page_of(root, distribution)
    except SurfaceError as error:
        yield str(error)
        return
    if not current:
        yield f"{path.relative_to(root)} is stale; run `nox -s regenerate` and commit the result"


def generated(root: Path, distribution: str) -> Iterator[str]:
    """What was generated is what the specification says."""
    if not (root / "specs" / distribution).is_dir():
        return
    command = [sys.executable, "-m", "codegen", "regenerate", "--check", distribution]
    done = subprocess.run(  # noqa: S603
        command, cwd=root, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        yield said[-1] if said else "codegen regenerate --check failed"
