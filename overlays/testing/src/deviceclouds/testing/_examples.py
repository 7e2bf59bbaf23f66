"""The specification's own example arguments of an operation, and the request they make."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from ._operations import Body, Operation, Parameter
    from ._spec import Spec

__all__ = ["ExampleCall", "ExampleRequest", "example_call", "example_request", "media_examples"]


@dataclass(frozen=True, slots=True)
class ExampleCall:
    """Example arguments of one operation.

    Attributes:
        parameters: Value by name on the wire; optional parameters without an example are left out.
        body: The body; the first one where there are variants; None without a body.
        variants: Bodies by the name of the example; empty where there is only one.
    """

    parameters: dict[str, Any]
    body: Any | None
    variants: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """A request: method, path and query relative to the server, headers with credentials, body."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes


def example_call(spec: Spec, operation_id: str) -> ExampleCall:
    """The specification's own example arguments.

    Args:
        spec: The specification.
        operation_id: The operation.

    Raises:
        KeyError: There is no such operation.
        ValueError: The specification has no example for something that is required.
    """
    operation = spec.operation(operation_id)
    parameters = {}
    for parameter in operation.parameters:
        examples = _parameter_examples(parameter)
        if examples:
            parameters[parameter.name] = examples[0]
        elif parameter.required:
            raise ValueError(f"{spec.vendor}.{operation_id}: {parameter.name} has no example")
    if operation.body is None:
        return ExampleCall(parameters, None)
    bodies = media_examples(operation.body.raw)
    if not bodies and operation.body.required:
        raise ValueError(f"{spec.vendor}.{operation_id}: the body has no example")
    named = bodies if "examples" in operation.body.raw else {}
    return ExampleCall(parameters, next(iter(bodies.values()), None), named)


def example_request(spec: Spec, operation_id: str, variant: str | None = None) -> ExampleRequest:
    """The request that the example arguments make, with demo credentials.

    Args:
        spec: The specification.
        operation_id: The operation.
        variant: Name of the body's example; the first one if left out.

    Raises:
        KeyError: There is no such operation or variant.
        ValueError: The specification has no example for something that is required.
    """
    operation = spec.operation(operation_id)
    call = example_call(spec, operation_id)
    body = call.body if variant is None else call.variants[variant]
    headers = demo_credentials(spec, operation)
    content = b""
    if operation.body is not None and body is not None:
        headers["Content-Type"], content = _encode(spec, operation.body, body)
    for parameter in operation.parameters:
        if parameter.location == "header" and parameter.name in call.parameters:
            headers[parameter.name] = text_of(call.parameters[parameter.name])
    return ExampleRequest(operation.method, _url(operation, call.parameters), headers, content)


def media_examples(media: Mapping[str, Any]) -> dict[str, Any]:
    """The examples of a media type object, by name; a single one is called ``example``."""
    if "example" in media:
        return {"example": media["example"]}
    return {name: entry["value"] for name, entry in media.get("examples", {}).items()}


def demo_credentials(spec: Spec, operation: Operation) -> dict[str, str]:
    """Headers that satisfy the operation's first security requirement."""
    headers = {}
    for name in next(iter(operation.security), {}):
        scheme = spec.resolve(spec.document["components"]["securitySchemes"][name])
        if scheme["type"] == "apiKey":
            headers[scheme["name"]] = "demo"
        elif scheme.get("scheme", "bearer").lower() == "basic":
            headers["Authorization"] = "Basic " + base64.b64encode(b"demo:demo").decode()
        else:
            headers["Authorization"] = "Bearer demo"
    return headers


def text_of(value: Any) -> str:
    """A value as it stands in a URL or form: JSON's words for booleans, text as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _parameter_examples(parameter: Parameter) -> list[Any]:
    found = list(media_examples(parameter.raw).values())
    return found or parameter.schema.get("examples", [])[:1]


def _url(operation: Operation, values: Mapping[str, Any]) -> str:
    path, query = operation.path, []
    for parameter in operation.parameters:
        if parameter.name not in values:
            continue
        value = values[parameter.name]
        texts = [
            quote(text_of(item), safe="")
            for item in (value if isinstance(value, list) else [value])
        ]
        if parameter.location == "path":
            path = path.replace(f"{{{parameter.name}}}", ",".join(texts))
        elif parameter.location == "query":
            name = quote(parameter.name, safe="")
            query += [
                f"{name}={text}" for text in (texts if parameter.explode else [",".join(texts)])
            ]
    return f"{path}?{'&'.join(query)}" if query else path


def _encode(spec: Spec, body: Body, value: Any) -> tuple[str, bytes]:
    if body.content_type == "application/x-www-form-urlencoded":
        pairs = [(name, text_of(item)) for name, item in value.items()]
        return body.content_type, urlencode(pairs).encode()
    if body.content_type == "multipart/form-data":
        return _multipart(spec, body, value)
    return body.content_type, json.dumps(value, ensure_ascii=False).encode()


def _multipart(spec: Spec, body: Body, value: Mapping[str, Any]) -> tuple[str, bytes]:
    boundary = secrets.token_hex(16)
    properties = spec.resolve(body.schema).get("properties", {})
    chunks = []
    for name, item in value.items():
        schema = spec.resolve(properties.get(name, {}))
        is_file = schema.get("format") == "binary"
        is_json = isinstance(item, dict)
        kind = (
            "application/octet-stream"
            if is_file
            else "application/json"
            if is_json
            else "text/plain"
        )
        for each in item if isinstance(item, list) else [item]:
            text = json.dumps(each, ensure_ascii=False) if is_json else text_of(each)
            filename = '; filename="example.bin"' if is_file else ""
            chunks.append(
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{filename}\r\n'
                f"Content-Type: {kind}\r\n\r\n{text}\r\n"
            )
    return (
        f"multipart/form-data; boundary={boundary}",
        f"{''.join(chunks)}--{boundary}--\r\n".encode(),
    )
