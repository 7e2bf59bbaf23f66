"""`nox -s diff` and the check of `nox -s lint`: what changed in the specifications since a revision."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codegen.diff.check import fragment_missing, missing
from codegen.diff.fragments import write_fragments
from codegen.diff.reports import (
    VendorReport,
    base_of,
    report_of,
    spec_changed,
    spec_path,
    vendors_at,
)
from codegen.diff.revisions import Base, base_for, named
from codegen.diff.second_opinion import Redocly, SecondOpinionError
from codegen.diff.text import summary
from codegen.diff.versions import version_line
from codegen.files import write_whole
from codegen.git import GitError, Repository

__all__ = ["UsageError", "check", "diff", "say_after_regeneration"]

Say = Callable[[str], None]


class UsageError(Exception):
    """The command was given what it cannot take."""


@dataclass
class _Options:
    base: str | None = None
    vendors: list[str] = field(default_factory=list)
    fragment: bool = True
    json: Path | None = None
    redocly: Path | None = None


def diff(root: Path, arguments: Sequence[str], say: Say) -> int:
    """Says what changed, asks for a second opinion, writes changelog fragments.

    Returns:
        0; a breaking change is no failure.

    Raises:
        GitError: There is no git history, or no such revision.
        SpecError: A specification cannot be read.
        UsageError: Two revisions were named.
    """
    repository = Repository.at(root)
    options = _parse(repository, arguments)
    asked = named(repository, options.base) if options.base else None
    redocly = _second_opinion(options.redocly, say)
    reports = []
    for vendor in _vendors(repository, asked, options.vendors):
        base = asked or base_of(repository, vendor)
        report = report_of(repository, base, vendor, redocly=redocly)
        reports.append(report)
        _tell(repository, report, options, say)
    if options.json is not None:
        _write_json(options.json, reports)
        say(f"written: {options.json}")
    return 0


def check(root: Path, vendors: Sequence[str], say: Say) -> bool:
    """Whether everything that has to follow a changed specification did; says what did not."""
    try:
        repository = Repository.at(root)
        bases = {v: base_of(repository, v) for v in _vendors(repository, None, vendors)}
    except GitError as error:
        say(f"spec changes: not checked, {error}")
        return True
    found = 0
    for vendor, base in bases.items():
        if not spec_changed(repository, base, vendor):
            continue
        report = report_of(repository, base, vendor)
        lines = [(base, line) for line in missing(repository, report)]
        nearer = base_for(repository)
        if nearer.commit != base.commit and spec_changed(repository, nearer, vendor):
            # Fragments of earlier changes since the release say nothing of this one.
            latest = report_of(repository, nearer, vendor)
            lines += [(nearer, line) for line in fragment_missing(repository, latest)]
        for since, line in lines:
            say(f"{spec_path(vendor)} changed since {since.label}: {line}")
            found += 1
    labels = ", ".join(dict.fromkeys(base.label for base in bases.values()))
    say(f"spec changes against {labels}: {found or 'nothing'} missing")
    return not found


def say_after_regeneration(root: Path, vendors: Sequence[str], say: Say) -> None:
    """Tells what changed for vendors whose specification differs from the base; silent without a git history."""
    try:
        repository = Repository.at(root)
        for vendor in _vendors(repository, None, vendors):
            base = base_of(repository, vendor)
            if spec_changed(repository, base, vendor):
                report = report_of(repository, base, vendor)
                if report.changes or report.surface:
                    for line in summary(report):
                        say(line)
                    say(f"  {_version(repository, report)}")
                    say(
                        "  `nox -s diff` asks for a second opinion and writes the changelog fragment"
                    )
    except GitError:
        return


def _tell(repository: Repository, report: VendorReport, options: _Options, say: Say) -> None:
    if not report.changes and not report.surface and not report.remarks:
        say(f"{report.vendor}: against {report.base.label}: nothing changed")
        return
    for line in summary(report):
        say(line)
    say(f"  {_version(repository, report)}")
    if options.fragment and report.changes:
        for one in write_fragments(repository, report):
            say(f"  changelog: {one.path}: {one.state}")


def _version(repository: Repository, report: VendorReport) -> str:
    if not (repository.root / "overlays" / report.vendor / "pyproject.toml").is_file():
        return f"version: overlays/{report.vendor} is no distribution yet"
    return version_line(repository.root, report.vendor, report.rating)


def _vendors(repository: Repository, base: Base | None, chosen: Sequence[str]) -> list[str]:
    if chosen:
        return sorted(set(chosen))
    here = {path.parent.name for path in (repository.root / "specs").glob("*/openapi.yaml")}
    return sorted(here | set(vendors_at(repository, base.commit if base else "HEAD")))


def _parse(repository: Repository, arguments: Sequence[str]) -> _Options:
    parser = argparse.ArgumentParser(prog="nox -s diff --")
    parser.add_argument("--base", help="revision to compare with, if it is called like a vendor")
    parser.add_argument("--no-fragment", action="store_true", help="write no changelog fragment")
    parser.add_argument("--json", type=Path, help="write what changed to this file")
    parser.add_argument("--redocly", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="REV or VENDOR")
    given = parser.parse_args(arguments)
    known = _vendors(repository, None, ())
    revisions = [name for name in given.names if name not in known]
    if given.base:
        revisions.insert(0, given.base)
    if len(revisions) > 1:
        raise UsageError(
            f"one revision can be compared with, not {' and '.join(revisions)};"
            f" vendors are {', '.join(known)}"
        )
    return _Options(
        revisions[0] if revisions else None,
        [name for name in given.names if name in known],
        not given.no_fragment,
        given.json,
        given.redocly,
    )


def _second_opinion(folder: Path | None, say: Say) -> Redocly | None:
    if folder is None:
        return None
    try:
        return Redocly.installed(folder)
    except SecondOpinionError as error:
        say(f"without a second opinion: {error}")
        return None


def _write_json(path: Path, reports: list[VendorReport]) -> None:
    text = json.dumps([one.as_json() for one in reports], indent=2, ensure_ascii=False) + "\n"
    write_whole(path, text)
