"""Extensions: only the known ones, only where they mean something, with fitting values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.shapes import is_object
from codegen.lint.sites import Site

IDEMPOTENT_METHODS = frozenset({"get", "head", "put", "delete", "options"})
CHANGING_METHODS = frozenset({"put", "patch", "delete"})


def _is_operation(site: Site) -> bool:
    return site.kind == "operation"


def _is_parameter(site: Site) -> bool:
    return site.kind == "parameter"


def _is_property(site: Site) -> bool:
    return site.kind == "schema" and site.key == "properties"


def _is_evidence_place(site: Site) -> bool:
    described = site.kind in {"operation", "parameter", "header", "response"}
    return described or _is_property(site) or (site.kind == "schema" and site.is_component)


def _is_secret_place(site: Site) -> bool:
    while site.kind == "schema" and site.key == "items" and site.parent is not None:
        site = site.parent  # each item of a list may be the secret
    return _is_parameter(site) or _is_property(site)


def _is_named_object(site: Site) -> bool:
    return site.kind == "schema" and site.is_component and is_object(site)


PLACES: dict[str, tuple[Callable[[Site], bool], str]] = {
    "x-evidence": (
        _is_evidence_place,
        "an operation, parameter, header, response, schema or property",
    ),
    "x-pagination": (_is_operation, "an operation"),
    "x-idempotent": (_is_operation, "an operation"),
    "x-read-only": (_is_operation, "an operation"),
    "x-timeout": (_is_operation, "an operation"),
    "x-poll": (_is_operation, "an operation"),
    "x-secret": (_is_secret_place, "a parameter or property"),
    "x-unknown-fields": (_is_named_object, "a named object schema"),
    "x-client-supplied": (_is_parameter, "a parameter"),
}


def check_places(doc: SpecDocument) -> Iterator[Problem]:
    """No unknown `x-` key anywhere, and the known ones only in their places."""
    for site in doc.survey.sites:
        for key in site.data:
            if key.startswith("x-") and site.kind != "callback":
                yield from _check_place(doc, site, key)
        for key in ("paths", "responses"):
            held = site.data.get(key)
            if site.kind in ("root", "operation") and isinstance(held, dict):
                for name in held:
                    if name.startswith("x-"):
                        pointer = child(site.pointer, key, name)
                        yield doc.problem(
                            pointer, "unknown-extension", f"`{name}` means nothing here"
                        )


def _check_place(doc: SpecDocument, site: Site, key: str) -> Iterator[Problem]:
    pointer = child(site.pointer, key)
    if key not in PLACES:
        yield doc.problem(pointer, "unknown-extension", f"`{key}` means nothing here")
        return
    allowed, where = PLACES[key]
    if not allowed(site):
        yield doc.problem(
            pointer,
            "extension-place",
            f"`{key}` on {site.key or 'the document'}",
            f"only on {where}",
        )


def check_flags(doc: SpecDocument) -> Iterator[Problem]:
    """`x-secret`, `x-client-supplied`, `x-read-only` and `x-unknown-fields` have their one value."""
    for site in doc.survey.sites:
        for key, wanted in (
            ("x-secret", True),
            ("x-client-supplied", True),
            ("x-read-only", True),
            ("x-unknown-fields", "expected"),
        ):
            if key in site.data and site.data[key] != wanted:
                yield doc.problem(
                    child(site.pointer, key),
                    "extension-value",
                    f"`{key}` is {site.data[key]!r}, not {wanted!r}",
                )
        if (
            "x-unknown-fields" in site.data
            and site.kind == "schema"
            and site.pointer not in doc.in_replies
        ):
            yield doc.problem(
                child(site.pointer, "x-unknown-fields"),
                "extension-place",
                "`x-unknown-fields` on a schema of no reply",
            )


def check_calls(doc: SpecDocument) -> Iterator[Problem]:
    """`x-idempotent` differs from the method's default, `x-timeout` is a number of seconds."""
    for operation in doc.operations:
        data = operation.site.data
        if "x-idempotent" in data:
            pointer = child(operation.site.pointer, "x-idempotent")
            value = data["x-idempotent"]
            if not isinstance(value, bool):
                yield doc.problem(
                    pointer, "extension-value", f"`x-idempotent` is {value!r}, not true or false"
                )
            elif value == (operation.method in IDEMPOTENT_METHODS):
                yield doc.problem(
                    pointer,
                    "extension-value",
                    f"`x-idempotent` is {operation.method.upper()}'s default: leave it out",
                )
        if "x-timeout" in data and not _is_seconds(data["x-timeout"]):
            pointer = child(operation.site.pointer, "x-timeout")
            yield doc.problem(
                pointer, "extension-value", f"`x-timeout` is {data['x-timeout']!r}, not seconds"
            )


def check_read_only(doc: SpecDocument) -> Iterator[Problem]:
    """`x-read-only` stands on no operation that starts work or may not be repeated."""
    for operation in doc.operations:
        data = operation.site.data
        if "x-read-only" not in data:
            continue
        pointer = child(operation.site.pointer, "x-read-only")
        idempotent = data.get("x-idempotent", operation.method in IDEMPOTENT_METHODS)
        for wrong, why in (
            (idempotent is not True, "a call that may not be repeated changes something"),
            ("x-poll" in data, "a call that starts slow work changes something"),
            (operation.method in CHANGING_METHODS, f"{operation.method.upper()} changes something"),
        ):
            if wrong:
                yield doc.problem(pointer, "read-only", f"`x-read-only` on {operation.id}: {why}")


def _is_seconds(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0


RULES = (check_places, check_flags, check_calls, check_read_only)
