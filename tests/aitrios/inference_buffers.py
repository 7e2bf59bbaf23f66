"""Buffers for the tests: Sony's samples, and others made with the builder of the flatbuffers library."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

# The library has no type information.
FLATBUFFERS: Any = import_module("flatbuffers")

# Sample data of SonySemiconductorSolutions/aitrios-sdk-deserialization-sample (Apache-2.0).
DETECTION = (
    "DAAAAAAABgAKAAQABgAAAAwAAAAAAAYACAAEAAYAAAAEAAAAAgAAADwAAAAEAAAA2P///wAA4DwMAAAAAAAAAQgAAADM////RwAAAPcAAAAWAAAA"
    "EwAAAAwAFAAQAA8ACAAEAAwAAAAAADA9GAAAAAAAAAESAAAADAAUABAADAAIAAQADAAAAEoAAAB3AAAACwAAAAQAAAA="
)
CLASSIFICATION = (
    "DAAAAAAABgAKAAQABgAAAAwAAAAAAAYACAAEAAYAAAAEAAAAAgAAABwAAAAEAAAA9P///wAASj8CAAAA"
    "CAAMAAgABAAIAAAAAABLPwUAAAA="
)
SEGMENTATION = (
    "DAAAAAAABgAKAAQABgAAABQAAAAAAA4AFAAGAAgADAAKABAADgAAAAAAAwADAAIAVAAAAAQAAAASAAAABV8ePuo6FT68K3g+DQHbPvRLwj6QdEs/"
    "bKwfPxoT4D5r228+3OefPqZXCT/nzgI+gAEePaQiEz6J3L8+vGtCP3sDLz/KtkE9CQAAAAAAAQACAAMABAAFAAYABwAIAAAA"
)
SAMPLES = {
    "detection": base64.b64decode(DETECTION),
    "classification": base64.b64decode(CLASSIFICATION),
    "segmentation": base64.b64decode(SEGMENTATION),
}

Field = tuple[int, str, Any]
"""Slot, type as the builder calls it, value."""


def buffer(make: Callable[[Any], int]) -> bytes:
    """A finished buffer; `make` builds what is in it and returns the root."""
    builder = FLATBUFFERS.Builder(0)
    builder.Finish(make(builder))
    return bytes(builder.Output())


def table(builder: Any, *fields: Field) -> int:
    """A table; a number that is 0 is left out, as all builders do."""
    builder.StartObject(max((slot + 1 for slot, _, _ in fields), default=0))
    for slot, kind, value in fields:
        getattr(builder, f"Prepend{kind}Slot")(slot, value, 0)
    return int(builder.EndObject())


def reference(slot: int, target: int) -> Field:
    return slot, "UOffsetTRelative", target


def vector(builder: Any, items: Sequence[int]) -> int:
    """A vector of references."""
    builder.StartVector(4, len(items), 4)
    for item in reversed(items):
        builder.PrependUOffsetTRelative(item)
    return int(builder.EndVector())


def numbers(builder: Any, content: bytes, width: int) -> int:
    """A vector of numbers from their bytes."""
    builder.StartVector(width, len(content) // width, width)
    builder.head = builder.Head() - len(content)
    builder.Bytes[builder.Head() : builder.Head() + len(content)] = content
    return int(builder.EndVector())


def box(builder: Any, left: int, top: int, right: int, bottom: int) -> int:
    sides = enumerate((left, top, right, bottom))
    return table(builder, *((slot, "Int32", side) for slot, side in sides))


def detected(builder: Any, class_id: int, score: float, *sides: int, box_type: int = 1) -> int:
    """A GeneralObject; without sides it has no box."""
    fields: list[Field] = [(0, "Uint32", class_id), (3, "Float32", score)]
    if sides:
        place = box(builder, sides[0], sides[1], sides[2], sides[3])
        fields += [(1, "Uint8", box_type), reference(2, place)]
    return table(builder, *fields)


def classified(builder: Any, class_id: int, score: float, *more: Field) -> int:
    return table(builder, (0, "Uint32", class_id), (1, "Float32", score), *more)


def result(builder: Any, *fields: Field) -> int:
    """Root and data table with these fields."""
    return table(builder, reference(0, table(builder, *fields)))


def listing(items: Callable[[Any], Sequence[int]]) -> bytes:
    """A result that lists items: what detections and classifications have in common."""
    return buffer(lambda b: result(b, reference(0, vector(b, items(b)))))


def detections(count: int) -> bytes:
    return listing(lambda b: [detected(b, n, n / 64, n, n + 1, n + 2, n + 3) for n in range(count)])


def classifications(count: int) -> bytes:
    return listing(lambda b: [classified(b, n, n / 64) for n in range(count)])


def wrapped(count: int, areas: bool) -> bytes:
    """Detections in a union, as later versions of Sony's sample application for detection write them."""

    def make(builder: Any) -> int:
        items = [detected(builder, n, n / 64, n, n + 1, n + 2, n + 3) for n in range(count)]
        result = reference(int(areas), table(builder, reference(0, vector(builder, items))))
        fields = [result]
        if areas:
            counted = [table(builder, (0, "Uint32", 7), (1, "Uint32", 3))]
            fields.append(reference(0, vector(builder, counted)))
        top = table(builder, *fields)
        return table(builder, reference(1, top), (0, "Uint8", 2 if areas else 1))

    return buffer(make)


def segmentation(
    height: int, width: int, planes: int, class_ids: bytes | None, scores: bytes | None
) -> bytes:
    """A map; None leaves a vector out."""

    def make(builder: Any) -> int:
        fields: list[Field] = [(0, "Uint16", height), (1, "Uint16", width), (3, "Uint16", planes)]
        if class_ids is not None:
            fields.append(reference(2, numbers(builder, class_ids, 2)))
        if scores is not None:
            fields.append(reference(4, numbers(builder, scores, 4)))
        return result(builder, *fields)

    return buffer(make)
