"""Whole outputs of `insight.get_inferences`: base64, JSON, times in and out of format."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from typing import Any, assert_type

import pytest
from deviceclouds.aitrios.inference import (
    Detections,
    Output,
    Result,
    SegmentationMap,
    output_of,
    outputs_of,
    parse_time,
)
from deviceclouds.aitrios.models import GetInferencesResponse, Inference, InferenceResult
from deviceclouds.runtime import DecodeError
from deviceclouds.testing import load_spec

from . import inference_buffers as made

MOMENT = datetime(2025, 1, 29, 3, 54, 9, 1000, tzinfo=UTC)


def example() -> InferenceResult:
    """The first item of the example in the specification."""
    operation = load_spec("aitrios").document["paths"]["/inferenceresults"]["get"]
    content = operation["responses"]["200"]["content"]["application/json"]
    page = GetInferencesResponse.from_dict(content["example"])
    assert page.inferences
    return page.inferences[0]


def one(**fields: Any) -> Inference:
    return Inference.from_dict(fields)


def test_item_of_the_list() -> None:
    (output,) = outputs_of(example(), "detection")
    assert_type(output, Output[Detections])
    assert isinstance(output.result, Detections)
    assert [found.class_id for found in output.result] == [18, 8]
    assert (output.time, output.time_text, output.fields) == (MOMENT, "20250129035409001", {})
    assert output.time and output.time.utcoffset() == timedelta(0)
    assert pickle.loads(pickle.dumps(output)) == output


def test_without_a_kind_it_stays_bytes() -> None:
    (output,) = outputs_of(example())
    assert_type(output, Output[bytes])
    assert output.result == made.SAMPLES["detection"]


def test_kinds_give_their_types() -> None:
    output = output_of(one(O=made.SEGMENTATION), "segmentation")
    assert_type(output, Output[SegmentationMap])
    assert isinstance(output.result, SegmentationMap)
    kind: Any = "classification"
    anything: Output[Result] = output_of(one(O=made.SEGMENTATION), kind)
    assert anything.result == made.SAMPLES["segmentation"]


def test_json_output_is_kept_as_it_was_sent() -> None:
    sent = {"T": "20250129035409001", "1": {"class_id": 3, "score": 0.5}, "more": [1, None]}
    output = output_of(one(**sent), "detection")
    assert output.result is None
    assert output.time == MOMENT
    assert output.fields == {"1": {"class_id": 3, "score": 0.5}, "more": [1, None]}
    assert pickle.loads(pickle.dumps(output)) == output


def test_fields_beside_base64_are_kept() -> None:
    output = output_of(one(O=made.DETECTION, P=[]), "detection")
    assert isinstance(output.result, Detections)
    assert output.fields == {"P": []}


@pytest.mark.parametrize("absent", [{}, {"O": None}, {"O": None, "T": None}])
def test_nothing_sent(absent: dict[str, Any]) -> None:
    assert output_of(one(**absent), "detection") == Output(None, None, None, {})


def test_output_that_is_no_text_is_kept_under_its_name() -> None:
    output = output_of(one(O={"objects": []}), "detection")
    assert (output.result, output.fields) == (None, {"O": {"objects": []}})


@pytest.mark.parametrize("inferences", [{}, {"inferences": None}, {"inferences": []}])
def test_item_without_outputs(inferences: dict[str, Any]) -> None:
    assert outputs_of(InferenceResult.from_dict(inferences), "detection") == ()


def test_one_broken_output_fails_its_item() -> None:
    item = InferenceResult.from_dict({"inferences": [{"O": made.DETECTION}, {"O": "AAAA"}]})
    with pytest.raises(DecodeError):
        outputs_of(item, "detection")
    assert [output.result for output in outputs_of(item)][1] == bytes(3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0123456789",  # the times in Sony's samples
        "2025012903540900",
        "202501290354090011",
        "20251329035409001",
        "20250230035409001",
        "20250129245409001",
        "20250129035461001",
        "00000129035409001",
        "2025-01-29T03:54:",
        " 2025012903540900",
        "2025012903540900\n",
        "٢٠٢٥٠١٢٩٠٣٥٤٠٩٠٠١",  # digits, but of another script
    ],
)
def test_time_that_is_none(text: str) -> None:
    assert parse_time(text) is None
    output = output_of(one(T=text), None)
    assert (output.time, output.time_text) == (None, text)


def test_times() -> None:
    assert parse_time("20250129035409001") == MOMENT
    assert parse_time("20240229235959999") == datetime(2024, 2, 29, 23, 59, 59, 999_000, tzinfo=UTC)


def test_time_sent_as_a_number() -> None:
    output = output_of(one(T=20250129035409001), None)
    assert (output.time, output.time_text) == (MOMENT, "20250129035409001")
