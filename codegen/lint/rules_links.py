"""Links: an operation whose reply says it, the parameter that takes it, and a way that leads there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from codegen.lint.document import Operation, SpecDocument
from codegen.lint.pointers import child, lookup, tokens
from codegen.lint.report import Problem
from codegen.lint.shapes import core, step_into, types_of
from codegen.lint.sites import Site

KEYS = frozenset({"operationId", "parameters", "description"})
BODY = "$response.body#"
_PATH = re.compile(r"\$request\.path\.(.+)", re.DOTALL)
#: Types that fit into a parameter; an open schema fits as well.
_SCALARS = frozenset({"string", "integer", "number", "boolean"})


def check_links(doc: SpecDocument) -> Iterator[Problem]:
    """Each link of a success reply names an operation, its parameters, and where their values are."""
    by_id = {operation.id: operation for operation in doc.operations if not operation.is_webhook}
    for operation in doc.operations:
        for status, reply in doc.replies(operation):
            for link in doc.below(reply, "links"):
                if not status.startswith("2"):
                    yield doc.problem(link.pointer, "link", f"a link on a reply {status}")
                yield from _check_link(doc, by_id, operation, reply, link)


def _check_link(
    doc: SpecDocument, by_id: dict[str, Operation], source: Operation, reply: Site, link: Site
) -> Iterator[Problem]:
    for key in sorted(set(link.data) - KEYS):
        yield doc.problem(child(link.pointer, key), "link", f"`{key}` is not used in links here")
    target = by_id.get(link.text("operationId"))
    if target is None:
        named = link.data.get("operationId")
        place = link.pointer if named is None else child(link.pointer, "operationId")
        yield doc.problem(place, "link", f"no operation {named!r}")
        return
    parameters = link.data.get("parameters")
    if not isinstance(parameters, dict) or not parameters:
        yield doc.problem(link.pointer, "link", "a link without parameters says nothing")
        return
    known = {site.text("name") for site in target.parameters}
    for name, value in parameters.items():
        pointer = child(link.pointer, "parameters", name)
        if name not in known:
            yield doc.problem(pointer, "link", f"{target.id} has no parameter `{name}`")
        why = _wrong_value(doc, source, reply, value)
        if why:
            yield doc.problem(pointer, "link-value", why)


def _wrong_value(doc: SpecDocument, source: Operation, reply: Site, value: Any) -> str:
    """What is wrong with a runtime expression; empty for nothing."""
    text = value if isinstance(value, str) else ""
    in_path = _PATH.fullmatch(text)
    if in_path:
        known = {s.text("name") for s in source.parameters if s.data.get("in") == "path"}
        missing = f"the path of {source.id} has no `{in_path[1]}`"
        return "" if in_path[1] in known else missing
    if not text.startswith(BODY):
        return f"{value!r} is neither `{BODY}/...` nor `$request.path.<name>`"
    return _wrong_pointer(doc, reply, text.removeprefix(BODY))


def _wrong_pointer(doc: SpecDocument, reply: Site, pointer: str) -> str:
    media = next(iter(doc.below(reply, "content")), None)
    schema = next(iter(doc.below(media, "schema")), None) if media else None
    found = step_into(doc, schema, pointer) if schema and pointer.startswith("/") else None
    if media is None or found is None:
        return f"the reply has nothing at {pointer!r}"
    types = set(types_of(core(doc, found).data))
    if types and not types <= _SCALARS:
        return f"{pointer!r} is {', '.join(sorted(types))}, which is no value of a parameter"
    shown = [media.data["example"]] if "example" in media.data else []
    shown += [doc.follow(s).data.get("value") for s in doc.below(media, "examples")]
    if shown and not any(lookup(value, tokens(pointer))[0] for value in shown):
        return f"the example of the reply has nothing at {pointer!r}"
    return ""


RULES = (check_links,)
