"""ProGlove: tables, code samples and sample bodies of the document.

Its rows of `Access-Control-*` headers are left out: they concern browsers, not clients.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .equivalence import Stated
from .ledger import Ledger
from .openapi import Operation, Place, Spec
from .samples import compare_sample, parse_samples

METHOD = re.compile(r"(?m)^(GET|POST|DELETE) (/\S+)$")
HEADINGS = {
    "Name In Type Required Description": "parameters",
    "Name Type Required Restrictions Description": "schema",
    "Status Meaning Description Schema": "statuses",
    "Property Value": "enum",
    "Parameter Value": "enum",
    "Status Header Type Format Description": "headers",
}
PARAMETER = re.compile(r"(?i)(» )?(\S+) (path|query|body) (\S+) (true|false) (.*)")
PROPERTY = re.compile(r"(»+) (\S+) (\S+) (true|false|Dalse) \S+")  # "Dalse": the document's slip
SAMPLE = re.compile(r"(?m)^(Body parameter|\d{3} Response)s?:?\n\n(?=[{\"])")


@dataclass(frozen=True)
class Table:
    """One table of an operation; `status` is that of the reply it stands under."""

    kind: str
    status: str
    rows: list[str]


@dataclass(frozen=True)
class Field:
    """One row of a schema table."""

    depth: int
    name: str
    type: str
    required: bool


def sections(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield method, path and text of each operation."""
    for part in re.split(r"(?m)^Code samples?:$", text)[1:]:
        found = METHOD.search(part)
        assert found is not None
        yield found[1], found[2], part


def tables(text: str) -> Iterator[Table]:
    """Yield the tables of an operation; an empty line ends one."""
    kind, status, rows = "", "", list[str]()
    for line in [*text.splitlines(), ""]:
        if heading := HEADINGS.get(line):
            kind, rows = heading, []
        elif found := re.fullmatch(r"Status Code (\d+)", line):
            status = found[1]
        elif kind and line:
            rows.append(line)
        elif kind:
            yield Table(kind, status, rows)
            kind = ""


def compare_proglove(ledger: Ledger, spec: Spec, text: str) -> None:
    """Note every fact of the document."""
    for method, path, part in sections(text):
        operation = spec.at(method, path)
        ledger.fact("operations", f"{method} {path}", "operation", operation is None)
        if operation is not None:
            _compare(ledger, operation, part)


def _compare(ledger: Ledger, operation: Operation, text: str) -> None:
    _code(ledger, operation, text)
    fields: dict[str, list[str]] = {}
    for table in tables(text):
        match table.kind:
            case "parameters":
                for row in table.rows:
                    _parameter(ledger, operation, row)
            case "statuses":
                for row in table.rows:
                    _status(ledger, operation, row)
            case "enum":
                _enums(ledger, operation, table.rows)
            case "headers":
                _headers(ledger, operation, table.rows)
            case _:  # two tables of one status are the parts of an allOf, which is flattened
                fields.setdefault(table.status, []).extend(table.rows)
    for status, rows in fields.items():
        _schema(ledger, operation, status, rows)
    for found in SAMPLE.finditer(text):
        _sample(ledger, operation, found[1], text[found.end() :])


def _code(ledger: Ledger, operation: Operation, text: str) -> None:
    """Note what the headers of the code sample say about security and media types."""
    needs_token = "'Authorization': 'IdToken'" in text
    ledger.fact("code", operation.id, "security", bool(operation.node["security"]) != needs_token)
    accept = re.search(r"'Accept': '([^']+)'", text)
    kinds = {kind for status in operation.statuses for kind in operation.content(status)}
    ledger.fact("code", operation.id, "Accept", accept is None or accept[1] not in kinds)
    if sent := re.search(r"'Content-Type': '([^']+)'", text):
        ledger.fact("code", operation.id, "Content-Type", [sent[1]] != [*operation.body["content"]])


def _parameter(ledger: Ledger, operation: Operation, row: str) -> None:
    found = PARAMETER.fullmatch(row)
    assert found is not None, row
    inner, name, where, kind, required_word, words = found.groups()
    required = required_word == "true"
    kind = "array" if kind.startswith("[") else kind.lower().removesuffix("(format)")
    limits: dict[str, Any] = {}
    if "Default (and max possible value) is 500" in words:
        limits = {"default": 500, "maximum": 500}
    stated = Stated(kind, required, limits)
    place: Place | None = None
    if inner:
        request = operation.request
        place = request.child(name) if request else None
        name = f"body.{name}"
    elif where.lower() == "body":
        missed = bool(operation.body.get("required")) != required
        ledger.fact("parameters", operation.id, "body", "required" if missed else "")
        return
    elif name in operation.parameters:
        place = operation.parameter(name)
        missed = operation.parameters[name]["in"] != where.lower()
        ledger.fact("parameters", operation.id, f"{name}: in", missed)
    ledger.field("parameters", operation.id, name, stated, place)


def _status(ledger: Ledger, operation: Operation, row: str) -> None:
    status, *_, content = row.split()
    ledger.fact("statuses", operation.id, status, status not in operation.statuses)
    missed = bool(operation.content(status)) != (content != "None")
    ledger.fact("statuses", operation.id, f"{status}: content", missed)


def _enums(ledger: Ledger, operation: Operation, rows: list[str]) -> None:
    stated: dict[str, set[str]] = {}
    for row in rows:
        name, value = row.removeprefix("» ").split()
        stated.setdefault(name, set()).add(value)
    replies = [operation.reply(status) for status in sorted(operation.statuses)]
    found: set[tuple[str, frozenset[str]]] = set()
    for root in (operation.request, *replies):
        if root is not None:
            _collect(root, found)
    for name, values in stated.items():
        ledger.fact("enums", operation.id, name, (name, frozenset(values)) not in found)


def _collect(place: Place, found: set[tuple[str, frozenset[str]]], name: str = "") -> None:
    """Gather the enums (a const is one of a single value) of a body by the property's name."""
    values = place.schema.get("enum", [place.schema.get("const")])
    found.add((name, frozenset(values)))
    for key in place.schema.get("properties", ()):
        child = place.child(key)
        if child is not None:
            _collect(child, found, key)
    if place.items is not None:
        _collect(place.items, found, name)


def _headers(ledger: Ledger, operation: Operation, rows: list[str]) -> None:
    for row in rows:
        status, name, kind, *_ = row.split()
        if name.startswith("Access-Control-"):
            continue
        node = operation.spec.follow(operation.node["responses"][status])
        header = operation.spec.follow(node.get("headers", {}).get(name, {}))
        place = operation.spec.place(header["schema"]) if header else None
        ledger.field("headers", operation.id, f"{status} {name}", Stated(kind), place)


def _schema(ledger: Ledger, operation: Operation, status: str, rows: list[str]) -> None:
    """Walk a schema table: each row is one level below the last row with fewer marks."""
    root = operation.reply(status)
    parents: dict[int, Place | None] = {0: root}
    paths = {0: status}
    for row in _fields(rows):
        parent = parents.get(row.depth - 1)
        owner = (parent.items or parent) if parent else None
        name = f"{paths[row.depth - 1]}.{row.name}"
        place = owner.child(row.name) if owner else None
        ledger.field("schemas", operation.id, name, _stated(row), place)
        parents[row.depth], paths[row.depth] = place, name


def _fields(rows: list[str]) -> Iterator[Field]:
    """Yield the fields of a table; the nameless parts of an allOf are left out, one level less."""
    parts = 0
    for row in rows:
        found = PROPERTY.match(row)
        if found is None:
            continue  # the rest of a description
        if found[2] == "anonymous":
            parts = 1
            continue
        yield Field(len(found[1]) - parts, found[2], found[3], found[4] == "true")


def _stated(row: Field) -> Stated:
    kind, *rest = re.split(r"[(¦)]", row.type)
    limits: dict[str, Any] = {}
    if "uuid" in rest:
        limits["format"] = "uuid"
    if "null" in rest:
        limits["nullable"] = True
    if kind.startswith("["):
        inner = kind.strip("[]")
        limits["items"] = "any" if inner == "allOf" else inner
        kind = "array"
    return Stated(kind, row.required, limits)


def _sample(ledger: Ledger, operation: Operation, title: str, text: str) -> None:
    is_request = title.startswith("Body")
    place = operation.request if is_request else operation.reply(title[:3])
    where = "request" if is_request else title[:3]
    value = "" if text.startswith('"') else next(parse_samples(text))
    compare_sample(ledger, operation, where, value, place)
