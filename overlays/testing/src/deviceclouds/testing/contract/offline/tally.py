"""What is found of one operation while it is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deviceclouds.runtime._model import Model

from ..results import Finding, FindingKind, any_index

__all__ = ["Tally", "unknown_ways"]

_MOST = 50


class Tally:
    """What is known of one operation so far.

    Attributes:
        calls: Requests that were sent.
        statuses: Of their replies.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.statuses: set[int] = set()
        self._findings: dict[tuple[str, str], Finding] = {}

    def add(self, kind: FindingKind, location: str, message: str, rule: str = "") -> None:
        """Takes a finding; the same one of another item in a list is no new one."""
        key = (kind, any_index(location))
        if len(self._findings) < _MOST:
            self._findings.setdefault(key, Finding(kind, location, message, rule))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, the first of each kind and place."""
        return tuple(self._findings.values())


def unknown_ways(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Places of fields in a value that no class of the client has."""
    if isinstance(value, Model):
        for name in value.unknown_fields:
            yield (*way, name)
        wires = type(value).__wire__
        for attribute in value.__attrs_attrs__:  # type: ignore[attr-defined]  # every model is an attrs class
            inner = getattr(value, attribute.name)
            yield from unknown_ways(inner, (*way, wires.get(attribute.name, attribute.name)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unknown_ways(item, (*way, index))
