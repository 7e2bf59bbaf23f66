"""From bytes and queries of a stranger to models, or to one error that says what was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, overload
from urllib.parse import parse_qsl

from deviceclouds.runtime._errors import ConfigurationError, DecodeError, InvalidRequestError

if TYPE_CHECKING:
    from types import ModuleType

    from deviceclouds._generated.viziosense.webhook_models import (
        Alert,
        Keepalive,
        ParkPayload,
        Payload,
    )

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "REMEDY",
    "as_datetime",
    "models",
    "parse",
    "parse_keepalive",
    "read_query",
]

MAX_BYTES = 1024 * 1024
"""Largest body that is read, in bytes."""
MAX_DEPTH = 64
"""How deep lists and objects may be nested; a delivery as documented has four levels."""

REMEDY = "; answer 400, and compare it with the vendor's current page"
"""What every DecodeError here says to do; the sender need not read it."""

_MAX_QUERY = 8192
_MAX_PARAMETERS = 64
_TOLD = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def models() -> ModuleType:
    """The generated module. Raises ConfigurationError where pydantic is missing."""
    try:
        return import_module("deviceclouds._generated.viziosense.webhook_models")
    except ModuleNotFoundError as error:
        if error.name not in ("pydantic", "pydantic_core"):
            raise
        raise ConfigurationError(
            "webhooks need pydantic: install the extra [webhooks] of deviceclouds-viziosense",
            vendor="viziosense",
        ) from None


def parse(
    body: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH
) -> ParkPayload | Payload | Alert:
    """Reads the body of a POST.

    Args:
        body: The body as it came.
        max_bytes: Largest body that is read, in bytes.
        max_depth: How deep lists and objects may be nested.

    Returns:
        An ``Alert`` where there is ``alert``; else a ``ParkPayload`` for the parking application (``VPM``), whose
        content is known, and a ``Payload`` for any other, whose ``payload`` is what JSON held: its shape is not known.

    Raises:
        DecodeError: It is too large, no JSON, or nothing VizioSense is known to send. Answer 400.
        ConfigurationError: The extra ``[webhooks]`` is not installed.
    """
    module = models()
    if not isinstance(body, (bytes, bytearray)):
        raise InvalidRequestError("body must be bytes", **_where("parse"))
    if len(body) > max_bytes:
        raise _unreadable(f"the body has {len(body)} bytes, more than the {max_bytes} allowed")
    value = _json(body, max_depth)
    if not isinstance(value, dict):
        raise _unreadable("the body is not a JSON object", body)
    if value.get("alert") is not None:
        model = module.Alert
    elif "payload" in value:
        model = module.ParkPayload if value.get("type") == "VPM" else module.Payload
    else:
        raise _unreadable("the body holds neither `payload` nor `alert`", body)
    found: ParkPayload | Payload | Alert = _validate(model, value, "parse", body)
    return found


def parse_keepalive(query: str | bytes | Mapping[str, str]) -> Keepalive:
    """Reads the query of a GET.

    Parameters other than ``source`` and ``id`` are left out: they are your own, and may be secret.

    Args:
        query: The query, percent-encoded, with or without the question mark; or the parameters by name.

    Returns:
        The keepalive, with the ``id`` of the device.

    Raises:
        DecodeError: It is not a keepalive of VizioSense. Answer 400.
        ConfigurationError: The extra ``[webhooks]`` is not installed.
    """
    module = models()
    told: dict[str, str] = {}
    for name, value in query.items() if isinstance(query, Mapping) else read_query(query):
        if name in ("source", "id"):
            if told.get(name, value) != value:
                raise _unreadable(f"`{name}` is there twice", operation="parse_keepalive")
            told[name] = value
    if told.get("id") == "":
        del told["id"]
    found: Keepalive = _validate(module.Keepalive, told, "parse_keepalive")
    return found


def read_query(query: str | bytes) -> list[tuple[str, str]]:
    """The parameters of a query. Raises DecodeError for one that is too long or holds no text."""
    text = query.decode("latin-1") if isinstance(query, bytes) else query
    if len(text) > _MAX_QUERY:
        raise _unreadable("the query is too long", operation="parse_keepalive")
    try:
        return parse_qsl(
            text.removeprefix("?"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
    except ValueError:
        # The error would show the query, which may hold the secret.
        raise _unreadable("the query cannot be read", operation="parse_keepalive") from None


@overload
def as_datetime(timestamp: float) -> datetime: ...
@overload
def as_datetime(timestamp: None) -> None: ...
def as_datetime(timestamp: float | None) -> datetime | None:
    """A timestamp of a delivery as a point in time.

    Args:
        timestamp: Seconds since 1970, UTC, as in ``timestamp`` and ``event_ts``; None stays None.

    Returns:
        The time, aware, in UTC.

    Raises:
        InvalidRequestError: No calendar has such a time.
    """
    if timestamp is None:
        return None
    try:
        return _EPOCH + timedelta(seconds=timestamp)
    except (OverflowError, ValueError):
        raise InvalidRequestError(
            "the timestamp is out of range: seconds since 1970 are expected",
            **_where("as_datetime"),
        ) from None


def _json(body: bytes, max_depth: int) -> Any:
    from pydantic_core import from_json

    try:
        value = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise _unreadable(f"the body is no JSON: {error}", body) from None
    if isinstance(value, (dict, list)) and _is_deeper(value, max_depth):
        raise _unreadable(f"the body is nested deeper than {max_depth} levels", body)
    return value


def _is_deeper(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def _validate(model: Any, value: Any, operation: str, body: bytes = b"") -> Any:
    from pydantic import ValidationError

    try:
        return model.model_validate(value)
    except ValidationError as error:
        # Its own text would show what was sent.
        problems = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{'.'.join(map(str, p['loc'])) or 'it'}: {p['msg']}" for p in problems[:_TOLD]]
    more = f" and {len(problems) - _TOLD} more" if len(problems) > _TOLD else ""
    raise _unreadable(
        f"this is no {model.__name__} as we know it: {'; '.join(told)}{more}", body, operation
    )


def _unreadable(message: str, body: bytes = b"", operation: str = "parse") -> DecodeError:
    return DecodeError(f"{message}{REMEDY}", content=bytes(body), **_where(operation))


def _where(operation: str) -> dict[str, Any]:
    return {"vendor": "viziosense", "operation": f"webhooks.{operation}"}
