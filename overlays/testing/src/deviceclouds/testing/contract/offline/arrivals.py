"""Whether what arrived at a server is what the client was given, value by value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..._bodies import media_type, read_body
from ..._credentials import presented_token
from ..._multipart import MultipartError, read_parts
from ..._schemas import pointer
from ..._texts import decode, read_pairs, typed, typed_list
from ..._undocumented import schema_parts

if TYPE_CHECKING:
    from ..._operations import Operation, Parameter
    from ..._spec import Spec
    from ..exchange import Exchange
    from .inputs import Input

__all__ = ["arrival_problems", "differences", "head_problems", "same_scalar"]

_ABSENT = object()


def arrival_problems(
    spec: Spec, operation: Operation, given: Input, exchange: Exchange
) -> Iterator[tuple[str, str]]:
    """Place and reason of each value that was lost, changed or added on its way.

    Args:
        spec: The specification the server goes by.
        operation: The operation.
        given: What the client was given.
        exchange: What arrived, valid by the specification.
    """
    arrived = _parameters(spec, operation, exchange)
    for parameter in operation.parameters:
        place = f"{parameter.location}.{parameter.name}"
        sent = given.parameters.get(parameter.name, _ABSENT)
        for way, reason in differences(sent, arrived.get(parameter.name, _ABSENT)):
            yield place + pointer(way), reason
    yield from _body_problems(spec, operation, given, exchange)


def head_problems(
    spec: Spec, operation: Operation, exchange: Exchange, secret: str
) -> Iterator[tuple[str, str]]:
    """What is wrong with credentials and Accept of a valid request.

    Args:
        spec: The specification.
        operation: The operation.
        exchange: What arrived, and its reply.
        secret: The token, and both parts of name and password.
    """
    headers = {name.lower(): value for name, value in exchange.request_headers}
    if operation.security and any(operation.security):
        _, presented = presented_token(spec, operation, headers)
        if set(presented.split(":")) != {secret}:
            yield "header.authorization", "arrived as other credentials than were given"
    said = {name.lower(): value for name, value in exchange.headers}
    kind = media_type(said.get("content-type"))[0]
    accepted = [media_type(each)[0] for each in headers.get("accept", "*/*").split(",")]
    if kind and not {kind, f"{kind.partition('/')[0]}/*", "*/*"} & set(accepted):
        yield "header.accept", "does not accept what the specification says is the reply"


def differences(
    sent: Any, arrived: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where two JSON values differ, and how; numbers and points in time by value, not by spelling."""
    if sent is _ABSENT and arrived is _ABSENT:
        return
    if arrived is _ABSENT:
        yield path, "was given and did not arrive"
    elif sent is _ABSENT:
        yield path, "arrived and was not given"
    elif isinstance(sent, dict) and isinstance(arrived, dict):
        for key in dict.fromkeys([*sent, *arrived]):
            yield from differences(sent.get(key, _ABSENT), arrived.get(key, _ABSENT), (*path, key))
    elif isinstance(sent, list) and isinstance(arrived, list):
        if len(sent) != len(arrived):
            yield path, "arrived with another number of items"
            return
        for index, (one, other) in enumerate(zip(sent, arrived, strict=True)):
            yield from differences(one, other, (*path, index))
    elif not same_scalar(sent, arrived):
        yield path, "arrived as another value than was given"


def same_scalar(one: Any, other: Any) -> bool:
    """Whether two JSON values that hold no others are the same."""
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    if isinstance(one, str) and isinstance(other, str):
        return one == other or (_instant(one) or one) == (_instant(other) or other)
    return bool(one == other)


def _instant(text: str) -> datetime | None:
    if len(text) < len("2026-01-01T00:00Z") or "T" not in text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _parameters(spec: Spec, operation: Operation, exchange: Exchange) -> dict[str, Any]:
    address, _, query = exchange.url.partition("?")
    found: dict[str, Any] = {}
    # The end of the address is the operation's path: the caller has seen the request to be valid.
    segments = operation.path.count("/")
    path = "/" + "/".join(address.split("/")[-segments:])
    match = operation.pattern.fullmatch(path)
    names = [p[1:-1] for p in operation.path.split("/") if p.startswith("{")]
    if match is not None and len(names) == len(match.groups()):
        found.update(zip(names, match.groups(), strict=True))
    texts: dict[str, list[str]] = {}
    for name, value in read_pairs(query)[0]:
        texts.setdefault(name, []).append(value)
    headers = {name.lower(): value for name, value in exchange.request_headers}
    values: dict[str, Any] = {}
    for parameter in operation.parameters:
        if parameter.location == "path" and parameter.name in found:
            values[parameter.name] = _read(spec, parameter, [found[parameter.name]])
        elif parameter.location == "query" and parameter.name in texts:
            values[parameter.name] = _read(spec, parameter, texts[parameter.name])
        elif parameter.location == "header" and parameter.name.lower() in headers:
            text = headers[parameter.name.lower()]
            values[parameter.name] = typed(spec, parameter.schema, text)
    return values


def _read(spec: Spec, parameter: Parameter, texts: list[str]) -> Any:
    many = spec.resolve(parameter.schema).get("type") == "array"
    if many and not parameter.explode:
        # A comma inside an item is percent-encoded.
        texts = [part for text in texts for part in text.split(",")]
    plain = [decode(text, plus=parameter.location == "query") or "" for text in texts]
    if many:
        return typed_list(spec, parameter.schema, plain)
    return typed(spec, parameter.schema, plain[-1])


def _body_problems(
    spec: Spec, operation: Operation, given: Input, exchange: Exchange
) -> Iterator[tuple[str, str]]:
    content = exchange.request_content or b""
    if operation.body is None or (not content and given.body is None):
        return
    kind = {n.lower(): v for n, v in exchange.request_headers}.get("content-type", "")
    arrived: Any = _ABSENT
    if content:
        arrived, problems = read_body(spec, operation.body, kind, content)
        if problems:
            return  # the caller has them from the check of the request
    sent = _ABSENT if given.body is None else given.body
    if "multipart/" in kind and isinstance(sent, dict) and isinstance(arrived, dict):
        arrived = {**arrived, **_files(spec, operation, kind, content)}
        # What repeats a part for each item cannot say that there are none.
        sent = {name: value for name, value in sent.items() if value != []}
    for way, reason in differences(sent, arrived):
        yield "body" + pointer(way), reason
    for way in _fractions(spec, operation.body.schema, arrived, ()):
        yield "body" + pointer(way), "arrived as a fraction, such as 1.0, and is a whole number"


def _fractions(
    spec: Spec, schema: Any, value: Any, way: tuple[str | int, ...]
) -> Iterator[tuple[str | int, ...]]:
    """Places of whole numbers that are written as fractions: the same to JSON schema, not to every server."""
    for part in schema_parts(spec.checker, schema, value):
        kinds = part.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if isinstance(value, float) and "integer" in kinds and "number" not in kinds:
            yield way
        elif isinstance(value, dict):
            for name in value.keys() & part.get("properties", {}).keys():
                yield from _fractions(spec, part["properties"][name], value[name], (*way, name))
        elif isinstance(value, list) and "items" in part:
            for index, item in enumerate(value):
                yield from _fractions(spec, part["items"], item, (*way, index))


def _files(spec: Spec, operation: Operation, kind: str, content: bytes) -> dict[str, str]:
    assert operation.body is not None  # multipart/form-data is the content type of a body
    properties = spec.resolve(operation.body.schema).get("properties", {})
    binary = {n for n, part in properties.items() if spec.resolve(part).get("format") == "binary"}
    try:
        parts = read_parts(kind, content)
    except MultipartError:
        return {}
    # Inputs hold files as text, which travels as UTF-8.
    return {p.name: p.content.decode("utf-8", "replace") for p in parts if p.name in binary}
