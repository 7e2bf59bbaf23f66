"""`python -m codegen.lint [vendor ...]`: lint the specs of the repository."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from codegen.lint import SpecDocument, lint_document
from codegen.lint.plain import SpecSyntaxError
from codegen.lint.report import Problem
from codegen.lint.rules_evidence import STATUSES
from codegen.lint.shapes import component_schemas

SPECS = Path(__file__).resolve().parents[2] / "specs"


def main(arguments: Sequence[str] | None = None, specs: Path = SPECS) -> int:
    """Print the problems of the named vendors, or of all, and return the exit code."""
    vendors = list(sys.argv[1:] if arguments is None else arguments)
    vendors = vendors or sorted(path.parent.name for path in specs.glob("*/openapi.yaml"))
    found = 0
    for vendor in vendors:
        problems, summary = _one(_short(specs / vendor / "openapi.yaml"))
        for problem in problems:
            print(problem)
        print(f"{vendor}: {summary}, {len(problems)} problems")
        found += len(problems)
    if not vendors:
        print(f"no specs in {specs}")
    return 1 if found or not vendors else 0


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _one(path: Path) -> tuple[list[Problem], str]:
    try:
        doc = SpecDocument.load(path)
    except SpecSyntaxError as error:
        return [Problem(path, error.line, "", "yaml-syntax", error.message)], "not read"
    except (OSError, UnicodeError) as error:
        return [Problem(path, 1, "", "unreadable", str(error))], "not read"
    return lint_document(doc), summarise(doc)


def summarise(doc: SpecDocument) -> str:
    """Return operations, schemas and how well the operations are known, in one line."""
    statuses: Counter[str] = Counter()
    operations = [operation for operation in doc.operations if not operation.is_webhook]
    for operation in operations:
        evidence = operation.site.data.get("x-evidence")
        statuses[str(evidence.get("status")) if isinstance(evidence, dict) else "no evidence"] += 1
    known = ", ".join(
        f"{statuses[name]} {name}" for name in (*STATUSES, "no evidence") if statuses[name]
    )
    schemas = sum(1 for _ in component_schemas(doc))
    webhooks = len(doc.operations) - len(operations)
    return (
        f"{len(operations)} operations ({known or 'none'}), {schemas} schemas"
        f"{f', {webhooks} webhooks' if webhooks else ''}"
    )


if __name__ == "__main__":
    sys.exit(main())
