"""Pictures as H.264 that every player shows: plain samples, not compressed, and frames that repeat the last one."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["BLOCK", "Picture", "first_frame", "repeated_frame"]

BLOCK = 16
"""Width and height of a macroblock, in pixels."""

Picture = Callable[[int, int], tuple[int, int, int]]
"""Gives luma and the two chroma values of the macroblock in a column and a row; each 16 to 235."""

_START = b"\x00\x00\x00\x01"
_DELIMITER = b"\x09\xf0"
_I_PCM = b"\x0d\x00"  # mb_type 25 and the zeros that align it
_FRAME_NUMBERS = 16


class _Bits:
    """Bits in the order in which they are written."""

    def __init__(self) -> None:
        self._text: list[str] = []

    def fixed(self, value: int, width: int) -> _Bits:
        """A number of so many bits."""
        self._text.append(f"{value:0{width}b}")
        return self

    def golomb(self, *values: int) -> _Bits:
        """Numbers in the Exp-Golomb code ``ue(v)``; for 0 ``se(v)`` is the same."""
        for value in values:
            digits = f"{value + 1:b}"
            self._text.append("0" * (len(digits) - 1) + digits)
        return self

    def aligned(self) -> bytes:
        """The bytes so far, filled up with zeros."""
        text = "".join(self._text)
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")

    def ended(self) -> bytes:
        """The bytes with the bit that ends a unit."""
        return self.fixed(1, 1).aligned()


def first_frame(picture: Picture, columns: int, rows: int, number: int) -> bytes:
    """A frame that can be decoded alone, with the parameters of the stream before it.

    Args:
        picture: What is seen.
        columns: Macroblocks in a row.
        rows: Rows of macroblocks.
        number: Counts such frames: two in a row have to differ.

    Returns:
        The units of one access unit, each with its start code.
    """
    header = _Bits().golomb(0, 7, 0).fixed(0, 4).golomb(number % 2).fixed(0, 2).golomb(0, 1)
    # The first macroblock's type follows the header bit by bit; all others begin at a byte.
    content = [header.golomb(25).aligned()]
    for row in range(rows):
        for column in range(columns):
            luma, blue, red = picture(column, row)
            content.append(bytes([luma]) * 256 + bytes([blue]) * 64 + bytes([red]) * 64)
            content.append(_I_PCM)
    content[-1] = b"\x80"
    return _units(
        _DELIMITER,
        _stream_parameters(columns, rows),
        _picture_parameters(),
        b"\x65" + b"".join(content),
    )


def repeated_frame(columns: int, rows: int, number: int) -> bytes:
    """The frame before once more. ``number`` counts from the last first frame, which is 0."""
    slice_ = _Bits().golomb(0, 5, 0).fixed(number % _FRAME_NUMBERS, 4).fixed(0, 3).golomb(0, 1)
    return _units(_DELIMITER, b"\x41" + slice_.golomb(columns * rows).ended())


def _stream_parameters(columns: int, rows: int) -> bytes:
    """Constrained baseline profile, level 3, frames shown in the order in which they come."""
    bits = _Bits().golomb(0, 0, 2, 1).fixed(0, 1).golomb(columns - 1, rows - 1)
    return b"\x67\x42\xc0\x1e" + bits.fixed(0b1100, 4).ended()


def _picture_parameters() -> bytes:
    bits = _Bits().golomb(0, 0).fixed(0, 2).golomb(0, 0, 0).fixed(0, 3).golomb(0, 0, 0)
    return b"\x68" + bits.fixed(0b100, 3).ended()


def _units(*units: bytes) -> bytes:
    # Three bytes that would look like a start code are kept apart.
    return b"".join(
        _START + re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", unit) for unit in units
    )
