"""Webhooks: what the vendor sends to an address of the user's, in the one shape that receivers are made from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codegen.lint.document import Operation, SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.rules_bodies import JSON
from codegen.lint.shapes import component_schemas, core, properties, types_of
from codegen.lint.sites import METHODS, Site
from codegen.names import class_name

KEYS = frozenset({"summary", "description", "x-evidence", "parameters", "requestBody", "responses"})
PLAIN_TYPES = frozenset({"string", "integer", "number", "boolean"})
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def check_names(doc: SpecDocument) -> Iterator[Problem]:
    """A webhook is called in snake_case; one with parameters becomes a class, of a name no schema has."""
    schemas = {class_name(site.name).lower(): site.name for site in component_schemas(doc)}
    for item in _items(doc):
        if not _NAME.match(item.name):
            yield doc.problem(item.pointer, "webhook-name", f"`{item.name}` is not snake_case")
    for operation in _webhooks(doc):
        taken = schemas.get(class_name(operation.path).lower())
        if operation.parameters and taken:
            yield doc.problem(
                operation.site.pointer,
                "webhook-name",
                f"the parameters of `{operation.path}` and schema `{taken}` become one class",
            )


def check_keys(doc: SpecDocument) -> Iterator[Problem]:
    """A webhook is one GET or POST, and says nothing that only means something for a call."""
    for item in _items(doc):
        methods = [site.key for site in doc.below(item, *METHODS)]
        if methods not in (["get"], ["post"]):
            told = ", ".join(methods) or "nothing"
            yield doc.problem(
                item.pointer, "webhook-method", f"`{item.name}` has {told}", "one get, or one post"
            )
    for operation in _webhooks(doc):
        for key in operation.site.data:
            if key not in KEYS:
                pointer = child(operation.site.pointer, key)
                yield doc.problem(pointer, "webhook-key", f"`{key}` means nothing in a webhook")


def check_parameters(doc: SpecDocument) -> Iterator[Problem]:
    """Parameters are plain values in the query; a receiver reads nothing else."""
    for operation in _webhooks(doc):
        for site in operation.parameters:
            schemas = [core(doc, schema) for schema in doc.below(site, "schema")]
            types = [kind for schema in schemas for kind in types_of(schema.data)]
            if site.data.get("in") != "query" or not set(types) <= PLAIN_TYPES or len(types) != 1:
                yield doc.problem(
                    site.pointer,
                    "webhook-parameter",
                    f"`{site.data.get('name')}` is not a plain value in the query",
                )


def check_contents(doc: SpecDocument) -> Iterator[Problem]:
    """A GET carries parameters, a POST one named object as JSON."""
    for operation in _webhooks(doc):
        pointer = operation.site.pointer
        bodies = doc.below(operation.site, "requestBody")
        if operation.method == "get" and not operation.parameters:
            yield doc.problem(pointer, "webhook-empty", f"`{operation.path}` carries nothing")
        if operation.method == "get" and bodies:
            yield doc.problem(bodies[0].pointer, "webhook-body", "a GET with a body")
        if operation.method == "post" and not (bodies and _is_named_json(doc, bodies[0])):
            yield doc.problem(
                bodies[0].pointer if bodies else pointer,
                "webhook-body",
                f"`{operation.path}` does not carry one named object as JSON",
                "write the body here, its schema as a $ref to an object with properties",
            )


def _is_named_json(doc: SpecDocument, body: Site) -> bool:
    medias = doc.below(body, "content")
    schemas = [schema for media in medias for schema in doc.below(media, "schema")]
    return (
        [media.name for media in medias] == [JSON]
        and len(schemas) == 1
        and schemas[0].ref is not None
        and bool(properties(doc, doc.follow(schemas[0])))
    )


def check_replies(doc: SpecDocument) -> Iterator[Problem]:
    """What a receiver answers is a success without content."""
    for operation in _webhooks(doc):
        pointer = child(operation.site.pointer, "responses")
        replies = doc.replies(operation)
        if not any(status.startswith("2") for status, _ in replies):
            yield doc.problem(
                pointer, "webhook-reply", f"`{operation.path}` does not say what to answer"
            )
        for status, reply in replies:
            if "content" in reply.data:
                yield doc.problem(
                    child(pointer, status), "webhook-reply", "receivers answer without content"
                )


def _items(doc: SpecDocument) -> Iterator[Site]:
    return (site for site in doc.sites("path-item") if site.key == "webhooks")


def _webhooks(doc: SpecDocument) -> Iterator[Operation]:
    return (operation for operation in doc.operations if operation.is_webhook)


RULES = (check_names, check_keys, check_parameters, check_contents, check_replies)
