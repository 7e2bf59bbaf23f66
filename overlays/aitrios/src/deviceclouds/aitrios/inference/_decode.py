"""From base64 text or bytes to typed results; what is not known stays bytes, what is broken is an error."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Literal, overload

from deviceclouds.runtime import DecodeError, InvalidRequestError

from ._buffer import Buffer, DamagedError, MisfitError
from ._tables import read_classifications, read_detections, read_segmentation
from ._types import Classifications, Detections, SegmentationMap

__all__ = ["Kind", "Result", "decode"]

Kind = Literal["detection", "classification", "segmentation"]
"""What a model computes. It does not stand in its results."""

Result = Detections | Classifications | SegmentationMap | bytes
"""What :func:`decode` gives; bytes where the buffer holds other tables."""

_Data = str | bytes | bytearray | memoryview

_READERS: dict[str, Callable[[Buffer], Result]] = {
    "detection": read_detections,
    "classification": read_classifications,
    "segmentation": read_segmentation,
}
_WHERE: dict[str, Any] = {"vendor": "aitrios", "operation": "inference.decode"}


@overload
def decode(data: _Data, kind: Literal["detection"]) -> Detections | bytes: ...
@overload
def decode(data: _Data, kind: Literal["classification"]) -> Classifications | bytes: ...
@overload
def decode(data: _Data, kind: Literal["segmentation"]) -> SegmentationMap | bytes: ...
@overload
def decode(data: _Data, kind: None) -> bytes: ...
@overload
def decode(data: _Data, kind: Kind | None) -> Result: ...
def decode(data: _Data, kind: Kind | None) -> Result:
    """Decodes one output of a model.

    The kind stands nowhere in the buffer, the caller has to know it from the model. Nor does a buffer name its tables,
    so they can only be compared with the three kinds known here (see the module). What follows from that:

    - *Typed*: all that is read lies within the buffer and is what the tables have there. A missing number is 0.
      Further fields, such as the counts for areas which a sample application of Sony adds, are not read: ``kind=None``
      gives the bytes. An empty list looks the same in a detection and in a classification.
    - *bytes*: a FlatBuffers buffer with other tables, so also a result of another kind. It starts with a sound table,
      and what is read lies within it, but is something else: a text instead of a table, a field of another size, a
      root without a result, a table with none of the expected fields, an object with neither box nor score, a box
      without its type, a map without pixels.
    - *DecodeError*: no FlatBuffers buffer, or a broken one. The text is not base64; it does not start with a sound
      table; a reference, a table or a vector leads outside of the buffer, as it does in one cut short; there are more
      than 65,536 items; a map has not one class id a pixel, or not one score a pixel and plane.

    A number that stands where these tables have a reference can look like a reference which leads outside. That is
    a DecodeError too; its ``content`` holds the bytes.

    Args:
        data: Base64 text, as in an inference's ``O``; or the buffer itself, as bytes.
        kind: ``"detection"``, ``"classification"`` or ``"segmentation"``. None only undoes the base64.

    Returns:
        :class:`Detections`, :class:`Classifications` or :class:`SegmentationMap`; or the buffer as bytes where its
        tables are others.

    Raises:
        DecodeError: The buffer is broken; ``content`` holds its bytes, or the text's where it is not base64.
        ConfigurationError: The extra ``[inference]`` is not installed. ``kind=None`` does without.
        InvalidRequestError: An argument is of the wrong type, or the kind is not one of the three.
    """
    read = _reader(kind)
    content = _content(data)
    if read is None:
        return content
    try:
        return read(Buffer(content))
    except MisfitError:
        return content
    except DamagedError as fault:
        reason = str(fault)
    raise _broken(f"this is no sound FlatBuffers buffer of {len(content)} bytes: {reason}", content)


def _reader(kind: Kind | None) -> Callable[[Buffer], Result] | None:
    if kind is None:
        return None
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        known = ", ".join(map(repr, _READERS))
        raise InvalidRequestError(f"kind={kind!r} is not usable; give {known} or None", **_WHERE)
    return read


def _content(data: _Data) -> bytes:
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data)
    if not isinstance(data, str):
        raise InvalidRequestError(
            f"data is of type {type(data).__name__}; give base64 text or bytes."
            " An inference without O holds JSON: output_of() takes it as it is",
            **_WHERE,
        )
    try:
        return base64.b64decode(data, validate=True)
    except ValueError as fault:
        reason = str(fault)
    raise _broken(f"the text is not base64: {reason}", data.encode("utf-8", "backslashreplace"))


def _broken(message: str, content: bytes) -> DecodeError:
    return DecodeError(
        f"{message}. The bytes are in this error's content", content=content, **_WHERE
    )
