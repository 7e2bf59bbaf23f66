"""The names of an object's properties, on the wire and in Python."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.shapes import properties, required
from codegen.names import RESERVED, python_name

#: Reserved names that vendors use all the same, each covered by a test of the models.
ALLOWED_RESERVED: frozenset[str] = frozenset()

#: Non-ASCII or dunder wire names that are known to work, each covered by a test of the models.
ALLOWED_WIRE_NAMES: frozenset[str] = frozenset()


def check_names(doc: SpecDocument) -> Iterator[Problem]:
    """Properties stay different as Python names, which are not the generated code's own."""
    for site in doc.sites("schema"):
        seen: dict[str, str] = {}
        for wire, entry in properties(doc, site).items():
            name = python_name(wire)
            if wire in RESERVED - ALLOWED_RESERVED:
                yield doc.problem(
                    entry.pointer, "reserved-property", f"a property is called `{wire}`"
                )
            if name in seen:
                yield doc.problem(
                    entry.pointer,
                    "property-collision",
                    f"`{wire}` and `{seen[name]}` both become `{name}`",
                )
            seen.setdefault(name, wire)


def check_wire_names(doc: SpecDocument) -> Iterator[Problem]:
    """Wire names are ASCII, not dunder, and none is a neighbour's Python name: they would swap."""
    for site in doc.sites("schema"):
        names = properties(doc, site)
        owner = {python_name(wire): wire for wire in names}
        for wire, entry in names.items():
            dunder = wire.startswith("__") and wire.endswith("__")
            if (dunder or not wire.isascii()) and wire not in ALLOWED_WIRE_NAMES:
                yield doc.problem(
                    entry.pointer, "wire-name", f"`{wire}` is not a wire name models can decode"
                )
            if owner.get(wire, wire) != wire:
                yield doc.problem(
                    entry.pointer,
                    "wire-name-swap",
                    f"`{wire}` is also the Python name of `{owner[wire]}`",
                )


def check_required(doc: SpecDocument) -> Iterator[Problem]:
    """`required` names properties that exist."""
    for site in doc.sites("schema"):
        known = properties(doc, site)
        for index, name in enumerate(required(site)):
            if name not in known:
                yield doc.problem(
                    child(site.pointer, "required", index),
                    "required-unknown",
                    f"`{name}` is required but not a property",
                )


RULES = (check_names, check_wire_names, check_required)
