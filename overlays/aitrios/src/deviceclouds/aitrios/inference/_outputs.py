"""From the items of ``insight.get_inferences`` to decoded outputs with their times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from ._decode import Kind, Result, decode
from ._types import Classifications, Detections, SegmentationMap

if TYPE_CHECKING:
    from deviceclouds.aitrios.models import Inference, InferenceResult

__all__ = ["Output", "output_of", "outputs_of", "parse_time"]

R = TypeVar("R", covariant=True)

_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Output(Generic[R]):
    """One output of a model.

    Attributes:
        time: When it was computed, in UTC; None where the text is no such time.
        time_text: The time as sent (``T``); None where none was sent.
        result: What `decode` makes of ``O``; None where there is none, as with JSON output.
        fields: What was sent beside ``T`` and ``O``, as it was sent: all of a JSON output. Its names are those of the
            edge application.
    """

    time: datetime | None
    time_text: str | None
    result: R | bytes | None
    fields: Mapping[str, Any]


@overload
def output_of(inference: Inference, kind: Literal["detection"]) -> Output[Detections]: ...
@overload
def output_of(inference: Inference, kind: Literal["classification"]) -> Output[Classifications]: ...
@overload
def output_of(inference: Inference, kind: Literal["segmentation"]) -> Output[SegmentationMap]: ...
@overload
def output_of(inference: Inference, kind: None = None) -> Output[bytes]: ...
@overload
def output_of(inference: Inference, kind: Kind | None) -> Output[Result]: ...
def output_of(inference: Inference, kind: Kind | None = None) -> Output[Any]:
    """Decodes one output of an inference result.

    Args:
        inference: One of an inference result's ``inferences``.
        kind: What the model computes, as for :func:`decode`. None leaves ``O`` as bytes.

    Raises:
        DecodeError: Its ``O`` is text, but broken.
        ConfigurationError: There is an ``O`` to read and the extra ``[inference]`` is not installed.
        InvalidRequestError: The kind is not one of the three.
    """
    fields = inference.to_dict()
    encoded = inference.o
    result = None
    if isinstance(encoded, str):
        result = decode(encoded, kind)
        fields.pop("O", None)
    elif fields.get("O") is None:
        # Absent or null. Anything else that is no text is kept under its name.
        fields.pop("O", None)
    time = fields.pop("T", None)
    text = None if time is None else str(time)
    return Output(None if text is None else parse_time(text), text, result, fields)


@overload
def outputs_of(
    result: InferenceResult, kind: Literal["detection"]
) -> tuple[Output[Detections], ...]: ...
@overload
def outputs_of(
    result: InferenceResult, kind: Literal["classification"]
) -> tuple[Output[Classifications], ...]: ...
@overload
def outputs_of(
    result: InferenceResult, kind: Literal["segmentation"]
) -> tuple[Output[SegmentationMap], ...]: ...
@overload
def outputs_of(result: InferenceResult, kind: None = None) -> tuple[Output[bytes], ...]: ...
@overload
def outputs_of(result: InferenceResult, kind: Kind | None) -> tuple[Output[Result], ...]: ...
def outputs_of(result: InferenceResult, kind: Kind | None = None) -> tuple[Output[Any], ...]:
    """Decodes all outputs of one item of ``insight.get_inferences``.

    One broken output fails them all; :func:`output_of` does one at a time.

    Args:
        result: An item of the list.
        kind: What the model computes, as for :func:`decode`. None leaves each ``O`` as bytes.

    Raises:
        DecodeError: An ``O`` is text, but broken.
        ConfigurationError: There is an ``O`` to read and the extra ``[inference]`` is not installed.
        InvalidRequestError: The kind is not one of the three.
    """
    return tuple(output_of(inference, kind) for inference in result.inferences or ())


def parse_time(text: str) -> datetime | None:
    """The time of an output, from 17 digits ``yyyyMMddHHmmssSSS`` (milliseconds, UTC).

    Args:
        text: As in an inference's ``T``.

    Returns:
        A time in UTC; None where the text is no such time.
    """
    # strptime would take 24 o'clock as 2 o'clock and 4x minutes.
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, milliseconds = map(int, match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, milliseconds * 1000, tzinfo=UTC)
    except ValueError:
        return None
