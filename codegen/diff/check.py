"""Whether what has to follow a change of a specification did: code, stamp, changelog, version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codegen.diff.fragments import folder_of, fragments_since
from codegen.diff.reports import VendorReport, spec_path
from codegen.diff.stamps import stale_code
from codegen.diff.versions import version_missing
from codegen.git import Repository

__all__ = ["fragment_missing", "missing"]

_UNRELEASED = re.compile(
    r"^## +\S+ +\(unreleased\)\s*\n(?P<text>.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE
)


def missing(repository: Repository, report: VendorReport) -> Iterator[str]:
    """What did not follow, each with the command that mends it.

    Args:
        repository: The clone.
        report: What changed for a vendor whose specification differs from the base.
    """
    root, vendor = repository.root, report.vendor
    if not (root / spec_path(vendor)).is_file():
        if (root / "generated" / vendor).is_dir():
            yield f"the specification is gone, generated/{vendor} is not; remove it, too"
        return
    stale = stale_code(root, vendor)
    if stale:
        yield f"{stale}; run `nox -s regenerate -- {vendor}` and commit the result"
    yield from fragment_missing(repository, report)
    rating = report.rating
    if rating is None or not report.changes:
        return
    if (root / "overlays" / vendor / "pyproject.toml").is_file():
        wrong = version_missing(root, vendor, rating)
        if wrong:
            yield wrong


def fragment_missing(repository: Repository, report: VendorReport) -> Iterator[str]:
    """What changelogs do not say yet, with the command that writes it."""
    vendor, commit, rating = report.vendor, report.base.commit, report.rating
    if rating is None or not report.changes:
        return
    found = fragments_since(repository, commit, vendor)
    if any(one >= rating for one in found.values()):
        return
    changelog = f"overlays/{vendor}/CHANGELOG.md"
    path = repository.root / changelog
    now = path.read_text(encoding="utf-8") if path.is_file() else ""
    before = (repository.read(commit, changelog) or b"").decode("utf-8", "replace")
    if _unreleased(now) != _unreleased(before) and _unreleased(now):
        return
    there = f"only {', '.join(found)}" if found else "none"
    yield (
        f"a changelog fragment of type {rating.word} in {folder_of(vendor)} is missing (there is {there});"
        f" run `nox -s diff -- {report.base.commit[:12]} {vendor}`, read what it wrote, and commit it"
    )


def _unreleased(text: str) -> str:
    match = _UNRELEASED.search(text)
    return match["text"].strip() if match else ""
