"""Opens the reply of a paged operation: the items as bytes of their own, and the few values paging needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import msgspec

from ._decode import (
    decode_items,
    decode_json,
    decode_models,
    expect_object,
    read_array,
    read_item,
)
from ._models import model_class
from ._operation import PagedOperation, Pagination

__all__ = ["open_envelope"]

T = TypeVar("T")
Pointer = tuple[str, ...]
_ABSENT = object()


def open_envelope(
    operation: PagedOperation[T], pagination: Pagination, raw: bytes
) -> tuple[Sequence[T], Mapping[str, Any]]:
    """Items and paging values (``next``, ``total``, ``last``, ``last_page``) of a reply.

    Raises:
        ValueError: The reply is no JSON.
        TypeError: There is no list where the items should be.
    """
    cls = None if operation.item is None else model_class(operation.vendor, operation.item)
    if not pagination.items:
        return (read_array(raw) if cls is None else decode_models(cls, raw)), {}
    wanted = _pointers(pagination)
    if cls is not None:
        try:
            envelope = _decoder(pagination.items, tuple(sorted(wanted.items())))(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
        else:
            found = {name: _walk_slots(envelope, pointer) for name, pointer in wanted.items()}
            items = _walk_slots(envelope, pagination.items)
            if items is not None:
                return decode_items(cls, items), found
    return _open_lenient(cls, pagination, wanted, raw)


def _pointers(pagination: Pagination) -> dict[str, Pointer]:
    named = {
        "next": pagination.next,
        "total": pagination.total,
        "last": pagination.last,
        "last_page": pagination.last_page,
    }
    return {name: pointer for name, pointer in named.items() if pointer is not None}


def _open_lenient(
    cls: Any, pagination: Pagination, wanted: Mapping[str, Pointer], raw: bytes
) -> tuple[Sequence[Any], Mapping[str, Any]]:
    data = expect_object(decode_json(raw))
    items = _walk(data, pagination.items, absent=_ABSENT)
    if items is None:
        # Null is an empty list. A reply without the list is not: it may be an error told with status 200.
        items = []
    if not isinstance(items, list):
        raise TypeError(f"there is no list at /{'/'.join(pagination.items)}")
    found = {name: _walk(data, pointer) for name, pointer in wanted.items()}
    return [item if cls is None else read_item(cls, item) for item in items], found


def _walk(data: Any, pointer: Pointer, absent: Any = None) -> Any:
    for step in pointer:
        if not isinstance(data, Mapping):
            return None if data is None else absent
        data = data.get(step, absent)
    return data


def _walk_slots(envelope: Any, pointer: Pointer) -> Any:
    for step in pointer:
        if envelope is None:
            return None
        envelope = getattr(envelope, f"f_{step}")
    return envelope


@cache
def _decoder(items: Pointer, others: tuple[tuple[str, Pointer], ...]) -> Callable[[bytes], Any]:
    """A decoder for the part of a reply that paging looks at; everything else is skipped, not built."""
    tree: dict[str, Any] = {}
    for pointer, leaf in [*((p, Any) for _, p in others), (items, list[msgspec.Raw])]:
        branch = tree
        for step in pointer[:-1]:
            branch = branch.setdefault(step, {})
        branch[pointer[-1]] = leaf
    return msgspec.json.Decoder(_struct(tree)).decode


def _struct(tree: Mapping[str, Any]) -> Any:
    fields = [
        (f"f_{name}", (_struct(leaf) if isinstance(leaf, dict) else leaf) | None, None)
        for name, leaf in tree.items()
    ]
    return msgspec.defstruct("Envelope", fields, rename={f"f_{name}": name for name in tree})
