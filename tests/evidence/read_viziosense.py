"""VizioSense: tables and sample bodies of the document, which names no operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .equivalence import Stated
from .ledger import Ledger
from .openapi import Operation, Place, Spec
from .samples import compare_sample, parse_samples

#: How the text of each operation begins, in the order of the document.
STARTS = {
    "login": "This endpoint will return and",
    "list_devices": "This endpoint will return a list",
    "get_device": "Get device by uuid",
    "update_device": "Update device properties",
    "request_image": "This endpoint allow you",
    "list_webhooks": "List all webhooks",
    "add_webhook": "Adding a new webhook",
    "update_webhook": "Update webhook parameters",
}
ROW = re.compile(r"(?m)^\| (\w+)( required)? \| (any|string|integer)([^|\n]*)\|$")
NAMELESS = re.compile(r"(?m)^object \((\w+)\)")


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield operationId and text of each operation."""
    starts = [text.index(words) for words in STARTS.values()]
    assert starts == sorted(starts)
    for name, start, end in zip(STARTS, starts, [*starts[1:], len(text)], strict=True):
        yield name, text[start:end]


def compare_viziosense(ledger: Ledger, spec: Spec, text: str) -> None:
    """Note every fact of the document."""
    host = re.search(r"--api-addr=(\S+)", text)
    hosts = spec.data["servers"][0]["variables"]["host"]["enum"]
    ledger.fact("prose", "servers", "staging host", host is None or host[1] not in hosts)
    for name, part in sections(text):
        operation = spec.operations.get(name)
        ledger.fact("operations", name, "operation", operation is None)
        if operation is not None:
            _compare(ledger, operation, part)


def _compare(ledger: Ledger, operation: Operation, text: str) -> None:
    for name, required, kind, rest in ROW.findall(text):
        _row(ledger, operation, name, Stated(kind, bool(required), _limits(rest)))
    if found := NAMELESS.search(text):  # the dump lost the row's name, but has that of its schema
        ledger.fact("parameters", operation.id, found[1], not _refers(operation.request, found[1]))
    samples = list(parse_samples(text[text.index("\n{") :]))
    if operation.request is not None and len(samples) > 1:
        compare_sample(ledger, operation, "request", samples.pop(0), operation.request)
    for sample in samples:
        compare_sample(ledger, operation, "reply", sample, operation.reply())


def _limits(text: str) -> dict[str, Any]:
    return {"enum": re.findall(r'"(\w+)"', text)} if "Enum: " in text else {}


def _row(ledger: Ledger, operation: Operation, name: str, stated: Stated) -> None:
    place: Place | None = None
    if name in operation.parameters:
        place = operation.parameter(name)
    elif operation.request is not None:
        place = operation.request.child(name)
    ledger.field("parameters", operation.id, name, stated, place)


def _refers(place: Place | None, schema: str) -> bool:
    """Tell whether a property of a body refers to a named schema."""
    properties = place.schema.get("properties", {}) if place else {}
    return {"$ref": f"#/components/schemas/{schema}"} in properties.values()
