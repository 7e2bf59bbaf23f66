"""What a distribution depends on: declared ranges, and the versions they were tested with."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from codegen.release.versions import current_version, distributions, project_name

__all__ = ["Dependency", "dependencies_of", "own_dependencies", "range_problems"]

# In this order: the lock a test session of ours uses for what the distributions ask for.
_LOCKS = ("clients", "extras", "testing", "cli", "contract")


class Dependency(NamedTuple):
    """One direct dependency."""

    name: str
    """Normalised."""
    ranges: str
    """As declared, such as ``<3,>=2.12``."""
    extras: tuple[str, ...]
    """Which of our extras ask for it; empty where it is always needed."""
    marker: str
    tested: str | None
    """The version our tests ran with; of our own distributions the one in the tree. None where none did."""
    ours: str | None
    """Folder under ``overlays/`` for our own."""


def dependencies_of(root: Path, distribution: str) -> list[Dependency]:
    """Direct dependencies by name; those of extras that are needed anyway are not repeated."""
    path = root / "overlays" / distribution / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    own = {canonicalize_name(project_name(root, name)): name for name in distributions(root)}
    locked = _locked(root)
    declared = [(Requirement(text), "") for text in project.get("dependencies", ())]
    for extra, texts in sorted(project.get("optional-dependencies", {}).items()):
        declared += [(Requirement(text), extra) for text in texts]
    found: dict[str, Dependency] = {}
    for requirement, extra in declared:
        name = canonicalize_name(requirement.name)
        if own.get(name) == distribution:
            continue  # one of its extras asks for another
        known = found.get(name)
        if known is not None:
            if known.extras and extra not in known.extras:
                found[name] = known._replace(extras=(*known.extras, extra))
            continue
        ours = own.get(name)
        found[name] = Dependency(
            name,
            str(requirement.specifier),
            (extra,) if extra else (),
            str(requirement.marker or ""),
            str(current_version(root, ours)) if ours else locked.get(name),
            ours,
        )
    return [found[name] for name in sorted(found)]


def own_dependencies(root: Path, distribution: str) -> list[Dependency]:
    """Those of our own distributions it depends on."""
    return [one for one in dependencies_of(root, distribution) if one.ours]


def range_problems(root: Path, distribution: str) -> list[str]:
    """Ranges between our own distributions that the rule of docs/versioning.md does not allow."""
    problems = []
    for one in own_dependencies(root, distribution):
        version = Version(one.tested or "0")
        allowed = _allowed(version)
        specifier = Requirement(f"{one.name}{one.ranges}").specifier
        if not specifier.contains(version, prereleases=True):
            problems.append(
                f"{one.name}{one.ranges} leaves out {version}, the version in overlays/{one.ours};"
                f" write {allowed}"
            )
        elif specifier.contains(_next(version), prereleases=True):
            problems.append(
                f"{one.name}{one.ranges} lets in {_next(version)}, which may break it; write {allowed}"
            )
    return problems


def _next(version: Version) -> Version:
    """The next version that may break."""
    return Version(f"{version.major + 1}.0" if version.major else f"0.{version.minor + 1}")


def _allowed(version: Version) -> str:
    return f">={version.major}.{version.minor},<{_next(version)}"


def _locked(root: Path) -> dict[str, str]:
    versions: dict[str, str] = {}
    for lock in _LOCKS:
        path = root / "requirements" / f"{lock}.txt"
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            name, equals, rest = line.partition("==")
            if equals and not line.startswith("#"):
                versions.setdefault(canonicalize_name(name.strip()), rest.partition(";")[0].strip())
    return versions
