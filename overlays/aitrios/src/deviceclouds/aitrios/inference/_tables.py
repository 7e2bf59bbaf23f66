"""The tables of the three kinds of results, by slot number, as Sony's public samples write and read them."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

from ._buffer import Buffer, DamagedError, MisfitError, Table
from ._types import (
    BoundingBox,
    Classification,
    Classifications,
    Detection,
    Detections,
    SegmentationMap,
)

__all__ = ["MAX_ITEMS", "read_classifications", "read_detections", "read_segmentation"]

T = TypeVar("T")

# Items may share their tables, so a small buffer could name very many.
MAX_ITEMS = 65_536

BOX_2D = 1

# A union around the root, by its type: in which slot of the table inside the result stands.
WRAPPED = {1: 0, 2: 1}


def read_detections(buffer: Buffer) -> Detections:
    """ObjectDetectionTop: objects with boxes; or ObjectDetectionRoot, a union of it and AreaCountTop."""
    root = buffer.root()
    try:
        at = root.reference(0)
    except MisfitError:
        slot, place = WRAPPED.get(root.uint8(0)), root.reference(1)
        if slot is None or place is None:
            raise
        top = buffer.table(place)
        return Detections(_items(_perception(top, top.reference(slot)), _detection, root, top))
    return Detections(_items(_perception(root, at), _detection, root))


def read_classifications(buffer: Buffer) -> Classifications:
    """ClassificationTop: classes with scores."""
    root = buffer.root()
    data = _perception(root, root.reference(0))
    return Classifications(_items(data, _classification, root))


def read_segmentation(buffer: Buffer) -> SegmentationMap:
    """SemanticSegmentationTop: a class for each pixel."""
    root = buffer.root()
    data = _perception(root, root.reference(0))
    height, width, planes = data.uint16(0), data.uint16(1), data.uint16(3)
    places = data.reference(2), data.reference(4)
    pixels = height * width
    if not pixels or places == (None, None):
        raise MisfitError("a map needs a height, a width, and class ids or scores")
    class_ids = _numbers(data, places[0], "H")
    scores = _numbers(data, places[1], "f")
    if len(class_ids) not in (0, pixels):
        raise DamagedError(f"a map of {height} x {width} pixels has {len(class_ids)} class ids")
    if len(scores) not in (0, planes * pixels):
        raise DamagedError(
            f"{planes} planes of {height} x {width} pixels have {len(scores)} scores"
        )
    return SegmentationMap(height, width, class_ids, planes, scores)


def _perception(top: Table, at: int | None) -> Table:
    if at is None:
        # An empty table fits any tables, so it says nothing: not even that nothing was found.
        raise MisfitError(f"the table at byte {top.at} names no result")
    return top.buffer.table(at)


def _items(data: Table, read: Callable[[Table], T], *ancestors: Table) -> list[T]:
    _require_ours(data, 1)
    buffer, at = data.buffer, data.reference(0)
    if at is None:
        return []
    with _unless_other(at, data, *ancestors):
        start, count = buffer.vector(at, 4)
        if count > MAX_ITEMS:
            raise DamagedError(f"{count} items, more than {MAX_ITEMS}")
        places = range(start, start + 4 * count, 4)
        return [read(buffer.table(buffer.follow(place))) for place in places]


def _detection(table: Table) -> Detection:
    _require_ours(table, 4)
    class_id, box_type = table.uint32(0), table.uint8(1)
    place, score = table.field(2, 4), table.field(3, 4)
    if (place is None) is not (box_type == 0):
        raise MisfitError("a box without its type, or a type without its box")
    if place is None and score is None:
        # This is how an item of a classification looks when read as an object.
        raise MisfitError("an object without box and score")
    box = _box(table.buffer, place) if place is not None and box_type == BOX_2D else None
    return Detection(class_id, table.float32(3), box, box_type)


def _box(buffer: Buffer, place: int) -> BoundingBox:
    table = buffer.table(buffer.follow(place))
    _require_ours(table, 4)
    return BoundingBox(table.int32(0), table.int32(1), table.int32(2), table.int32(3))


def _classification(table: Table) -> Classification:
    _require_ours(table, 2)
    if any(table.layout.used[2:]) and 0 < table.uint32(1) < 256:
        # This is how a detected object can look: its second slot holds a small whole number, the type of its box.
        raise MisfitError("a small whole number instead of a score")
    return Classification(table.uint32(0), table.float32(1))


def _require_ours(table: Table, known: int) -> None:
    """A newer table may have further fields, but one that has only those is another table."""
    used = table.layout.used
    if any(used[known:]) and not any(used[:known]):
        raise MisfitError(f"a table at byte {table.at} with none of the expected fields")


@contextmanager
def _unless_other(at: int, *ancestors: Table) -> Iterator[None]:
    """Where reading a vector leads outside, but a table or a text lies in its place, these are other tables."""
    try:
        yield
    except DamagedError:
        buffer = ancestors[0].buffer
        if buffer.holds_table(at, *ancestors) or buffer.holds_text(at):
            raise MisfitError(f"a table or a text at byte {at} instead of a vector") from None
        raise


def _numbers(owner: Table, at: int | None, code: Literal["H", "f"]) -> memoryview[Any]:
    """A vector of numbers as a read-only view; empty where there is none."""
    if at is None:
        return memoryview(b"").cast(code)
    width = 2 if code == "H" else 4
    with _unless_other(at, owner):
        start, count = owner.buffer.vector(at, width)
    view = memoryview(owner.buffer.data)[start : start + count * width]
    if sys.byteorder == "big":
        swapped = array(code, view.tobytes())
        swapped.byteswap()
        view = memoryview(swapped.tobytes())
    return view.cast(code)
