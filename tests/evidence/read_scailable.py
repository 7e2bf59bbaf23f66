"""Scailable: parameter lists, bodies, time-outs and sample bodies of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .equivalence import Stated
from .ledger import Ledger
from .material import other_rows
from .openapi import Operation, Place, Spec
from .samples import compare_sample, parse_samples

TYPE = re.compile(r"(any|integer|string|boolean|object|Array of strings)( or null)?(?: <(\w+)>)?")
BLOCK = r"(?ms)^{}\n(.*?)(?=^(?:query Parameters|Request Body schema|Responses)\b)"
SAMPLE = r"(?ms)^{} samples\n\nContent type\napplication/json\n(.*?)(?=\n\n|\Z)"
TIMEOUT = re.compile(r"Time-out set to (?:(\d+)m)?(\d+)s")


def sections(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield method, path and text of each operation; method and path stand in others_ops.tsv."""
    lines = text.splitlines()
    starts = {lines.index(row["operation"]): row for row in other_rows("scailable")}
    order = sorted(starts)
    for start, end in zip(order, [*order[1:], len(lines)], strict=True):
        yield starts[start]["method"], starts[start]["path"], "\n".join(lines[start:end])


def compare_scailable(ledger: Ledger, spec: Spec, text: str) -> None:
    """Note every fact of the document."""
    for method, path, part in sections(text):
        operation = spec.at(method, path)
        ledger.fact("operations", f"{method} {path}", "operation", operation is None)
        if operation is not None:
            _compare(ledger, operation, part)


def _compare(ledger: Ledger, operation: Operation, text: str) -> None:
    if found := TIMEOUT.search(text):
        seconds = 60 * int(found[1] or 0) + int(found[2])
        ledger.fact("prose", operation.id, "time-out", operation.node.get("x-timeout") != seconds)
    missed = bool(operation.node["security"]) != ("Authorizations:" in text)
    ledger.fact("prose", operation.id, "security", missed)
    for where in ("path", "query"):
        if found := re.search(BLOCK.format(f"{where} Parameters"), text):
            for name, stated in _fields(found[1]):
                _parameter(ledger, operation, where, name, stated)
    if found := re.search(BLOCK.format("Request Body schema: ([^\n]+)"), text):
        _body(ledger, operation, found[1], found[2])
    for title, place in (("Request", operation.request), ("Response", operation.reply())):
        if found := re.search(SAMPLE.format(title), text):
            value = next(parse_samples(found[1]))
            compare_sample(ledger, operation, title.lower(), value, place)


def _parameter(ledger: Ledger, operation: Operation, where: str, name: str, stated: Stated) -> None:
    node = operation.parameters.get(name)
    place = operation.parameter(name) if node else None
    ledger.fact("parameters", operation.id, f"{name}: in", not node or node["in"] != where)
    ledger.field("parameters", operation.id, name, stated, place)


def _body(ledger: Ledger, operation: Operation, media: str, text: str) -> None:
    missed = media not in operation.body.get("content", ())
    ledger.fact("prose", operation.id, "media type", missed)
    place = _whole(operation) if media == "multipart/form-data" else operation.request
    names = []
    for name, stated in _fields(text):
        names.append(name)
        ledger.field("bodies", operation.id, name, stated, place.child(name) if place else None)
    if re.search(r"(?m)^object", text) and "of type map" not in text:  # a nameless object
        ledger.fact("bodies", operation.id, "object", not _has_object(place))


def _whole(operation: Operation) -> Place:
    (kind,) = operation.body["content"].values()
    return operation.spec.place(kind["schema"])


def _has_object(place: Place | None) -> bool:
    """Tell whether a body, or a part of it, is an object as in the document."""
    if place is None:
        return False
    names = place.schema.get("properties", ())
    parts = [place.child(name) for name in names]
    return not names or any(part is not None and "object" in part.types for part in parts)


def _fields(text: str) -> Iterator[tuple[str, Stated]]:
    """Yield the fields of a list: lines with the name, maybe "required", and the type."""
    lines = [line for line in text.splitlines() if line]
    for index, name in enumerate(lines):
        rest = lines[index + 1 : index + 3]
        required = rest[:1] == ["required"]
        found = TYPE.fullmatch(rest[required]) if len(rest) > required else None
        if found is None or name == "required" or TYPE.fullmatch(name):
            continue
        after = lines[index + 2 + required :]
        yield name, _stated(found, required=required, enum=after[0] if after else "")


def _stated(found: re.Match[str], *, required: bool, enum: str) -> Stated:
    limits: dict[str, Any] = {}
    kind = found[1]
    if kind.startswith("Array"):
        kind, limits["items"] = "array", "string"
    elif found[3]:
        limits["format"] = found[3]
    if found[2]:
        limits["nullable"] = True
    if enum.startswith("Enum: "):
        limits["enum"] = re.findall(r'"(\w+)"', enum)
    return Stated(kind, required, limits)
