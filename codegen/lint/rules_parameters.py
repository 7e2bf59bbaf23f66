"""Parameters: what can be sent as the vendor expects it, and under one Python name each."""

from __future__ import annotations

import json
from collections.abc import Iterator

from codegen.lint.document import Operation, SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.shapes import core, is_object, is_union, properties, types_of
from codegen.lint.sites import Site
from codegen.names import parameter_name

HEADER_TYPES = frozenset({"string", "integer", "boolean"})
HEADERS_NOT_PARAMETERS = frozenset({"accept", "authorization", "content-type"})
#: The default of each place; the generator knows no others.
STYLE_OF = {"query": "form", "path": "simple", "header": "simple", "cookie": "form"}


def check_form(doc: SpecDocument) -> Iterator[Problem]:
    """A parameter has a schema, never content, and an example where it is required."""
    for site in _parameters(doc):
        name = site.data.get("name")
        if "content" in site.data:
            yield doc.problem(
                child(site.pointer, "content"),
                "parameter-content",
                f"`{name}` has content: the parameter vanishes",
                "give it a schema",
            )
        elif "schema" not in site.data:
            yield doc.problem(site.pointer, "parameter-schema", f"`{name}` has no schema")
        if site.data.get("required") is True and not {"example", "examples"} & set(site.data):
            yield doc.problem(
                site.pointer, "parameter-example", f"required `{name}` has no example"
            )


def check_headers(doc: SpecDocument) -> Iterator[Problem]:
    """Headers are strings, integers or booleans without a format; none carries the token."""
    for site in _parameters(doc):
        if site.data.get("in") != "header":
            continue
        name = site.data.get("name")
        if str(name).lower() in HEADERS_NOT_PARAMETERS:
            yield doc.problem(
                site.pointer,
                "header-name",
                f"`{name}` is no parameter",
                "authorization is a security scheme, the others follow from the content",
            )
        for schema in doc.below(site, "schema"):
            target = core(doc, schema)
            types = types_of(target.data)
            if len(types) != 1 or types[0] not in HEADER_TYPES:
                yield doc.problem(
                    schema.pointer,
                    "header-type",
                    f"header `{name}` is of type {types or 'any'}",
                    "a string, an integer or a boolean",
                )
            elif "string" in types and "format" in target.data:
                yield doc.problem(
                    schema.pointer,
                    "header-type",
                    f"header `{name}` has the format {target.data['format']}",
                    "a plain string",
                )


def check_styles(doc: SpecDocument) -> Iterator[Problem]:
    """Only the plain styles, and arrays say theirs: the generator takes no notice of others."""
    for site in _parameters(doc):
        name, place = site.data.get("name"), str(site.data.get("in"))
        style = site.data.get("style")
        if style is not None and style != STYLE_OF.get(place, style):
            yield doc.problem(
                child(site.pointer, "style"),
                "parameter-style",
                f"`{name}`: style {style} in {place}",
                f"only {STYLE_OF[place]}",
            )
        for schema in doc.below(site, "schema"):
            yield from _check_shape(doc, site, core(doc, schema))


def _check_shape(doc: SpecDocument, site: Site, schema: Site) -> Iterator[Problem]:
    name = site.data.get("name")
    if is_object(schema) or is_union(doc, schema):
        yield doc.problem(
            site.pointer, "parameter-type", f"`{name}` is an object or union: it is flattened"
        )
    if types_of(schema.data) != ["array"]:
        return
    missing = [key for key in ("style", "explode") if key not in site.data]
    if missing:
        yield doc.problem(
            site.pointer, "array-style", f"array `{name}` does not state {' and '.join(missing)}"
        )
    for items in doc.below(schema, "items"):
        target = core(doc, items)
        if is_object(target) or is_union(doc, target) or types_of(target.data) == ["array"]:
            yield doc.problem(
                items.pointer, "parameter-type", f"the items of `{name}` are not plain values"
            )


def check_names(doc: SpecDocument) -> Iterator[Problem]:
    """The parameters and body fields of an operation stay different as arguments."""
    for operation in doc.operations:
        seen: dict[str, str] = {}
        for wire, label, pointer in _arguments(doc, operation):
            name = parameter_name(wire)
            if name in seen:
                yield doc.problem(
                    pointer,
                    "argument-collision",
                    f"{operation.id}: {label} and {seen[name]} both become `{name}`",
                )
            seen.setdefault(name, label)


def _arguments(doc: SpecDocument, operation: Operation) -> Iterator[tuple[str, str, str]]:
    for site in operation.parameters:
        wire = site.data.get("name")
        if isinstance(wire, str):
            # A shared parameter collides in the operation, not in components.
            own = site.pointer.startswith(operation.site.pointer)
            pointer = site.pointer if own else child(operation.site.pointer, "parameters")
            yield wire, f"{site.data.get('in')} `{wire}`", pointer
    body = doc.body(operation)
    for media in doc.below(body, "content") if body else []:
        for schema in doc.below(media, "schema"):
            for wire in properties(doc, core(doc, schema)):
                yield wire, f"body field `{wire}`", child(operation.site.pointer, "requestBody")


def check_shared(doc: SpecDocument) -> Iterator[Problem]:
    """A parameter that several operations use is a component."""
    seen: dict[str, str] = {}
    for site in _parameters(doc):
        same = json.dumps(site.data, sort_keys=True, default=str)
        if same in seen:
            first = doc.line(seen[same])
            yield doc.problem(
                site.pointer,
                "shared-parameter",
                f"`{site.data.get('name')}` is that of line {first}",
                "put it in components/parameters",
            )
        seen.setdefault(same, site.pointer)


def _parameters(doc: SpecDocument) -> Iterator[Site]:
    return (site for site in doc.sites("parameter") if site.ref is None)


RULES = (check_form, check_headers, check_styles, check_names, check_shared)
