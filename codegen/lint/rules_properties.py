"""The names of an object's properties, on the wire and in Python."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.shapes import properties, required
from codegen.names import python_name

#: Non-ASCII or dunder wire names that are known to work, each covered by a test of the models.
ALLOWED_WIRE_NAMES: frozenset[str] = frozenset()


def check_names(doc: SpecDocument) -> Iterator[Problem]:
    """Properties stay different as Python names."""
    for site in doc.sites("schema"):
        known = properties(doc, site)
        seen: dict[str, str] = {}
        for wire, entry in known.items():
            name = python_name(wire)
            if name in seen:
                message = f"`{wire}` and `{seen[name]}` both become `{name}`"
                yield doc.problem(entry.pointer, "property-collision", message)
            elif name in known and python_name(name) != name:
                # msgspec would swap the values of the two.
                message = f"`{wire}` becomes `{name}`, which another property is called"
                yield doc.problem(entry.pointer, "property-collision", message)
            seen.setdefault(name, wire)


def check_wire_names(doc: SpecDocument) -> Iterator[Problem]:
    """Wire names are ASCII and not dunder."""
    for site in doc.sites("schema"):
        for wire, entry in properties(doc, site).items():
            dunder = wire.startswith("__") and wire.endswith("__")
            if (dunder or not wire.isascii()) and wire not in ALLOWED_WIRE_NAMES:
                message = f"`{wire}` is not a wire name models can decode"
                yield doc.problem(entry.pointer, "wire-name", message)


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
