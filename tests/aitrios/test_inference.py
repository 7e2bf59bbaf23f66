"""Inference results as objects: sound buffers of all three kinds, and what is asked for wrongly."""

from __future__ import annotations

import base64
import subprocess
import sys
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
