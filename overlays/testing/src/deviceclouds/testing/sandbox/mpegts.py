"""A short video as an MPEG transport stream, as HLS serves it in segments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from .h264 import Picture, first_frame, repeated_frame

__all__ = ["SEGMENT_SECONDS", "segment"]

SEGMENT_SECONDS = 2
"""How long a segment lasts."""

_COLUMNS, _ROWS = 10, 6
_FRAMES = 10
_TICKS = 90_000  # of the stream's clock, in a second
_LEAD = 9_000  # ticks a decoder has between receiving a frame and showing it
_PACKET = 188
_CONTENT = _PACKET - 4
_TABLES, _PROGRAM, _VIDEO = 0, 0x1000, 0x100
_H264 = 0x1B


def segment(number: int, shade: int = 0) -> bytes:
    """One segment; consecutive numbers join without a seam.

    Args:
        number: Position in the stream, from 0.
        shade: Colours the picture, so that streams can be told apart.
    """
    packets = _Packets(number, number * _frames_length())
    tables = [packets.table(_TABLES, _association()), packets.table(_PROGRAM, _program())]
    return b"".join([*tables, *_frames(packets, number, shade)])


def _frames(packets: _Packets, number: int, shade: int) -> Iterator[bytes]:
    start = SEGMENT_SECONDS * _TICKS * number + _TICKS
    for frame in range(_FRAMES):
        if frame == 0:
            units = first_frame(_picture(number, shade), _COLUMNS, _ROWS, number)
        else:
            units = repeated_frame(_COLUMNS, _ROWS, frame)
        ticks = start + SEGMENT_SECONDS * _TICKS * frame // _FRAMES
        yield from packets.frame(units, ticks, starts=frame == 0)


@cache
def _frames_length() -> int:
    """Packets of the frames of a segment: the same in all."""
    return sum(1 for _ in _frames(_Packets(0, 0), 0, 0))


def _picture(number: int, shade: int) -> Picture:
    """A bar that moves a column each segment, on a coloured ground."""

    def block(column: int, row: int) -> tuple[int, int, int]:
        if column == number % _COLUMNS:
            return 210, 128, 128
        return 60 + 10 * row, 40 + shade * 7 % 160, 200 - shade * 11 % 160

    return block


class _Packets:
    """Cuts what is sent into packets, and counts them for each of their kinds.

    Args:
        tables: How many packets of each table came before.
        frames: How many packets of frames came before.
    """

    def __init__(self, tables: int, frames: int) -> None:
        self._counts = {_TABLES: tables, _PROGRAM: tables, _VIDEO: frames}

    def table(self, kind: int, section: bytes) -> bytes:
        """One packet with a table."""
        section += _checksum(section).to_bytes(4, "big")
        return (self._header(kind, True, 0b01) + b"\x00" + section).ljust(_PACKET, b"\xff")

    def frame(self, units: bytes, ticks: int, *, starts: bool) -> Iterator[bytes]:
        """The packets of a frame that is shown at a moment."""
        shown = ticks % (1 << 33)
        stamp = (
            (0x21 | shown >> 29 & 0x0E).to_bytes(1, "big")
            + (shown >> 14 & 0xFFFE | 1).to_bytes(2, "big")
            + (shown << 1 & 0xFFFE | 1).to_bytes(2, "big")
        )
        rest = b"\x00\x00\x01\xe0\x00\x00\x80\x80\x05" + stamp + units
        clock = (ticks - _LEAD) % (1 << 33)
        # Base of 33 bits, six bits that are kept free, nine bits of a finer clock.
        field = bytes([0x50 if starts else 0x10]) + (clock << 15 | 0x7E00).to_bytes(6, "big")
        first = True
        while rest:
            room = _CONTENT - (len(field) + 1 if first else 0)
            payload, rest = rest[:room], rest[room:]
            before = _adaptation(field if first else b"", _CONTENT - len(payload))
            yield self._header(_VIDEO, first, 0b11 if before else 0b01) + before + payload
            first = False

    def _header(self, kind: int, starts: bool, flags: int) -> bytes:
        count = self._counts[kind]
        self._counts[kind] = count + 1
        word = 0x4000 * starts | kind
        return b"\x47" + word.to_bytes(2, "big") + bytes([flags << 4 | count % 16])


def _adaptation(field: bytes, size: int) -> bytes:
    """A field before the content, stuffed to so many bytes in all."""
    if size == 0:
        return b""
    content = field or b"\x00"[: size - 1]
    return bytes([size - 1]) + content.ljust(size - 1, b"\xff")


def _association() -> bytes:
    """Program 1 is described under its own number."""
    return b"\x00\xb0\x0d\x00\x01\xc1\x00\x00\x00\x01" + (0xE000 | _PROGRAM).to_bytes(2, "big")


def _program() -> bytes:
    """The program has one stream, which carries the clock too."""
    video = (0xE000 | _VIDEO).to_bytes(2, "big")
    return (
        b"\x02\xb0\x12\x00\x01\xc1\x00\x00"
        + video
        + b"\xf0\x00"
        + bytes([_H264])
        + video
        + b"\xf0\x00"
    )


def _checksum(content: bytes) -> int:
    """The CRC-32 of MPEG: its bits go the other way round than zlib's."""
    value = 0xFFFFFFFF
    for byte in content:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value
