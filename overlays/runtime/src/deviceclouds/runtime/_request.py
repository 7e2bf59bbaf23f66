"""From an operation and its arguments to a request. Whatever breaks the specification is refused here, unsent."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

from ._config import DEFAULT_MAX_REPLY, ClientConfig, TimeoutTuple
from ._errors import ConfigurationError, InvalidRequestError
from ._http import Request
from ._operation import NO_LIMITS, Operation, Parameter
from ._secret import SecretHeaders
from ._unset import UNSET

if TYPE_CHECKING:
    from ._body import EncodedBody

__all__ = ["RequestParts", "build_request", "prepare", "read_route", "route_of"]

_LONGEST_URL = 65_536  # of the HTTP libraries
_METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")


class RequestParts:
    """A checked request that still lacks its credentials; retries build from it again."""

    __slots__ = ("body", "extra_headers", "idempotent", "max_reply", "method", "private", "url")

    def __init__(
        self,
        method: str,
        url: str,
        extra_headers: Mapping[str, str],
        body: EncodedBody | None,
        *,
        idempotent: bool,
        private: bool = False,
        max_reply: int = DEFAULT_MAX_REPLY,
    ) -> None:
        self.idempotent = idempotent
        self.private = private
        self.max_reply = max_reply
        self.method = method
        self.url = url
        self.extra_headers = extra_headers
        self.body = body

    def close(self) -> None:
        """Closes files that were opened for the body."""
        if self.body is not None:
            self.body.close()


def prepare(
    operation: Operation[Any],
    arguments: Mapping[str, Any],
    config: ClientConfig,
    extra_headers: Mapping[str, str] | None = None,
) -> RequestParts:
    """Checks arguments and encodes them.

    Args:
        operation: What to call.
        arguments: Values by Python name; UNSET for those left out. A body model is under ``body``.
        config: Base URL, defaults of path parameters, other paths.
        extra_headers: Headers of the caller's own.

    Raises:
        InvalidRequestError: An argument breaks the specification.
        ConfigurationError: A path parameter has neither a value nor a default.
    """
    method, path = route_of(operation, config)
    query: list[str] = []
    private = False
    headers = _own_headers(operation, extra_headers)
    for parameter in operation.parameters:
        value = arguments.get(parameter.name, UNSET)
        if value is UNSET and parameter.client_supplied:
            value = config.path_defaults.get(parameter.name, UNSET)
        if value is UNSET:
            if parameter.required or ("{" in path and f"{{{parameter.wire}}}" in path):
                _missing(operation, parameter)
            continue
        if type(value) is str and parameter.kind == "string" and parameter.limits is NO_LIMITS:
            texts = [value]
        else:
            texts = _texts(operation, parameter, value)
        try:
            if "{" in path and (place := f"{{{parameter.wire}}}") in path:
                path = path.replace(place, _segment(operation, parameter, texts[0]))
            elif parameter.location == "query":
                query.extend(_query(parameter, texts))
                private = private or parameter.secret
            else:
                headers[parameter.wire] = _header_value(operation, parameter.name, ",".join(texts))
        except UnicodeEncodeError:
            _refuse(operation, f"{parameter.name} holds half a character (a lone surrogate)")
    url = config.base_url + path
    if query:
        url = f"{url}?{'&'.join(query)}"
    if len(url) > _LONGEST_URL:
        _refuse(
            operation,
            f"its address would have {len(url):,} characters, and {_LONGEST_URL:,} are the most;"
            " give fewer values, or shorter ones",
        )
    body = None
    if operation.body is not None:
        from ._body import encode_body

        body = encode_body(operation, operation.body, arguments)
    repeatable = _repeatable(operation, method)
    return RequestParts(
        method,
        url,
        headers,
        body,
        idempotent=repeatable,
        private=private,
        max_reply=config.max_reply,
    )


def build_request(
    operation: Operation[Any],
    parts: RequestParts,
    credentials: Mapping[str, str],
    timeout: TimeoutTuple,
) -> Request:
    """The request of one attempt."""
    body = parts.body
    headers = SecretHeaders({"Accept": _ACCEPT[operation.reply.shape], **credentials})
    if body is not None and body.content_type is not None:
        headers["Content-Type"] = body.content_type
    if parts.extra_headers:
        # Names of headers have no case: the caller's replace ours instead of standing beside them.
        own = {name.lower() for name in parts.extra_headers}
        for name in [name for name in headers if name.lower() in own]:
            del headers[name]
        headers.update(parts.extra_headers)
    return Request(
        operation.vendor,
        operation.name,
        parts.method,
        parts.url,
        headers,
        timeout,
        None if body is None else body.content,
        None if body is None else body.open_files(),
        parts.private,
        False,
        parts.max_reply,
    )


_ACCEPT = {
    "object": "application/json",
    "array": "application/json",
    "none": "application/json",
    "text": "text/plain, application/json;q=0.5",
    "binary": "*/*",
}


def route_of(operation: Operation[Any], config: ClientConfig) -> tuple[str, str]:
    """Method and path of an operation, as overridden by ``paths=``. Raises ConfigurationError for a bad override."""
    override = config.paths.get(operation.name)
    return (
        (operation.method, operation.path) if override is None else read_route(operation, override)
    )


def read_route(operation: Operation[Any], override: str) -> tuple[str, str]:
    """Method and path of an override. Raises ConfigurationError for one that cannot be called."""
    method, _, path = override.strip().rpartition(" ") if isinstance(override, str) else ("",) * 3
    method = method.strip().upper() or operation.method
    usable = method in _METHODS and path.startswith("/") and path.isprintable()
    # Empty and dot segments would leave the place the base URL names.
    odd = {"", ".", ".."} & set(path.removesuffix("/").split("/")[1:])
    if not usable or odd or "?" in path or "#" in path:
        _misconfigured(
            operation,
            f"paths[{operation.name!r}]={override!r} is not usable; write '/path' or 'METHOD /path'",
        )
    named = set(re.findall(r"{(.*?)}", path))
    # A query parameter may move into the path: where a parameter travels can be part of the guess.
    single = {p.wire for p in operation.parameters if p.explode is None and p.location != "header"}
    if named - single:
        _misconfigured(
            operation,
            f"paths[{operation.name!r}] names {', '.join(sorted(named - single))}; the operation has"
            f" {', '.join(sorted(single)) or 'no parameters'}",
        )
    lost = {p.wire for p in operation.parameters if p.location == "path"} - named
    if lost:
        _misconfigured(
            operation,
            f"paths[{operation.name!r}] lacks {{{sorted(lost)[0]}}}: the call would mean all there are",
        )
    return method, path


def _repeatable(operation: Operation[Any], method: str) -> bool:
    """Whether a call may be repeated: as the specification says of its own method, else by the method sent."""
    if method == operation.method:
        return operation.idempotent
    return method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS") and operation.idempotent


def _misconfigured(operation: Operation[Any], message: str) -> NoReturn:
    raise ConfigurationError(message, vendor=operation.vendor, operation=operation.name)


def _refuse(operation: Operation[Any], message: str) -> NoReturn:
    raise InvalidRequestError(message, vendor=operation.vendor, operation=operation.name)


def _missing(operation: Operation[Any], parameter: Parameter) -> NoReturn:
    if parameter.client_supplied:
        _misconfigured(
            operation,
            f"{parameter.name} is needed; give it to the call or to the client's constructor",
        )
    _refuse(operation, f"{parameter.name} is required")


def _own_headers(operation: Operation[Any], headers: Mapping[str, str] | None) -> dict[str, str]:
    own = SecretHeaders()
    if not headers:
        return own
    own.update(headers)
    for name, value in own.items():
        if not isinstance(name, str) or not _HEADER_NAME(name):
            _refuse(operation, f"extra_headers: {name!r} is no name of a header")
        if name.lower() in ("content-length", "transfer-encoding", "host"):
            _refuse(operation, f"extra_headers: {name} is set by the HTTP library")
        _header_value(operation, f"extra_headers[{name!r}]", value)
    return own


_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch


def _header_value(operation: Operation[Any], label: str, value: Any) -> str:
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        _refuse(operation, f"{label} must be printable ASCII text")
    return value


def _texts(operation: Operation[Any], parameter: Parameter, value: Any) -> list[str]:
    """A parameter's value, checked, as the texts that go on the wire."""
    values = _values(parameter, value)
    problems = list(_problems(parameter, value, values))
    if problems:
        _refuse(operation, "; ".join(problems))
    return [_text(item) for item in values]


def _values(parameter: Parameter, value: Any) -> list[Any]:
    if parameter.explode is None:
        return [value]
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _problems(parameter: Parameter, value: Any, values: list[Any]) -> Iterator[str]:
    wrong = [item for item in values if not _FITS[parameter.kind](item)]
    if wrong:
        many = "a list of " if parameter.explode is not None else ""
        kind = "datetime with a time zone" if parameter.kind == "date-time" else parameter.kind
        got = "a naive datetime" if isinstance(wrong[0], datetime) else type(wrong[0]).__name__
        yield f"{parameter.name} must be {many}{kind}, not {got}"
    elif parameter.limits is not NO_LIMITS:
        from ._encode import check_limits

        plain = [item.value if isinstance(item, Enum) else item for item in values]
        yield from check_limits(
            parameter.limits, plain if parameter.explode is not None else plain[0], parameter.name
        )


_FITS = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf
    ),
    "boolean": lambda value: isinstance(value, bool),
    "date-time": lambda value: isinstance(value, datetime) and value.tzinfo is not None,
}


def _text(value: Any) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        from ._encode import format_datetime

        return format_datetime(value)
    return str(value)


def _query(parameter: Parameter, texts: list[str]) -> list[str]:
    name = quote(parameter.wire, safe="")
    encoded = [quote(text, safe="") for text in texts]
    if parameter.explode is False:
        return [f"{name}={','.join(encoded)}"] if encoded else []
    return [f"{name}={text}" for text in encoded]


def _segment(operation: Operation[Any], parameter: Parameter, text: str) -> str:
    # quote() leaves dots, and HTTP libraries resolve "." and "..": such a value would call another operation.
    if text in ("", ".", ".."):
        _refuse(
            operation, f"{parameter.name}={text!r} cannot be part of a path; give the id itself"
        )
    return text if _PLAIN(text) else quote(text, safe="")


# What quote() leaves as it is, found faster.
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+").fullmatch
