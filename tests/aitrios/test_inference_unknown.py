"""Sound buffers with other tables, results of another kind among them: they stay bytes."""

from __future__ import annotations

import base64
import struct
from typing import Any

import pytest
from deviceclouds.aitrios import inference
from deviceclouds.aitrios.inference import BoundingBox, Detection, decode

from . import inference_buffers as made

KINDS: tuple[inference.Kind, ...] = ("detection", "classification", "segmentation")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_result_of_another_kind_stays_bytes(kind: inference.Kind, other: inference.Kind) -> None:
    result = decode(made.SAMPLES[other], kind)
    assert (result == made.SAMPLES[other]) is (kind != other)


def test_object_laid_out_in_order() -> None:
    """Written by something that puts fields in order, with room behind the small one."""
    item = struct.pack("<6H i I B3x I f", 12, 20, 4, 8, 12, 16, 12, 18, 1, 20, 0.5)
    placed = struct.pack("<6H i 4i", 12, 20, 4, 8, 12, 16, 12, 1, 2, 3, 4)
    head = struct.pack("<I 3H2x i I 3H2x i I I I", 12, 6, 8, 4, 8, 12, 6, 8, 4, 8, 4, 1, 16)
    content = head + item + placed
    assert decode(content, "detection") == (Detection(18, 0.5, BoundingBox(1, 2, 3, 4)),)
    assert decode(content, "classification") == content


def in_order(code: str, *values: int) -> bytes:
    """A result whose data table has these numbers one after the other, and nothing else."""
    offsets = [4 + struct.calcsize("<" + code[:n]) for n in range(len(code))]
    layout = struct.pack(
        f"<2H{len(code)}H", 4 + 2 * len(code), 4 + struct.calcsize("<" + code), *offsets
    )
    layout += bytes(-len(layout) % 4)
    head = struct.pack("<I 3H2x i I", 12, 6, 8, 4, 8, 4 + len(layout))
    return head + layout + struct.pack("<i" + code, len(layout), *values)


def unknown() -> dict[str, bytes]:
    """Sound buffers with other tables."""
    short, long = "a text", "a text that is longer than all that lies before it " * 4
    field = made.reference
    return {
        "empty root": made.buffer(made.table),
        "root with other slots only": made.buffer(lambda b: made.table(b, (1, "Uint32", 7))),
        "short text": made.buffer(lambda b: made.table(b, field(0, b.CreateString(short)))),
        "long text": made.buffer(lambda b: made.table(b, field(0, b.CreateString(long)))),
        "text in data": made.buffer(lambda b: made.result(b, field(0, b.CreateString(short)))),
        "long text in data": made.buffer(lambda b: made.result(b, field(0, b.CreateString(long)))),
        "texts": made.listing(lambda b: [b.CreateString(t) for t in (short, long, short)]),
        "long texts": made.listing(lambda b: [b.CreateString(long)]),
        "flag": made.buffer(lambda b: made.table(b, (0, "Bool", True))),
        "small number": made.buffer(lambda b: made.table(b, (0, "Uint32", 1))),
        "short number": made.buffer(lambda b: made.result(b, (0, "Uint16", 1))),
        "bytes": made.buffer(lambda b: made.table(b, field(0, b.CreateByteVector(b"\xff" * 99)))),
        "data with other slots": made.buffer(lambda b: made.result(b, (7, "Uint32", 7))),
        "items with other slots": made.listing(lambda b: [made.table(b, (5, "Uint32", 7))]),
        "table for a list": made.buffer(
            lambda b: made.result(b, field(0, made.table(b, (0, "Float64", 0.3), (1, "Int8", 1))))
        ),
        "short numbers in order": in_order("HHHH", 4, 4, 4, 4),
        "number off the grid": in_order("I", 0)[:20]
        + struct.pack("<3H2xi2xI2xI", 6, 12, 6, 8, 6, 0),
        "reference to itself": made.SAMPLES["detection"][:32] + bytes(80),
        "map of one number": made.buffer(lambda b: made.result(b, (0, "Uint16", 3))),
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", unknown())
def test_other_tables_stay_bytes(name: str, kind: inference.Kind) -> None:
    content = unknown()[name]
    assert decode(base64.b64encode(content).decode(), kind) == content


def box_of_texts(b: Any) -> list[int]:
    text = b.CreateString("not a box, but a text that is longer than all that lies before it " * 3)
    return [made.table(b, (1, "Uint8", 1), made.reference(2, text), (3, "Float32", 0.5))]


@pytest.mark.parametrize(
    "items",
    [
        lambda b: [made.table(b, (0, "Uint32", 4), (1, "Uint8", 1), (3, "Float32", 0.5))],
        lambda b: [made.table(b, made.reference(2, made.box(b, 1, 2, 3, 4)), (3, "Float32", 0.5))],
        lambda b: [made.classified(b, 4, 0.5)],
        lambda b: [made.classified(b, 4, 0.0)],
        lambda b: [made.table(b)],
        box_of_texts,
    ],
    ids=["type without box", "box without type", "classes", "class", "empty", "text for a box"],
)
def test_objects_that_do_not_fit_stay_bytes(items: Any) -> None:
    content = made.listing(items)
    assert decode(content, "detection") == content
