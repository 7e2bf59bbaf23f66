"""What changed for one vendor: its specification, its Python surface, the second opinion, the version it asks for."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen.compare import DocumentError
from codegen.diff.changes import Change
from codegen.diff.kinds import Rating
from codegen.diff.opinions import Stricter, stricter
from codegen.diff.rating import rate
from codegen.diff.revisions import Base, base_for
from codegen.diff.second_opinion import Redocly, SecondOpinionError
from codegen.diff.stamps import stale_code
from codegen.git import GitError, Repository
from codegen.lint.plain import SpecSyntaxError, parse

if TYPE_CHECKING:
    from codegen.surface import SurfaceChange

__all__ = [
    "SpecError",
    "VendorReport",
    "base_of",
    "report_of",
    "spec_changed",
    "spec_path",
    "vendors_at",
]


class SpecError(Exception):
    """A specification cannot be read; the message says which, where and why."""


@dataclass
class VendorReport:
    """What changed for one vendor since a revision."""

    vendor: str
    base: Base
    changes: list[Change] = field(default_factory=list)
    surface: list[SurfaceChange] = field(default_factory=list)
    stricter: list[Stricter] = field(default_factory=list)
    asked: bool = False
    """Whether the second opinion was had."""
    remarks: list[str] = field(default_factory=list)

    @property
    def rating(self) -> Rating | None:
        """The worst change of specification and surface; None where nothing changed."""
        return max((*(c.rating for c in self.changes), *map(_rating, self.surface)), default=None)

    def as_json(self) -> dict[str, Any]:
        """Plain values for a file."""
        return {
            "vendor": self.vendor,
            "base": {"commit": self.base.commit, "label": self.base.label},
            "rating": self.rating.word if self.rating else None,
            "changes": [change.as_json() for change in self.changes],
            "python": [
                {"rating": c.rating, "kind": c.kind, "name": c.name, "sentence": c.sentence}
                for c in self.surface
            ],
            "second_opinion": {
                "asked": self.asked,
                "stricter": [
                    {
                        "rule": one.verdict.rule,
                        "rating": one.verdict.rating.word,
                        "ours": one.ours.word if one.ours else None,
                        "pointer": one.verdict.pointer,
                        "message": one.verdict.message,
                        "known": one.reason,
                    }
                    for one in self.stricter
                ],
            },
            "remarks": self.remarks,
        }


def vendors_at(repository: Repository, commit: str) -> list[str]:
    """Vendors that have a specification in a commit."""
    files = repository.files(commit, "specs")
    return sorted(name.split("/")[1] for name in files if name.endswith("/openapi.yaml"))


def base_of(repository: Repository, vendor: str) -> Base:
    """The revision a vendor is compared with when none was named."""
    from codegen.release import versions

    tags: tuple[str, ...] = ()
    changelog = versions.changelog_of(repository.root, vendor)
    if changelog.is_file():
        released = versions.released_version(changelog)
        if released is not None:
            tags = (versions.tag_of(repository.root, vendor, released),)
    return base_for(repository, tags)


def spec_changed(repository: Repository, base: Base, vendor: str) -> bool:
    """Whether a byte of the specification is another."""
    path = repository.root / spec_path(vendor)
    now = path.read_bytes() if path.is_file() else None
    return now != repository.read(base.commit, spec_path(vendor))


def spec_path(vendor: str) -> str:
    """Where a vendor's specification lies, from the top folder."""
    return f"specs/{vendor}/openapi.yaml"


def report_of(
    repository: Repository,
    base: Base,
    vendor: str,
    *,
    redocly: Redocly | None = None,
    surface: bool = True,
) -> VendorReport:
    """What changed for a vendor.

    Args:
        repository: The clone; its work tree is the new side.
        base: The old side.
        vendor: Whose specification.
        redocly: Whom to ask for a second opinion; None for nobody.
        surface: Whether the Python surface is compared, too.

    Raises:
        GitError: The base cannot be read.
        SpecError: One of the two specifications cannot be read.
    """
    report = VendorReport(vendor, base)
    before, after = _documents(repository, base, vendor)
    if before is None and after is not None:
        report.remarks.append("the specification is new; there is nothing to compare it with")
    elif after is None:
        report.remarks.append("the specification is gone; its client can be made no more")
    elif before is not None and before != after:
        try:
            report.changes = rate(before, after)
        except DocumentError as error:
            raise SpecError(f"{spec_path(vendor)}: {error}") from error
        if redocly is not None:
            _ask(report, redocly, before, after)
        stale = stale_code(repository.root, vendor)
        if stale:
            report.remarks.append(
                f"{stale}, so the Python surface is not what it will be;"
                f" run `nox -s regenerate -- {vendor}` first"
            )
    if surface and before is not None and after is not None:
        _surface(repository, report)
    return report


def _documents(
    repository: Repository, base: Base, vendor: str
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    path = repository.root / spec_path(vendor)
    old = repository.read(base.commit, spec_path(vendor))
    try:
        now = path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise SpecError(f"{path}: {error}") from error
    if old is not None and old == now:
        same: dict[str, Any] = {}
        return same, same  # nothing to parse
    before = _parsed(old, f"{spec_path(vendor)} of {base.label}")
    return before, _parsed(now, spec_path(vendor))


def _parsed(content: bytes | None, name: str) -> dict[str, Any] | None:
    if content is None:
        return None
    try:
        return parse(content.decode("utf-8")).data
    except SpecSyntaxError as error:
        raise SpecError(f"{name}, line {error.line}: {error.message}; mend it first") from error
    except UnicodeDecodeError as error:
        raise SpecError(f"{name} is not UTF-8 text; mend it first") from error


def _ask(
    report: VendorReport, redocly: Redocly, before: dict[str, Any], after: dict[str, Any]
) -> None:
    try:
        report.stricter = stricter(report.changes, redocly.compare(before, after))
        report.asked = True
    except SecondOpinionError as error:
        report.remarks.append(str(error))


def _surface(repository: Repository, report: VendorReport) -> None:
    """Compares the Python surface where a file it is read from changed."""
    vendor, commit = report.vendor, report.base.commit
    folders = (f"generated/{vendor}", f"overlays/{vendor}/src", "overlays/runtime/src")
    if not repository.differs(commit, *folders):
        return
    from codegen.surface import SurfaceError, breaking_changes

    try:
        with tempfile.TemporaryDirectory(prefix="surface-") as temporary:
            repository.extract(commit, folders, Path(temporary))
            report.surface = breaking_changes(Path(temporary), repository.root, vendor)
    except ImportError:
        report.remarks.append(
            "griffe is missing, so the Python surface was not compared; install requirements/release.txt"
        )
    except (SurfaceError, GitError) as error:
        report.remarks.append(f"the Python surface was not compared: {error}")


def _rating(change: SurfaceChange) -> Rating:
    return Rating[change.rating.upper()]
