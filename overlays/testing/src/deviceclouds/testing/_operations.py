"""The parts of a specification that checks work with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Body", "Operation", "Parameter", "Reply", "Route"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path, query or header parameter.

    Attributes:
        name: Name on the wire.
        location: ``path``, ``query`` or ``header``.
        required: Whether it must be there.
        explode: Whether a list travels as repeated parameters; False for comma-joined lists.
        schema: Its JSON schema, not resolved.
        raw: The whole parameter object.
    """

    name: str
    location: str
    required: bool
    explode: bool
    schema: dict[str, Any]
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """A request body: its content type, schema, encodings of parts, and media type object."""

    required: bool
    content_type: str
    schema: dict[str, Any]
    encoding: Mapping[str, Any]
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """A documented response: status (``200``, ``4XX``, ``default``), headers, media types."""

    status: str
    headers: Mapping[str, dict[str, Any]]
    content: Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; see the OpenAPI specification for the words.

    Attributes:
        id: The operationId.
        method: In capitals.
        path: Template, such as ``/devices/{device_id}``.
        pattern: The template as a regular expression over the still encoded path.
        parameters: Those of the path item included.
        body: None where the operation takes none.
        responses: By status.
        security: Alternatives, each a set of schemes that are needed together.
        extensions: The ``x-`` keys.
        raw: The whole operation object.
    """

    id: str
    method: str
    path: str
    pattern: re.Pattern[str]
    parameters: tuple[Parameter, ...]
    body: Body | None
    responses: Mapping[str, Reply]
    security: tuple[Mapping[str, Any], ...]
    extensions: Mapping[str, Any]
    raw: dict[str, Any]

    def reply(self, status: int) -> Reply | None:
        """The response documented for a status: its own, of its class (``4XX``) or ``default``."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self.responses:
                return self.responses[key]
        return None

    @property
    def success(self) -> Reply | None:
        """The first documented 2xx response."""
        return next((reply for status, reply in self.responses.items() if status[:1] == "2"), None)


class Route(NamedTuple):
    """A path that exists: operation (None for another method), still encoded values, methods."""

    operation: Operation | None
    values: dict[str, str]
    methods: tuple[str, ...]
