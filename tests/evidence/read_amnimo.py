"""amnimo: curl commands, tables and sample bodies of the document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .equivalence import Stated
from .ledger import Ledger
from .openapi import Operation, Place, Spec
from .samples import compare_sample, parse_samples

CURL = re.compile(r"(?m)^curl (?:-X (\w+) )?'https://api\.amnimo\.com/ex([^'?]*)")
ROW = re.compile(r"(?m)^\| ([A-Za-z][\w-]*)( required)? \| ([^|]*)\|")
NAMELESS = re.compile(r"(?m)^required \| object \|$")
TYPE = re.compile(
    r"(Array of (?P<items>\w+?)s\b|(?P<type>\w+))(?: <(?P<format>\w+)>)?"
    r"(?: \[ (?P<low>\d+) \.\. (?P<high>\d+) \](?P<chars> characters)?| >= (?P<least>\d+))?"
    r"(?: Default: (?P<default>\"\w+\"|\w+))?"
    r"(?: Enum: (?P<enum>(?:\{\S+\} ?|\"\w+\"\s?)+))?"
)
#: The only sample of this operation is the body of an error.
ERROR_SAMPLES = {"delete_media": "400"}


def sections(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield method, path and text of each operation: from its first curl line to the next's."""
    starts: list[tuple[str, str, int]] = []
    for found in CURL.finditer(text):
        method, path = found[1] or "GET", found[2]
        if not starts or starts[-1][:2] != (method, path):
            starts.append((method, path, found.start()))
    ends = [start for _, _, start in starts[1:]] + [len(text)]
    for (method, path, start), end in zip(starts, ends, strict=True):
        yield method, path, text[start:end]


def compare_amnimo(ledger: Ledger, spec: Spec, text: str) -> None:
    """Note every fact of the document."""
    for method, path, part in sections(text):
        operation = spec.at(method, path)
        ledger.fact("operations", f"{method} {path}", "operation", operation is None)
        if operation is None:
            continue
        for found in ROW.finditer(part):
            _row(ledger, operation, found[1], found[3], required=found[2] is not None)
        last = max(found.end() for found in ROW.finditer(part) if "/" not in found[1])
        _samples(ledger, operation, part[last:])


def _row(ledger: Ledger, operation: Operation, name: str, cell: str, *, required: bool) -> None:
    if name == "Authorization":  # the header is a security scheme
        scheme = "basicAuth" if "Basic" in cell else "bearerAuth"
        missed = operation.node["security"] != [{scheme: []}]
        ledger.fact("parameters", operation.id, "Authorization", missed)
        return
    if name == "Content-Type":  # the header is the body's media type
        missed = not any(media in cell for media in operation.body.get("content", ()))
        ledger.fact("parameters", operation.id, "Content-Type", missed)
        return
    stated = _stated(cell, required=required)
    place: Place | None = None
    if name in operation.parameters:
        place = operation.parameter(name)
        where = "path" if f"{{{name}}}" in operation.path else "query"
        missed = operation.parameters[name]["in"] != where
        ledger.fact("parameters", operation.id, f"{name}: in", missed)
    elif operation.request is not None:
        place = operation.request.child(name)
    ledger.field("parameters", operation.id, name, stated, place)


def _stated(cell: str, *, required: bool) -> Stated:
    found = TYPE.match(cell)
    assert found is not None, cell
    limits: dict[str, Any] = {}
    if found["items"]:
        limits["items"] = found["items"]
    if found["format"]:
        limits["format"] = found["format"]
    low, high = ("minLength", "maxLength") if found["chars"] else ("minimum", "maximum")
    for key, group in ((low, found["low"] or found["least"]), (high, found["high"])):
        if group:
            limits[key] = int(group)
    if found["default"]:
        limits["default"] = json.loads(found["default"])
    if found["enum"]:
        limits["enum"] = re.findall(r'(?:^|[{\s])"(\w+)"', found["enum"])
    return Stated("array" if found["items"] else found["type"], required, limits)


def _samples(ledger: Ledger, operation: Operation, text: str) -> None:
    samples = list(parse_samples(text))
    if "application/json" in operation.body.get("content", ()):
        request = samples.pop(0)
        compare_sample(ledger, operation, "request", request, operation.request)
        if NAMELESS.search(text):  # the dump lost the name of the row; the sample has it
            for name in request:
                place = operation.request.child(name) if operation.request else None
                ledger.field("parameters", operation.id, name, Stated("object", True), place)
    status = ERROR_SAMPLES.get(operation.id, "200")
    for sample in samples:
        compare_sample(ledger, operation, status, sample, operation.reply(status))
