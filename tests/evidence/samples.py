"""The sample bodies of the documents, as facts about fields and their types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .equivalence import Stated
from .ledger import Ledger
from .openapi import Operation, Place

#: Redoc's sign of a part that can be folded, at the start of a line or after a bracket or comma.
FOLD = re.compile(r"(?m)(^\s*|[\[{,]\s*)[-•] ")
#: What the page's renderer makes up for a time or a UUID: it shows the field's format.
MADE_UP_TIME = "2019-08-24T14:15:22Z"
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}


def parse_samples(text: str) -> Iterator[Any]:
    """Yield the JSON values that stand one after the other from the first bracket on."""
    text = FOLD.sub(r"\1", text)
    text = re.sub(r",(\s*})", r"\1", text)  # a folded last field was lost from the dump
    decoder = json.JSONDecoder(strict=False)
    start = re.search(r"[\[{]", text)
    position = start.start() if start else len(text)
    while text[position : position + 1] in ("[", "{"):
        value, position = decoder.raw_decode(text, position)
        yield value


def compare_sample(
    ledger: Ledger, operation: Operation, where: str, value: Any, place: Place | None
) -> None:
    """Note every field of a sample, and its type, as facts."""
    if place is None:
        ledger.fact("samples", operation.id, where, missed=True)
        return
    _compare(ledger, operation.id, where, value, place)


def _compare(ledger: Ledger, operation: str, where: str, value: Any, place: Place) -> None:
    ledger.fact("samples", operation, f"{where}: type", not _fits(value, place))
    if value == MADE_UP_TIME:
        misses = Stated(limits={"format": "date-time"}).misses(place)
        ledger.fact("samples", operation, f"{where}: format", bool(misses))
    if isinstance(value, dict):
        for name, inner in value.items():
            child = place.child(name)
            ledger.fact("samples", operation, f"{where}.{name}", child is None)
            if child is not None:
                _compare(ledger, operation, f"{where}.{name}", inner, child)
    elif isinstance(value, list) and place.items is not None:
        for inner in value:
            _compare(ledger, operation, f"{where}[]", inner, place.items)


def _fits(value: Any, place: Place) -> bool:
    kind = TYPES.get(type(value), "object")
    # A whole sample of a number is written like an integer; no type at all allows everything.
    return not place.types or kind in place.types or (kind == "integer" and "number" in place.types)
