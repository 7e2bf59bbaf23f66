"""`x-evidence`: on each operation, well formed, naming known sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.rules_source import source_keys

STATUSES = ("documented", "corroborated", "inferred", "unverified")
KEYS = frozenset({"status", "source", "lines", "note"})
NOTE_NEEDED = ("inferred", "unverified")
_LINES = re.compile(r"\d+(?:-\d+)?(?:, ?\d+(?:-\d+)?)*\Z")


def check_presence(doc: SpecDocument) -> Iterator[Problem]:
    """Every operation says where it comes from."""
    for operation in doc.operations:
        if "x-evidence" not in operation.site.data:
            yield doc.problem(
                operation.site.pointer, "no-evidence", f"{operation.id} has no x-evidence"
            )


def check_shape(doc: SpecDocument) -> Iterator[Problem]:
    """Status, source, lines and note are what they should be."""
    known = sorted(source_keys(doc))
    for site in doc.survey.sites:
        if "x-evidence" in site.data:
            pointer = child(site.pointer, "x-evidence")
            value = site.data["x-evidence"]
            if isinstance(value, dict):
                yield from _check_value(doc, pointer, value, known)
            else:
                yield doc.problem(pointer, "evidence", "x-evidence is not a mapping")


def _check_value(
    doc: SpecDocument, pointer: str, value: dict[str, Any], known: list[str]
) -> Iterator[Problem]:
    for key in value:
        if key not in KEYS:
            yield doc.problem(child(pointer, key), "evidence", f"unknown key `{key}`")
    status = value.get("status")
    if status not in STATUSES:
        yield doc.problem(
            child(pointer, "status"),
            "evidence",
            f"status {status!r}",
            f"one of {', '.join(STATUSES)}",
        )
    note = value.get("note")
    if (status in NOTE_NEEDED or note is not None) and not (isinstance(note, str) and note.strip()):
        yield doc.problem(
            pointer,
            "evidence-note",
            f"status {status} without a note",
            "say from what, or what would settle it",
        )
    lines = value.get("lines")
    if lines is not None and (isinstance(lines, bool) or not _LINES.match(str(lines))):
        yield doc.problem(
            child(pointer, "lines"), "evidence", f"lines {lines!r}", 'like "12-40,55"'
        )
    yield from _check_source(doc, child(pointer, "source"), value.get("source"), known)


def _check_source(
    doc: SpecDocument, pointer: str, source: Any, known: list[str]
) -> Iterator[Problem]:
    listed = source if isinstance(source, list) else [source]
    if not source:
        yield doc.problem(pointer, "evidence-source", "no source")
        return
    for name in listed:
        if name not in known:
            yield doc.problem(pointer, "evidence-source", f"{name!r} is not a key of source.toml")


RULES = (check_presence, check_shape)
