"""The replies of a run that other calls get their ids from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .sources import values_from

if TYPE_CHECKING:
    from ..exchange import Exchange
    from .plan import Plan, Step

__all__ = ["Replies", "has_only_empty_lists"]


def has_only_empty_lists(content: bytes) -> bool:
    """Whether JSON has a list, and no list in it has an item: then it tells nothing of items."""
    try:
        sizes = list(_sizes(json.loads(content)))
    except (ValueError, RecursionError):
        return False
    return bool(sizes) and not any(sizes)


def _sizes(node: Any) -> Iterator[int]:
    if isinstance(node, list):
        yield len(node)
    elif isinstance(node, dict):
        for value in node.values():
            yield from _sizes(value)


class Replies:
    """Keeps the replies that the plan takes ids from.

    Args:
        plan: The plan.
        base_url: Where the vendor's API is.
    """

    def __init__(self, plan: Plan, base_url: str) -> None:
        self._spec = plan.spec
        self._base = base_url
        self._wanted = {source.operation_id for step in plan.steps for source in step.sources}
        self._kept: dict[str, list[tuple[str, Any]]] = {}

    def keep(self, operation_id: str, exchanges: Iterable[Exchange]) -> None:
        """Keeps success replies, where something needs them."""
        if operation_id not in self._wanted:
            return
        for exchange in exchanges:
            if exchange.status is None or not 200 <= exchange.status < 300:
                continue
            try:
                body = json.loads(exchange.content or b"")
            except (ValueError, RecursionError):
                continue  # a finding says so
            path = exchange.url.partition("?")[0].removeprefix(self._base)
            self._kept.setdefault(operation_id, []).append((path, body))

    def choices(self, step: Step, names: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Values for a step, of one item after another; the same ones only once.

        Args:
            step: The step.
            names: Parameters to fill.
        """
        wanted = set(names)
        told: set[tuple[tuple[str, Any], ...]] = set()
        for source in step.sources:
            operation = self._spec.operation(source.operation_id)
            for path, body in self._kept.get(source.operation_id, ()):
                for values in values_from(source, operation, path, body):
                    chosen = {name: values[name] for name in values if name in wanted}
                    key = tuple(sorted(chosen.items()))
                    if chosen.keys() >= wanted and key not in told:
                        told.add(key)
                        yield chosen
