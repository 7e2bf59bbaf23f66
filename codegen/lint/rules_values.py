"""Enums, constants and defaults: the values a schema names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.shapes import required
from codegen.lint.sites import Site
from codegen.names import member_name


def check_enums(doc: SpecDocument) -> Iterator[Problem]:
    """Enums are of strings or of integers, and their values become different Python names."""
    for site in doc.sites("schema"):
        values = site.data.get("enum")
        if isinstance(values, list):
            yield from _check_enum(doc, child(site.pointer, "enum"), values)


def _check_enum(doc: SpecDocument, pointer: str, values: list[Any]) -> Iterator[Problem]:
    kinds = {type(value).__name__ for value in values}
    if kinds not in ({"str"}, {"int"}):
        yield doc.problem(
            pointer,
            "enum-type",
            f"an enum of {', '.join(sorted(kinds)) or 'nothing'}",
            "only strings, or only integers; null joins by anyOf",
        )
        return
    seen: dict[str, Any] = {}
    for index, value in enumerate(values):
        name = member_name(value)
        if name in seen:
            yield doc.problem(
                child(pointer, index),
                "enum-collision",
                f"`{value}` and `{seen[name]}` both become `{name}`",
            )
        seen.setdefault(name, value)


def check_constants(doc: SpecDocument) -> Iterator[Problem]:
    """An optional const is a string: the generated check of any other is not Python."""
    for site in doc.sites("schema"):
        if (
            "const" in site.data
            and not isinstance(site.data["const"], str)
            and not _is_required(site)
        ):
            yield doc.problem(
                child(site.pointer, "const"), "const-type", "an optional const that is not a string"
            )


def _is_required(site: Site) -> bool:
    return (
        site.key == "properties" and site.parent is not None and site.name in required(site.parent)
    )


def check_defaults(doc: SpecDocument) -> Iterator[Problem]:
    """No default in a reply, where absent would look sent, and no list or object, which is lost."""
    for site in doc.sites("schema"):
        if "default" not in site.data:
            continue
        pointer = child(site.pointer, "default")
        if site.pointer in doc.in_replies:
            yield doc.problem(
                pointer,
                "reply-default",
                "a default in a reply: an absent field would look sent",
                "say it in the description",
            )
        if isinstance(site.data["default"], (dict, list)):
            yield doc.problem(
                pointer, "container-default", "a list or object as default is dropped"
            )


RULES = (check_enums, check_constants, check_defaults)
