"""Checks of requests and replies against a specification."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from ._bodies import body_problems, media_type, read_json
from ._credentials import security_problems
from ._load import MOUNTS
from ._problems import Problem, RequestCheck, ResponseCheck
from ._spec import Spec, load_spec
from ._texts import decode, path_problems, query_problems, typed

if TYPE_CHECKING:
    from ._operations import Operation, Parameter, Reply

__all__ = ["Headers", "check_request", "check_response"]

Headers = Mapping[str, str] | list[tuple[str, str]]

_ORIGIN = re.compile(r"https?://[^/?#]+", re.IGNORECASE)


def check_request(
    vendor: str | Spec,
    method: str,
    url: str,
    *,
    headers: Headers | None = None,
    content: bytes | str | None = None,
    base_url: str | None = None,
) -> RequestCheck:
    """Checks one request: route, credentials, parameters, content type and body.

    Args:
        vendor: Name of the vendor, or its specification.
        method: HTTP method.
        url: A whole URL, or path and query relative to the server (``/devices?limit=5``), as sent:
            still percent-encoded.
        headers: Mapping, or a list of pairs.
        content: The body as sent.
        base_url: The server's base URL, where ``url`` is whole and the specification does not name
            the server.

    Returns:
        The operation found and all problems; messages hold names, never values.

    Raises:
        FileNotFoundError: There is no specification of that vendor.
    """
    spec = vendor if isinstance(vendor, Spec) else load_spec(vendor)
    route = _route(spec, method, url, base_url)
    if route.operation is None:
        return RequestCheck(spec.vendor, None, tuple(route.problems))
    operation = route.operation
    lower = _lower(headers)
    body = content.encode() if isinstance(content, str) else content or b""
    problems = [
        *security_problems(spec, operation, lower, route.query),
        *path_problems(spec, operation.parameters, route.values),
        *query_problems(spec, operation.parameters, route.query),
        *_header_problems(spec, operation.parameters, lower),
        *body_problems(spec, operation.body, lower.get("content-type"), body),
    ]
    return RequestCheck(spec.vendor, operation.id, tuple(problems))


def check_response(
    vendor: str | Spec,
    operation_id: str,
    status: int,
    *,
    headers: Headers | None = None,
    content: bytes | str | None = None,
) -> ResponseCheck:
    """Checks one reply: status, documented headers, content type and body.

    Args:
        vendor: Name of the vendor, or its specification.
        operation_id: The operation that was called.
        status: HTTP status.
        headers: Mapping, or a list of pairs.
        content: The body, decompressed.

    Returns:
        All problems, and the undocumented fields as notes.

    Raises:
        KeyError: There is no such operation.
        FileNotFoundError: There is no specification of that vendor.
    """
    spec = vendor if isinstance(vendor, Spec) else load_spec(vendor)
    reply = spec.operation(operation_id).reply(status)
    if reply is None:
        problem = Problem("status", f"{status} is not documented", "status")
        return ResponseCheck(spec.vendor, operation_id, (problem,))
    lower = _lower(headers)
    body = content.encode() if isinstance(content, str) else content or b""
    problems, notes = _reply_body(spec, reply, status, lower.get("content-type"), body)
    return ResponseCheck(
        spec.vendor, operation_id, (*_reply_headers(spec, reply, lower), *problems), tuple(notes)
    )


class _Route(NamedTuple):
    operation: Operation | None
    values: dict[str, str]
    query: str
    problems: list[Problem]


def _route(spec: Spec, method: str, url: str, base_url: str | None) -> _Route:
    path, _, query = url.partition("#")[0].partition("?")
    if not path.startswith("/"):
        relative = _below_base(spec, path, base_url)
        if relative is None:
            said = "is not below a documented server; pass base_url= for another one"
            return _Route(None, {}, query, [Problem("url", said, "base-url")])
        path = relative
    if any(decode(segment) in (".", "..") for segment in path.split("/")):
        # Libraries and servers resolve them, each in its own way: another operation may be reached.
        return _Route(
            None, {}, query, [Problem("path", "has a '.' or '..' segment", "dot-segment")]
        )
    found = spec.find(method, path)
    if found is None:
        return _Route(
            None, {}, query, [Problem("path", "no operation has this path", "unknown-path")]
        )
    if found.operation is None:
        said = f"only {', '.join(found.methods)} is documented for this path"
        return _Route(None, {}, query, [Problem("method", said, "unknown-method")])
    return _Route(found.operation, found.values, query, [])


def _below_base(spec: Spec, url: str, base_url: str | None) -> str | None:
    bases = (base_url.rstrip("/"),) if base_url is not None else spec.bases
    for base in bases:
        if url.startswith(base) and url[len(base) : len(base) + 1] in ("/", ""):
            return url[len(base) :] or "/"
    origin = _ORIGIN.match(url)
    mount = MOUNTS.get(spec.vendor)
    if origin is None or mount is None or base_url is not None:
        return None
    # A stand-in, on whatever host it runs.
    rest = url[origin.end() :]
    return rest[len(mount) :] or "/" if rest.startswith(f"{mount}/") else None


def _lower(headers: Headers | None) -> dict[str, str]:
    lower: dict[str, str] = {}
    for name, value in headers if isinstance(headers, list) else (headers or {}).items():
        key = name.lower()
        lower[key] = f"{lower[key]}, {value}" if key in lower else value
    return lower


def _header_problems(
    spec: Spec, parameters: tuple[Parameter, ...], headers: Mapping[str, str]
) -> list[Problem]:
    problems = []
    for parameter in parameters:
        if parameter.location != "header":
            continue
        location = f"header.{parameter.name.lower()}"
        text = headers.get(parameter.name.lower())
        if text is not None:
            value = typed(spec, parameter.schema, text)
            problems += spec.checker.problems(parameter.schema, value, location)
        elif parameter.required:
            problems.append(Problem(location, "is required", "required"))
    return problems


def _reply_headers(spec: Spec, reply: Reply, headers: Mapping[str, str]) -> list[Problem]:
    problems = []
    for name, header in reply.headers.items():
        location = f"header.{name.lower()}"
        text = headers.get(name.lower())
        schema = header.get("schema", {})
        if text is not None:
            # An entity tag is quoted on the wire; its content is what the schema describes.
            plain = text.strip('"') if name.lower() == "etag" else text
            problems += spec.checker.problems(schema, typed(spec, schema, plain), location)
        elif header.get("required"):
            problems.append(Problem(location, "is required", "required"))
    return problems


def _reply_body(
    spec: Spec, reply: Reply, status: int, header: str | None, content: bytes
) -> tuple[list[Problem], list[Problem]]:
    if not reply.content:
        if content and status == HTTPStatus.NO_CONTENT:
            return [Problem("body", "must be empty", "undocumented")], []
        return [], [Problem("body", "is not documented", "undocumented")] if content else []
    kind, charset = media_type(header)
    media: dict[str, Any] | None = reply.content.get(kind)
    if media is None:
        said = f"must be {' or '.join(reply.content)}" + ("" if kind else "; there is none")
        return [Problem("header.content-type", said, "content-type")], []
    schema = media.get("schema", {})
    if kind == "application/json" or kind.endswith("+json"):
        value, problems = read_json(content, "body")
        if charset not in (None, "utf-8", "utf8") and not content.isascii() and not problems:
            said = "names a charset that the body is not in: JSON is UTF-8"
            return [Problem("header.content-type", said, "content-type")], []
    elif kind.startswith("text/"):
        value, problems = content.decode("utf-8", "replace"), []
    else:
        return [], []
    if problems:
        return problems, []
    return spec.checker.problems(schema, value, "body"), spec.checker.undocumented(
        schema, value, "body"
    )
