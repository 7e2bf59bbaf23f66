"""Small JPEG and PNG pictures of coloured squares, written without a library for pictures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

__all__ = ["SQUARE", "jpeg", "png"]

SQUARE = 8
"""Edge of a JPEG's squares, in pixels: what the format calls a block."""

Colour = tuple[int, int, int]
"""Luminance, blue and red difference (YCbCr), 0 to 255 each; 128 in the differences is grey."""

# The standard's table of luminance: length of the code of each category of difference, and the codes.
_DC_LENGTHS = (2, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9)
_DC_CODES = (0b00, 0b010, 0b011, 0b100, 0b101, 0b110, 0xE, 0x1E, 0x3E, 0x7E, 0xFE, 0x1FE)
_DC_COUNTS = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0))
_DC_TABLE = _DC_COUNTS + bytes(range(12))

# A square is of one colour, so "no more coefficients" is all this table has to say; its code is one bit, 0.
_AC_TABLE = bytes((1, *[0] * 15, 0))


def jpeg(columns: int, rows: int, colour: Callable[[int, int], Colour]) -> bytes:
    """A baseline JPEG.

    Args:
        columns: Squares from left to right.
        rows: Squares from top to bottom.
        colour: Gives the colour of the square at a column and row.
    """
    quantities = b"\x00" + bytes([SQUARE]) * 64
    frame = struct.pack(">BHHB", 8, rows * SQUARE, columns * SQUARE, 3)
    frame += b"".join(bytes((number, 0x11, 0)) for number in (1, 2, 3))
    scan = b"\x03" + b"".join(bytes((number, 0)) for number in (1, 2, 3)) + b"\x00\x3f\x00"
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
            _segment(0xDB, quantities),
            _segment(0xC0, frame),
            _segment(0xC4, b"\x00" + _DC_TABLE),
            _segment(0xC4, b"\x10" + _AC_TABLE),
            _segment(0xDA, scan),
            _scan(columns, rows, colour),
            b"\xff\xd9",
        )
    )


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _scan(columns: int, rows: int, colour: Callable[[int, int], Colour]) -> bytes:
    bits: list[str] = []
    before = (128, 128, 128)
    for row in range(rows):
        for column in range(columns):
            here = colour(column, row)
            for now, then in zip(here, before, strict=True):
                bits.append(_CODES[now - then + 255])
            before = here
    text = "".join(bits)
    # The last byte is filled with ones.
    text += "1" * (-len(text) % 8)
    content = int(text, 2).to_bytes(len(text) // 8, "big") if text else b""
    return content.replace(b"\xff", b"\xff\x00")


def _code(difference: int) -> str:
    """Bits of a difference to the square before, and of "no more coefficients"."""
    category = abs(difference).bit_length()
    code = f"{_DC_CODES[category]:0{_DC_LENGTHS[category]}b}"
    if category:
        value = difference if difference > 0 else difference + (1 << category) - 1
        code += f"{value:0{category}b}"
    return code + "0"


_CODES = tuple(_code(difference) for difference in range(-255, 256))


def png(columns: int, rows: int, dark: Callable[[int, int], bool]) -> bytes:
    """A PNG in black and white, a pixel for each field.

    Args:
        columns: Fields from left to right.
        rows: Fields from top to bottom.
        dark: Tells whether the field at a column and row is black.
    """
    lines = []
    for row in range(rows):
        text = "".join("0" if dark(column, row) else "1" for column in range(columns))
        text += "0" * (-columns % 8)
        lines.append(b"\x00" + int(text, 2).to_bytes(len(text) // 8, "big"))
    header = struct.pack(">IIBBBBB", columns, rows, 1, 0, 0, 0, 0)
    parts = (
        _chunk(b"IHDR", header),
        _chunk(b"IDAT", zlib.compress(b"".join(lines), 9)),
        _chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )
