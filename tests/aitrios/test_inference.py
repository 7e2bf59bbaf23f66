"""Inference results as objects: sound buffers of all three kinds, buffers of others, and whole outputs."""

from __future__ import annotations

import base64
import copy
import pickle
import struct
import subprocess
import sys
import tracemalloc
from array import array
from typing import Any, assert_type

import pytest
from deviceclouds.aitrios import inference
from deviceclouds.aitrios.inference import (
    BoundingBox,
    Classification,
    Classifications,
    Detection,
    Detections,
    SegmentationMap,
    decode,
)
from deviceclouds.runtime import ConfigurationError, InvalidRequestError

from . import inference_buffers as made

KINDS: tuple[inference.Kind, ...] = ("detection", "classification", "segmentation")


def test_vendor_sample_of_detections() -> None:
    result = decode(made.DETECTION, "detection")
    assert_type(result, Detections | bytes)
    assert isinstance(result, Detections)
    assert list(result) == [
        Detection(18, 0.04296875, BoundingBox(left=4, top=11, right=119, bottom=74)),
        Detection(8, 0.02734375, BoundingBox(left=19, top=22, right=247, bottom=71)),
    ]
    assert [round(item.score, 6) for item in result] == [0.042969, 0.027344]
    assert result[0].box_type == 1
    assert result[0].box and (result[0].box.width, result[0].box.height) == (115, 63)
    assert result.above(0.04) == result[:1]
    assert isinstance(result.above(0.04), Detections)


def test_vendor_sample_of_classifications() -> None:
    result = decode(made.CLASSIFICATION, "classification")
    assert_type(result, Classifications | bytes)
    assert isinstance(result, Classifications)
    assert list(result) == [Classification(5, 0.79296875), Classification(2, 0.7890625)]
    assert result.above(0.79) == result[:1]
    assert isinstance(result.above(1), Classifications)


def test_vendor_sample_of_a_segmentation() -> None:
    result = decode(made.SEGMENTATION, "segmentation")
    assert_type(result, SegmentationMap | bytes)
    assert isinstance(result, SegmentationMap)
    assert (result.height, result.width, result.num_classes) == (3, 3, 2)
    assert list(result.class_ids) == list(range(9))
    assert [round(score, 6) for score in result.scores[:3]] == [0.154659, 0.145733, 0.242354]
    assert round(result.scores[17], 6) == 0.047293


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_give_what_text_gives(kind: inference.Kind) -> None:
    content = made.SAMPLES[kind]
    expected = decode(base64.b64encode(content).decode(), kind)
    assert not isinstance(expected, bytes)
    assert decode(content, kind) == expected
    assert decode(bytearray(content), kind) == expected
    assert decode(content, None) == content


def test_missing_numbers_are_zero() -> None:
    content = made.listing(
        lambda b: [made.detected(b, 0, 0.0, 0, 5, 0, -7), made.detected(b, 3, 0.5, 0, 0, 0, 0)]
    )
    assert decode(content, "detection") == (
        Detection(0, 0.0, BoundingBox(0, 5, 0, -7)),
        Detection(3, 0.5, BoundingBox(0, 0, 0, 0)),
    )
    content = made.listing(lambda b: [made.classified(b, 0, 0.5), made.classified(b, 0, 0.0)])
    assert decode(content, "classification") == (Classification(0, 0.5), Classification(0, 0.0))


def test_smallest_score_survives() -> None:
    content = made.listing(lambda b: [made.classified(b, 1, 2**-149)])
    assert decode(content, "classification") == (Classification(1, 2**-149),)


def test_extreme_numbers_survive() -> None:
    low, high = -(2**31), 2**31 - 1
    content = made.listing(lambda b: [made.detected(b, 2**32 - 1, -1.5, low, high, high, low)])
    assert decode(content, "detection") == (
        Detection(2**32 - 1, -1.5, BoundingBox(low, high, high, low)),
    )


@pytest.mark.parametrize("box_type", [2, 255])
def test_item_with_a_box_of_unknown_type_is_kept(box_type: int) -> None:
    content = made.listing(lambda b: [made.detected(b, 7, 0.5, 1, 2, 3, 4, box_type=box_type)])
    assert decode(content, "detection") == (Detection(7, 0.5, None, box_type),)


def test_item_without_a_box_is_kept() -> None:
    content = made.listing(lambda b: [made.detected(b, 7, 0.5)])
    assert decode(content, "detection") == (Detection(7, 0.5, None, 0),)


def test_further_fields_of_a_newer_version_are_ignored() -> None:
    def make(b: Any) -> int:
        name = b.CreateString("a name")
        item = made.classified(b, 4, 0.5, (2, "Uint32", 9), made.reference(3, name))
        unscored = made.table(b, (0, "Uint32", 6), (2, "Uint32", 9))
        items = made.vector(b, [item, unscored])
        data = made.table(b, made.reference(0, items), (1, "Uint64", 12))
        return made.table(b, made.reference(0, data), (1, "Uint8", 1))

    assert decode(made.buffer(make), "classification") == (
        Classification(4, 0.5),
        Classification(6, 0.0),
    )


@pytest.mark.parametrize("areas", [False, True])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_detections_in_a_union(count: int, areas: bool) -> None:
    content = made.wrapped(count, areas)
    result = decode(content, "detection")
    assert isinstance(result, Detections) and len(result) == count
    assert result == decode(made.detections(count), "detection")
    assert decode(content, "classification") == content
    assert decode(content, "segmentation") == content


@pytest.mark.parametrize("kind", [0, 3, 255])
def test_union_of_an_unknown_type_stays_bytes(kind: int) -> None:
    content = made.buffer(
        lambda b: made.table(b, made.reference(1, made.table(b)), (0, "Uint8", kind))
    )
    assert decode(content, "detection") == content


def test_sample_application_that_switches_models() -> None:
    """Its roots have an id of 8 bytes, its objects a flag."""

    def make(b: Any) -> int:
        box = made.reference(2, made.box(b, 1, 2, 3, 4))
        flag, score, kind = (4, "Bool", True), (3, "Float32", 0.5), (1, "Uint8", 1)
        items = made.vector(b, [made.table(b, (0, "Uint32", 9), kind, box, score, flag)])
        data = made.table(b, made.reference(0, items))
        return made.table(b, made.reference(0, data), (1, "Uint64", 2**63))

    content = made.buffer(make)
    assert decode(content, "detection") == (Detection(9, 0.5, BoundingBox(1, 2, 3, 4)),)
    assert decode(content, "classification") == content


def test_sample_application_that_counts_by_area() -> None:
    def make(b: Any) -> int:
        counts = made.vector(b, [made.table(b, (0, "Uint32", 7), (1, "Uint32", 3))])
        items = made.vector(b, [made.detected(b, 9, 0.5, 1, 2, 3, 4)])
        data = made.table(b, made.reference(0, items))
        return made.table(b, made.reference(0, data), made.reference(1, counts))

    assert decode(made.buffer(make), "detection") == (Detection(9, 0.5, BoundingBox(1, 2, 3, 4)),)


@pytest.mark.parametrize("content", [made.detections(0), made.buffer(made.result)])
def test_nothing_found(content: bytes) -> None:
    assert isinstance(decode(content, "detection"), Detections)
    assert decode(content, "detection") == ()
    assert isinstance(decode(content, "classification"), Classifications)
    assert isinstance(decode(content, "segmentation"), bytes)


def test_items_may_share_what_they_point_to() -> None:
    content = made.listing(lambda b: [made.detected(b, 1, 0.5, 1, 2, 3, 4)] * 3)
    assert decode(content, "detection") == (Detection(1, 0.5, BoundingBox(1, 2, 3, 4)),) * 3


def test_large_map_is_not_copied() -> None:
    height, width, planes = 300, 301, 21
    ids = array("H", (pixel % 60_000 for pixel in range(height * width)))
    scores = array("f", (pixel / 8 for pixel in range(planes * height * width)))
    content = made.segmentation(height, width, planes, ids.tobytes(), scores.tobytes())
    decode(made.SEGMENTATION, "segmentation")  # the library is loaded
    tracemalloc.start()
    try:
        result = decode(content, "segmentation")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50_000 < len(content)
    assert isinstance(result, SegmentationMap)
    assert (result.height, result.width, result.num_classes) == (height, width, planes)
    assert result.class_ids.tobytes() == ids.tobytes()
    assert result.scores.tobytes() == scores.tobytes()
    assert result.class_at(300, 299) == ids[-1]
    assert result.class_at(5, 2) == ids[2 * width + 5]
    assert result.score_at(20, 300, 299) == scores[-1]
    assert result.score_at(3, 5, 2) == scores[(3 * height + 2) * width + 5]
    assert result.row(2).tolist() == ids[2 * width : 3 * width].tolist()
    with pytest.raises(TypeError, match="read-only"):
        result.class_ids[0] = 1


def sample_map() -> SegmentationMap:
    result = decode(made.SEGMENTATION, "segmentation")
    assert isinstance(result, SegmentationMap)
    return result


@pytest.mark.parametrize(("x", "y"), [(3, 0), (0, 3), (-1, 0), (0, -1)])
def test_pixel_outside_of_the_map(x: int, y: int) -> None:
    one = sample_map()
    with pytest.raises(IndexError, match="outside of a map 3 wide and 3 high"):
        one.class_at(x, y)
    with pytest.raises(IndexError, match="outside"):
        one.score_at(0, x, y)


def test_plane_outside_of_the_map() -> None:
    for plane in (-1, 2):
        with pytest.raises(IndexError, match="outside of a map of 2 planes"):
            sample_map().score_at(plane, 0, 0)
    with pytest.raises(IndexError):
        sample_map().row(3)


def test_map_travels_and_compares() -> None:
    one = sample_map()
    for twin in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one), copy.copy(one)):
        assert twin == one and hash(twin) == hash(one)
        assert twin.score_at(1, 2, 2) == one.score_at(1, 2, 2)
    other = decode(made.segmentation(3, 3, 0, bytes(18), None), "segmentation")
    assert other != one
    assert repr(one) == (
        "SegmentationMap(height=3, width=3, num_classes=2, class_ids=<9>, scores=<18>)"
    )


@pytest.mark.parametrize("absent", [None, b""])
def test_map_with_one_of_its_two_parts(absent: bytes | None) -> None:
    ids = decode(made.segmentation(2, 1, 3, struct.pack("<2H", 4, 5), absent), "segmentation")
    assert isinstance(ids, SegmentationMap)
    assert (ids.class_at(0, 1), len(ids.scores)) == (5, 0)
    with pytest.raises(IndexError, match="no scores"):
        ids.score_at(0, 0, 0)
    scores = decode(made.segmentation(2, 1, 1, absent, struct.pack("<2f", 0.5, 1)), "segmentation")
    assert isinstance(scores, SegmentationMap)
    assert (scores.score_at(0, 0, 1), len(scores.class_ids)) == (1, 0)
    for ask in (scores.class_at, lambda x, y: scores.row(y)):
        with pytest.raises(IndexError, match="no class ids"):
            ask(0, 0)


def test_numbers_are_little_endian_wherever_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    other = "big" if sys.byteorder == "little" else "little"
    monkeypatch.setattr("sys.byteorder", other)
    swapped = sample_map()
    assert list(swapped.class_ids) == [number << 8 for number in range(9)]
    assert swapped.scores.format == "f" and len(swapped.scores) == 18


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
        "short numbers in order": in_order("HHHH", 3, 3, 3, 3),
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


@pytest.mark.parametrize(("height", "width"), [(0, 0), (2, 0), (0, 2), (2, 2)])
def test_maps_without_content_stay_bytes(height: int, width: int) -> None:
    content = made.segmentation(height, width, 1, None, None)
    assert decode(content, "segmentation") == content
    if not height * width:
        content = made.segmentation(height, width, 1, b"", bytes(4))
        assert decode(content, "segmentation") == content


@pytest.mark.parametrize("kind", ["Detection", "", 1, ["detection"]])
def test_kind_that_does_not_exist(kind: Any) -> None:
    with pytest.raises(InvalidRequestError, match="'detection', 'classification', 'segmentation'"):
        decode(made.DETECTION, kind)


def test_data_that_is_neither_text_nor_bytes() -> None:
    missing: Any = None
    with pytest.raises(InvalidRequestError, match=r"NoneType; .* output_of\(\)"):
        decode(missing, "detection")


@pytest.mark.parametrize("kind", KINDS)
def test_missing_library(kind: inference.Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("flatbuffers")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigurationError, match=r"extra \[inference\] of deviceclouds-aitrios"):
        decode(made.SAMPLES[kind], kind)
    assert decode(made.DETECTION, None) == made.SAMPLES["detection"]


def test_import_does_not_load_the_library() -> None:
    code = "import sys, deviceclouds.aitrios.inference; sys.exit('flatbuffers' in sys.modules)"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
