"""`python -m codegen.adopt VENDOR FILE`: compare a vendor's own OpenAPI file with our specification."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from codegen.adopt.applying import apply_upgrades
from codegen.adopt.comparing import compare
from codegen.adopt.evidence import upgrades
from codegen.adopt.report import Report
from codegen.adopt.vendors import check_vendor
from codegen.compare import DocumentError, read_document
from codegen.files import write_whole
from codegen.lint.document import SpecDocument
from codegen.lint.plain import SpecSyntaxError

SPECS = Path(__file__).resolve().parents[2] / "specs"
DONE, WORK, BAD_INPUT = 0, 1, 2


def main(
    arguments: Sequence[str] | None = None, specs: Path = SPECS, today: date | None = None
) -> int:
    """Print the worklist and return 0 if there is nothing to do, 1 if there is, 2 after bad input."""
    options = _parser().parse_args(arguments)
    try:
        if options.json:
            _check_target(options.json)
        report = _run(options, specs, today or datetime.now(tz=UTC).date())
        if options.json:
            write_whole(
                options.json, json.dumps(report.data(), indent=2, ensure_ascii=False) + "\n"
            )
    except DocumentError as error:
        print(f"adopt: {error}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"adopt: {error.filename}: cannot be written: {error.strerror}", file=sys.stderr)
        return BAD_INPUT
    print(report.text())
    return DONE if report.is_done else WORK


def _check_target(path: Path) -> None:
    """What keeps the worklist from being written is found before evidence is applied."""
    folder = path.parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise DocumentError(
            "the worklist cannot be written there",
            where=str(path),
            remedy="name a file in a folder that exists and that you may write to",
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="adopt", description="Compare a vendor's own OpenAPI file with our specification."
    )
    parser.add_argument("vendor", help="a folder in specs/")
    parser.add_argument("file", type=Path, help="OpenAPI 3.0 or 3.1, JSON or YAML")
    parser.add_argument(
        "--apply-evidence", action="store_true", help="upgrade marks of evidence, nothing else"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the worklist as JSON too")
    return parser


def _run(options: argparse.Namespace, specs: Path, today: date) -> Report:
    ours = _ours(options.vendor, specs)
    comparison = compare(ours, read_document(options.file))
    check_vendor(comparison)
    found = upgrades(comparison)
    applied = None
    if options.apply_evidence and found:
        applied = apply_upgrades(comparison, found, today)
    return Report(comparison, found, applied)


def _ours(vendor: str, specs: Path) -> SpecDocument:
    known = sorted(path.parent.name for path in specs.glob("*/openapi.yaml"))
    if vendor not in known:
        raise DocumentError(f"there is no vendor {vendor!r}", remedy=f"one of {', '.join(known)}")
    path = specs / vendor / "openapi.yaml"
    here = Path.cwd()
    try:
        return SpecDocument.load(path.relative_to(here) if path.is_relative_to(here) else path)
    except SpecSyntaxError as error:
        raise DocumentError(error.message, where=str(path), line=error.line) from None


if __name__ == "__main__":
    sys.exit(main())
