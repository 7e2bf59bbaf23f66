"""Reads results as generated FlatBuffers code does, without any check: the second opinion on what was decoded."""

from __future__ import annotations

import struct
from importlib import import_module
from typing import Any

from deviceclouds.aitrios.inference import (
    BoundingBox,
    Classification,
    Classifications,
    Detection,
    Detections,
    Result,
    SegmentationMap,
)

TABLE: Any = import_module("flatbuffers.table").Table
TYPES: Any = import_module("flatbuffers.number_types")


def number(table: Any, slot: int, kind: str) -> Any:
    flags = getattr(TYPES, f"{kind}Flags")
    value = table.GetSlot(4 + 2 * slot, 0, flags)
    return float(value) if kind == "Float32" else value


def child(table: Any, slot: int) -> Any:
    place = table.Pos + table.Offset(4 + 2 * slot)
    return TABLE(table.Bytes, table.Indirect(place))


def elements(table: Any, slot: int) -> tuple[int, int]:
    """Where a vector starts, and how many elements it has."""
    offset = table.Offset(4 + 2 * slot)
    return (table.Vector(offset), table.VectorLen(offset)) if offset else (0, 0)


def read(content: bytes, kind: str) -> Result:
    root = TABLE(content, struct.unpack_from("<I", content)[0])
    data = child(root, 0)
    if kind == "segmentation":
        return segmentation(data)
    start, count = elements(data, 0)
    items = [TABLE(content, data.Indirect(start + 4 * n)) for n in range(count)]
    if kind == "classification":
        return Classifications(
            Classification(number(item, 0, "Uint32"), number(item, 1, "Float32")) for item in items
        )
    return Detections(map(detection, items))


def detection(item: Any) -> Detection:
    box, box_type = None, number(item, 1, "Uint8")
    if box_type == 1:
        table = child(item, 2)
        sides = [number(table, slot, "Int32") for slot in range(4)]
        box = BoundingBox(*sides)
    return Detection(number(item, 0, "Uint32"), number(item, 3, "Float32"), box, box_type)


def segmentation(data: Any) -> SegmentationMap:
    def view(slot: int, code: str) -> memoryview[Any]:
        start, count = elements(data, slot)
        values = struct.unpack_from(f"<{count}{code}", data.Bytes, start)
        return memoryview(struct.pack(f"={count}{code}", *values)).cast("B").cast(code)  # type: ignore[call-overload,no-any-return]

    height, width, planes = (number(data, slot, "Uint16") for slot in (0, 1, 3))
    return SegmentationMap(height, width, view(2, "H"), planes, view(4, "f"))
