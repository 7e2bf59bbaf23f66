"""A call that has arrived: valid by the specification, its credentials good."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from .._multipart import Part, read_parts
from .._texts import decode, read_pairs, typed

if TYPE_CHECKING:
    from .._operations import Operation, Parameter
    from .._spec import Spec
    from .world import World

__all__ = ["Call", "Refusal", "Reply"]


class Refusal(Exception):  # noqa: N818  # an answer, not a fault
    """Ends a call with an error in the vendor's own shape.

    Args:
        status: HTTP status.
        code: The vendor's code, where it has some.
        message: Words for people.
        headers: More headers, such as Retry-After.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = dict(headers or {})


class Reply(NamedTuple):
    """An answer that is not plain JSON with the documented status: text, bytes, further headers."""

    content: Any
    content_type: str | None = None
    headers: Mapping[str, str] = {}
    status: int | None = None


class Call:
    """A call, as behaviours see it.

    Args:
        world: What the sandbox holds.
        spec: The vendor's specification.
        operation: The operation that was called.
        values: Values of the path, still percent-encoded.
        query: Query string.
        headers: Names in lower case.
        content: Body.
        origin: Scheme, host and port the caller used.
    """

    def __init__(
        self,
        world: World,
        spec: Spec,
        operation: Operation,
        *,
        values: Mapping[str, str],
        query: str,
        headers: Mapping[str, str],
        content: bytes,
        origin: str,
    ) -> None:
        self.world = world
        self.spec = spec
        self.operation = operation
        self.headers = headers
        self.content = content
        self.origin = origin
        self._values = values
        self._query = query

    @property
    def now(self) -> datetime:
        """The sandbox's time, UTC."""
        return self.world.clock.datetime()

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """Values of path and query parameters by their name on the wire; lists where the specification has lists."""
        found: dict[str, Any] = {name: decode(value) for name, value in self._values.items()}
        for parameter in self.operation.parameters:
            if parameter.location == "query":
                texts = self._texts(parameter)
                if texts:
                    found[parameter.name] = self._typed(parameter, texts)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """One path or query parameter; the default of the specification where it was left out, else ``default``."""
        if name in self.arguments:
            return self.arguments[name]
        for parameter in self.operation.parameters:
            if parameter.name == name:
                found = self.spec.resolve(parameter.schema).get("default")
                return default if found is None else found
        return default

    @cached_property
    def body(self) -> Any:
        """The JSON body, or the fields of a form; {} where there is none."""
        if not self.content:
            return {}
        kind = self.headers.get("content-type", "")
        if "json" in kind:
            return json.loads(self.content)
        if "urlencoded" in kind:
            pairs, _ = read_pairs(self.content.decode("utf-8", "replace"))
            return {decode(k, plus=True): decode(v, plus=True) for k, v in pairs}
        return {}

    @cached_property
    def parts(self) -> dict[str, Part]:
        """The parts of a multipart body by name; the last of each name."""
        parts = read_parts(self.headers.get("content-type", ""), self.content)
        return {part.name: part for part in parts}

    def url(self, name: str, lifetime: float) -> str:
        """A signed address of a stored file, for as many seconds."""
        return self.world.storage_origin(self.origin) + self.world.storage.sign(name, lifetime)

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        return read_pairs(self._query)[0]

    def _texts(self, parameter: Parameter) -> list[str]:
        found = [value for name, value in self._pairs if name == parameter.name]
        if not found:
            return found
        if self._is_list(parameter) and not parameter.explode:
            # Commas inside an item are percent-encoded.
            found = [item for text in found for item in text.split(",")]
        return [decode(text, plus=True) or "" for text in found]

    def _is_list(self, parameter: Parameter) -> bool:
        kind: object = self.spec.resolve(parameter.schema).get("type")
        return kind == "array"

    def _typed(self, parameter: Parameter, texts: list[str]) -> Any:
        schema = self.spec.resolve(parameter.schema)
        if self._is_list(parameter):
            return [typed(self.spec, schema.get("items", {}), text) for text in texts]
        return typed(self.spec, schema, texts[-1])
