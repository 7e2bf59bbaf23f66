"""What the client's tables say of an operation, beside what its specification says: calls alone do not show it all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..specs import marked_evidence

if TYPE_CHECKING:
    from deviceclouds.runtime.generated import Operation as ClientOperation
    from deviceclouds.runtime.generated import Parameter as ClientParameter

    from ..._operations import Operation, Parameter
    from ..._spec import Spec

__all__ = ["is_repeatable", "plain_name", "table_problems"]

Said = Iterator[tuple[str, str]]

_REPEATABLE = ("GET", "PUT", "DELETE", "HEAD", "OPTIONS")
_BOUNDS = {
    "enum": "enum",
    "minimum": "minimum",
    "maximum": "maximum",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
}
_ITEM_BOUNDS = {"minItems": "min_items", "maxItems": "max_items"}


def table_problems(
    spec: Spec,
    operation: Operation,
    client: ClientOperation[Any],
    names: Mapping[str, str],
) -> Said:
    """Place and reason of each difference.

    Only for the specification that a client was made from: a newer one may say more than the client can know.

    Args:
        spec: The specification.
        operation: The operation there.
        client: The same in the client.
        names: Namespace and method of the client by operationId.
    """
    yield from _promises(operation, client)
    yield from _parameters(spec, operation, client)
    yield from _body(operation, client)
    yield from _pages(spec, operation, client)
    yield from _poll(operation, client, names)


def is_repeatable(operation: Operation) -> bool:
    """Whether a call may be sent again: by its mark, else by its method."""
    return bool(operation.extensions.get("x-idempotent", operation.method in _REPEATABLE))


def plain_name(name: str) -> str:
    """A name without its spelling: ``displayName`` and ``display_name`` are the same."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _promises(operation: Operation, client: ClientOperation[Any]) -> Said:
    evidence = marked_evidence(operation.extensions)
    if evidence and client.evidence.status != evidence:
        yield "operation.evidence", "the client tells another evidence than the specification"
    if client.idempotent != is_repeatable(operation):
        may = "repeats" if client.idempotent else "does not repeat"
        yield "operation.idempotent", f"the client {may} the call after a failure"
    if client.time_limit != operation.extensions.get("x-timeout"):
        yield "operation.timeout", "the client has another time limit than the specification"
    if client.security != tuple(name for each in operation.security for name in each):
        yield "operation.security", "the client has other security schemes than the specification"


def _parameters(spec: Spec, operation: Operation, client: ClientOperation[Any]) -> Said:
    known = {(str(p.location), p.wire): p for p in client.parameters}
    documented = {(p.location, p.name): p for p in operation.parameters}
    for key in known.keys() - documented.keys():
        yield ".".join(key), "is a parameter of the client, and not of the specification"
    for key, parameter in documented.items():
        place = ".".join(key)
        if key not in known:
            yield place, "is a parameter that the client does not have"
            continue
        for reason in _parameter(spec, parameter, known[key]):
            yield place, reason


def _parameter(spec: Spec, parameter: Parameter, known: ClientParameter) -> Iterator[str]:
    schema = spec.resolve(parameter.schema)
    many = schema.get("type") == "array"
    inner = spec.resolve(schema.get("items", {})) if many else schema
    if plain_name(known.name) != plain_name(known.wire):
        yield f"is the client's argument {known.name}, another name"
    if known.required != parameter.required:
        yield "is required by one of client and specification only"
    if known.explode != (parameter.explode if many else None):
        yield "travels in another style, or is a list on one side only"
    kinds = inner.get("type", "string")
    # No parameter carries null.
    kinds = [each for each in kinds if each != "null"] if isinstance(kinds, list) else [kinds]
    kind = "date-time" if inner.get("format") == "date-time" else kinds[0]
    if known.kind != kind:
        yield f"has another type in the client ({known.kind})"
    if known.client_supplied != bool(parameter.raw.get("x-client-supplied")):
        yield "is supplied by the client's constructor on one side only"
    if known.secret != bool(parameter.raw.get("x-secret")):
        yield "is a secret on one side only"
    wanted = {ours: inner.get(theirs) for theirs, ours in _BOUNDS.items()}
    wanted |= {ours: schema.get(theirs) for theirs, ours in _ITEM_BOUNDS.items()}
    for bound, value in wanted.items():
        held = getattr(known.limits, bound)
        if (list(held) or None if bound == "enum" else held) != value:
            yield f"has another {bound} in the client"


def _body(operation: Operation, client: ClientOperation[Any]) -> Said:
    body, known = operation.body, client.body
    if body is None or known is None:
        if (body is None) != (known is None):
            yield "body", "one of client and specification has a body only"
        return
    if known.content_type != body.content_type:
        yield "body", "has another content type in the client"
    if known.required != body.required:
        yield "body", "is required by one of client and specification only"


def _pages(spec: Spec, operation: Operation, client: ClientOperation[Any]) -> Said:
    rules, known = operation.extensions.get("x-pagination"), client.pagination
    if rules is None or known is None:
        if (rules is None) != (known is None):
            yield "operation.paging", "is a list in pages for one of client and specification only"
        return
    moving = "cursor" if rules["style"] in ("cursor", "link") else rules["style"]
    moved = rules[f"{moving}_parameter"]
    wanted: dict[str, Any] = {
        "style": rules["style"],
        "location": rules.get("in", "query"),
        "items": _tokens(rules["items"]),
        "parameter": plain_name(moved),
        "size_parameter": _plain(rules.get("size_parameter")),
        "max_size": rules.get("max_size"),
        "first_page": rules.get("first_page", 0),
        "short_page_ends": rules.get("short_page") == "ends",
        "excluded_by": tuple(plain_name(name) for name in rules.get("excluded_by", ())),
        "guessed": _is_guess(spec, operation, rules, moved),
    }
    for key in ("next", "total", "last", "last_page"):
        wanted[key] = _tokens(rules[key]) if key in rules else None
    held = known._asdict()
    held["parameter"] = plain_name(known.parameter)
    held["size_parameter"] = _plain(known.size_parameter)
    held["excluded_by"] = tuple(plain_name(name) for name in known.excluded_by)
    for key, value in wanted.items():
        if held[key] != value:
            yield "operation.paging", f"the client has another {key} of its pages"


def _is_guess(spec: Spec, operation: Operation, rules: Mapping[str, Any], name: str) -> bool:
    if rules.get("in") == "body" and operation.body is not None:
        properties = spec.resolve(operation.body.schema).get("properties", {})
        node = properties.get(name, {})
    else:
        node = next((p.raw for p in operation.parameters if p.name == name), {})
    return marked_evidence(node) == "unverified"


def _poll(operation: Operation, client: ClientOperation[Any], names: Mapping[str, str]) -> Said:
    rules, known = operation.extensions.get("x-poll"), client.poll
    if rules is None or known is None:
        if (rules is None) != (known is None):
            yield "operation.poll", "is slow work for one of client and specification only"
        return
    wanted = (
        names.get(rules["operation"]),
        _tokens(rules["status"]),
        tuple(rules["done"]),
        tuple(rules.get("failed", ())),
        rules.get("first_wait", 0.0),
    )
    if tuple(known) != wanted:
        yield "operation.poll", "the client looks in another way whether the work is done"


def _tokens(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])


def _plain(name: str | None) -> str | None:
    return None if name is None else plain_name(name)
