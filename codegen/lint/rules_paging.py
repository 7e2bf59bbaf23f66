"""`x-pagination` and `x-poll`: what they point at exists and has the right type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codegen.lint.document import Operation, SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.shapes import core, properties, step_into, types_of
from codegen.lint.sites import Site

#: style -> (keys it needs, keys it may have)
STYLES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "cursor": (frozenset({"cursor_parameter", "next"}), frozenset()),
    "link": (frozenset({"cursor_parameter", "next"}), frozenset()),
    "offset": (frozenset({"offset_parameter"}), frozenset({"total"})),
    "page": (
        frozenset({"page_parameter", "first_page"}),
        frozenset({"last", "last_page", "total"}),
    ),
}
NEEDED = frozenset({"style", "items"})
COMMON = frozenset({"size_parameter", "max_size", "in", "short_page", "excluded_by"})
PARAMETERS = ("cursor_parameter", "offset_parameter", "page_parameter", "size_parameter")
#: pointer -> types of what it points at; a total may be a string of digits, a link is a string
TARGETS = {
    "items": {"array"},
    "next": {"string", "integer"},
    "last": {"boolean"},
    "last_page": {"integer"},
    "total": {"integer"},
}
CHOICES = {"in": {"query", "body"}, "short_page": {"ends", "continues"}}


def check_pagination(doc: SpecDocument) -> Iterator[Problem]:
    """The keys belong to the style, and name existing parameters and parts of the reply."""
    for operation in doc.operations:
        value = operation.site.data.get("x-pagination")
        if value is None:
            continue
        pointer = child(operation.site.pointer, "x-pagination")
        if not isinstance(value, dict) or str(value.get("style")) not in STYLES:
            yield doc.problem(pointer, "pagination", f"no style of {', '.join(STYLES)}")
            continue
        yield from _check_keys(doc, pointer, value)
        yield from _check_parameters(doc, operation, pointer, value)
        yield from _check_targets(doc, operation, pointer, value)


def _check_keys(doc: SpecDocument, pointer: str, value: dict[str, Any]) -> Iterator[Problem]:
    style = value["style"]
    needed, optional = STYLES[style]
    for key in sorted((needed | NEEDED) - set(value)):
        yield doc.problem(pointer, "pagination", f"style {style} needs `{key}`")
    for key in value:
        if key not in needed | optional | NEEDED | COMMON:
            yield doc.problem(child(pointer, key), "pagination", f"style {style} has no `{key}`")
    for key, choices in CHOICES.items():
        if key in value and str(value[key]) not in choices:
            yield doc.problem(
                child(pointer, key),
                "pagination",
                f"`{key}` is none of {', '.join(sorted(choices))}",
            )
    for key in ("max_size", "first_page"):
        if key in value and (not isinstance(value[key], int) or isinstance(value[key], bool)):
            yield doc.problem(child(pointer, key), "pagination", f"`{key}` is not an integer")


def _check_parameters(
    doc: SpecDocument, operation: Operation, pointer: str, value: dict[str, Any]
) -> Iterator[Problem]:
    in_query = [s.text("name") for s in operation.parameters if s.data.get("in") == "query"]
    fields = list(_body_fields(doc, operation))
    known, where = (
        (fields, "body fields") if value.get("in") == "body" else (in_query, "query parameters")
    )
    for key in PARAMETERS:
        if key in value and value[key] not in known:
            if key == "size_parameter" and value[key] in fields + in_query:
                continue
            yield doc.problem(
                child(pointer, key),
                "pagination-parameter",
                f"{value[key]!r} is not among the {where}",
            )
    excluded = value.get("excluded_by", [])
    for name in excluded if isinstance(excluded, list) else [excluded]:
        if name not in fields + in_query:
            yield doc.problem(
                child(pointer, "excluded_by"),
                "pagination-parameter",
                f"{name!r} is not among the parameters",
            )


def _body_fields(doc: SpecDocument, operation: Operation) -> Iterator[str]:
    body = doc.body(operation)
    for media in doc.below(body, "content") if body else []:
        for schema in doc.below(media, "schema"):
            yield from properties(doc, core(doc, schema))


def _check_targets(
    doc: SpecDocument, operation: Operation, pointer: str, value: dict[str, Any]
) -> Iterator[Problem]:
    for key, types in TARGETS.items():
        if key not in value:
            continue
        target = _target(doc, operation, value[key])
        place = child(pointer, key)
        if target is None:
            yield doc.problem(
                place, "pagination-pointer", f"the reply has nothing at {value[key]!r}"
            )
        elif target.data and not types & set(types_of(target.data)):
            found = ", ".join(types_of(target.data)) or "something else"
            yield doc.problem(
                place,
                "pagination-pointer",
                f"{value[key]!r} is {found}, not {' or '.join(sorted(types))}",
            )


def _target(doc: SpecDocument, operation: Operation, pointer: Any) -> Site | None:
    schema = doc.success_schema(operation)
    if schema is None or not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        return None
    return step_into(doc, schema, pointer)


def check_poll(doc: SpecDocument) -> Iterator[Problem]:
    """`x-poll` names an operation, a state in its reply, and states that exist."""
    by_id = {operation.id: operation for operation in doc.operations}
    for operation in doc.operations:
        value = operation.site.data.get("x-poll")
        if value is None:
            continue
        pointer = child(operation.site.pointer, "x-poll")
        if not isinstance(value, dict):
            yield doc.problem(pointer, "poll", "x-poll is not a mapping")
            continue
        yield from _check_poll_keys(doc, pointer, value)
        asked = by_id.get(str(value.get("operation")))
        if asked is None:
            yield doc.problem(
                child(pointer, "operation"), "poll", f"no operation {value.get('operation')!r}"
            )
            continue
        state = _target(doc, asked, value.get("status"))
        if state is None:
            yield doc.problem(
                child(pointer, "status"), "poll", f"the reply of {asked.id} has nothing there"
            )
        else:
            yield from _check_states(doc, pointer, value, state)


def _check_poll_keys(doc: SpecDocument, pointer: str, value: dict[str, Any]) -> Iterator[Problem]:
    needed = ("operation", "status", "done", "failed")
    for key in needed:
        if key not in value:
            yield doc.problem(pointer, "poll", f"`{key}` is missing")
    for key in value:
        if key not in (*needed, "first_wait"):
            yield doc.problem(child(pointer, key), "poll", f"unknown key `{key}`")
    wait = value.get("first_wait", 0)
    if isinstance(wait, bool) or not isinstance(wait, (int, float)) or wait < 0:
        yield doc.problem(child(pointer, "first_wait"), "poll", "`first_wait` is not seconds")


def _check_states(
    doc: SpecDocument, pointer: str, value: dict[str, Any], state: Site
) -> Iterator[Problem]:
    known = state.data.get("enum")
    for key in ("done", "failed"):
        states = value.get(key)
        if not isinstance(states, list) or (key == "done" and not states):
            yield doc.problem(child(pointer, key), "poll", f"`{key}` is not a list of states")
            continue
        for index, name in enumerate(states):
            if isinstance(known, list) and name not in known:
                yield doc.problem(
                    child(pointer, key, index), "poll", f"{name!r} is not a state of `{state.name}`"
                )


RULES = (check_pagination, check_poll)
