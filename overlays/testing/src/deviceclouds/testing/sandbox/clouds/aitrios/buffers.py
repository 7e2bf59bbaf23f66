"""Outputs of models as FlatBuffers, with the tables that Sony's sample of a decoder reads, written by hand."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Found", "classification_buffer", "detection_buffer"]


class Found(NamedTuple):
    """An object in a picture; the box is in pixels of the network's input."""

    class_id: int
    score: float
    left: int
    top: int
    right: int
    bottom: int


class _Blob(NamedTuple):
    """Bytes of a table or vector with all below it; ``start`` is where references to it point."""

    content: bytes
    start: int


_Field = tuple[str, int | float] | _Blob | None
"""A number with its format, something referred to, or nothing."""


def detection_buffer(found: Sequence[Found]) -> bytes:
    """Root, data, list of objects: the box is a union, so its type stands before it."""
    objects = [
        _table(
            ("<I", one.class_id),
            ("<B", 1),
            _table(("<i", one.left), ("<i", one.top), ("<i", one.right), ("<i", one.bottom)),
            ("<f", one.score),
        )
        for one in found
    ]
    return _finish(_table(_table(_vector(objects))))


def classification_buffer(classes: Sequence[tuple[int, float]]) -> bytes:
    """Root, data, list of classes with their scores."""
    items = [_table(("<I", class_id), ("<f", score)) for class_id, score in classes]
    return _finish(_table(_table(_vector(items))))


def _table(*fields: _Field) -> _Blob:
    # Every field gets four bytes, so that all numbers are aligned.
    slots = [4 + 4 * place for place in range(len(fields))]
    offsets = [0 if field is None else slot for field, slot in zip(fields, slots, strict=True)]
    size = 4 + 4 * len(fields)
    head = struct.pack(f"<HH{len(fields)}H", 4 + 2 * len(fields), size, *offsets)
    head += bytes(-len(head) % 4)
    start = len(head)
    content = bytearray(head + struct.pack("<i", start) + bytes(size - 4))
    for field, slot in zip(fields, slots, strict=True):
        place = start + slot
        if isinstance(field, _Blob):
            _refer(content, place, field)
        elif field is not None:
            struct.pack_into(field[0], content, place, field[1])
    return _Blob(bytes(content), start)


def _vector(items: Sequence[_Blob]) -> _Blob:
    content = bytearray(struct.pack("<I", len(items)) + bytes(4 * len(items)))
    for number, item in enumerate(items):
        _refer(content, 4 + 4 * number, item)
    return _Blob(bytes(content), 0)


def _refer(content: bytearray, place: int, blob: _Blob) -> None:
    """Puts a blob at the end and the way to it at a place."""
    struct.pack_into("<I", content, place, len(content) + blob.start - place)
    content += blob.content


def _finish(root: _Blob) -> bytes:
    content = bytearray(4)
    _refer(content, 0, root)
    return bytes(content)
