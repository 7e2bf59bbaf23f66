"""The evidence of the specs points at what is there."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any

import pytest

from .material import VENDORS, document, document_path, other_rows, rows, source
from .openapi import METHODS, Operation, Spec, walk
from .read_aitrios import RENAMED

#: What a confidence of the tables becomes (DESIGN.md, 2): the documents of AITRIOS and Scailable,
#: whose rows are the exact ones, show neither methods nor paths.
STATUS = {
    "exact": "corroborated",
    "document": "documented",
    "similar": "inferred",
    "guess": "unverified",
}
OPERATIONS = 161


def spans(lines: str | int) -> list[range]:
    """Return the spans of `x-evidence.lines`, "12-40,55", as line numbers."""
    found = []
    for part in str(lines).split(","):
        first, _, last = part.partition("-")
        found.append(range(int(first), int(last or first) + 1))
    return found


def excerpt(vendor: str, lines: str | int) -> str:
    """Return the lines of a document that evidence points at."""
    text = document(vendor).splitlines()
    return "\n".join("\n".join(text[span.start - 1 : span.stop - 1]) for span in spans(lines))


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_document_is_the_one_that_was_read(vendor: str) -> None:
    """The document has the checksum noted in source.toml."""
    digest = hashlib.sha256(document_path(vendor).read_bytes()).hexdigest()
    assert digest == source(vendor)["sources"]["document"]["sha256"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_lines_lie_within_the_document(specs: dict[str, Spec], vendor: str) -> None:
    """Every `lines` of an x-evidence is a span of existing lines, each from low to high."""
    last = len(document(vendor).splitlines())
    found = {
        pointer: node["x-evidence"]["lines"]
        for pointer, node in walk(specs[vendor].data)
        if "lines" in node.get("x-evidence", {})
    }
    assert len(found) >= len(specs[vendor].operations)
    for pointer, lines in found.items():
        for span in spans(lines):
            assert span, f"{pointer}: {lines}"
            assert 0 < span[0] <= span[-1] <= last, f"{pointer}: {lines}"


@pytest.mark.parametrize("vendor", VENDORS)
def test_lines_show_the_operation(specs: dict[str, Spec], vendor: str) -> None:
    """The lines of every operation hold its name, path or title, or else its fields."""
    for operation in specs[vendor].operations.values():
        text = excerpt(vendor, operation.evidence["lines"])
        for mark in _marks(operation):
            assert re.search(mark, text), f"{operation.id}: {mark}"


def _marks(operation: Operation) -> list[str]:
    """Return what the lines of an operation must show, as patterns."""
    match operation.spec.vendor:
        case "aitrios":
            titles = {new: old for old, new in RENAMED.items()}
            return [rf"(?m)^{re.escape(titles.get(operation.id, operation.id))}$"]
        case "proglove":
            return [rf"(?m)^{operation.method} {re.escape(operation.path)}$"]
        case "amnimo":
            return [rf"(?m)^curl .*/ex{re.escape(operation.path)}['?]"]
        case "scailable":
            return [rf"(?m)^{re.escape(_title(operation))}$"]
        case _:  # no names: every field of the reply and every parameter but the guessed ones
            return [rf"\b{name}\b" for name in _names(operation)]


def _title(operation: Operation) -> str:
    found = [
        row["operation"]
        for row in other_rows(operation.spec.vendor)
        if operation.spec.at(row["method"], row["path"]) is operation
    ]
    assert len(found) == 1
    return found[0]


def _names(operation: Operation) -> list[str]:
    names = [name for name, node in operation.parameters.items() if not _is_guess(node, operation)]
    reply = operation.reply()
    names += reply.schema["properties"] if reply else []
    assert names
    return names


def _is_guess(node: Any, operation: Operation) -> bool:
    """Tell whether a parameter is not in the document at all."""
    sources = node.get("x-evidence", operation.evidence)["source"]
    return "document" not in ([sources] if isinstance(sources, str) else sources)


@pytest.mark.parametrize("vendor", VENDORS)
def test_evidence_is_what_the_tables_say(specs: dict[str, Spec], vendor: str) -> None:
    """As many operations of each status as there are rows of each confidence."""
    table = rows("aitrios_ops") if vendor == "aitrios" else other_rows(vendor)
    made = [row for row in table if row["method"] != "OPTIONS"]  # CORS is for browsers
    wanted = Counter(STATUS[row["confidence"]] for row in made)
    operations = specs[vendor].operations.values()
    assert Counter(operation.evidence["status"] for operation in operations) == wanted


def test_number_of_operations(specs: dict[str, Spec]) -> None:
    """All five specs together have 161 operations, no two of one spec with one id."""
    assert sum(len(spec.operations) for spec in specs.values()) == OPERATIONS
    for spec in specs.values():
        nodes = [item for path in spec.data["paths"].values() for item in path if item in METHODS]
        assert len(nodes) == len(spec.operations)


def test_lines_that_miss_are_found(specs: dict[str, Spec]) -> None:
    """The comparison can fail: the lines of one operation do not show another."""
    operations = [*specs["scailable"].operations.values()]
    text = excerpt("scailable", operations[0].evidence["lines"])
    assert not any(re.search(mark, text) for mark in _marks(operations[1]))
