"""Tables of a FlatBuffers buffer, read through the flatbuffers library and never outside the buffer.

The library's Python part checks nothing: it reads wherever a damaged buffer sends it. So every place is checked here
first.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from deviceclouds.runtime import ConfigurationError

__all__ = ["Buffer", "DamagedError", "MisfitError", "Table"]

# Our tables have five slots at most. Further ones count only as neighbours; the limit bounds the work for each item.
MAX_SLOTS = 32


class DamagedError(Exception):
    """This cannot be a sound buffer: something in it leads outside, or contradicts itself."""


class MisfitError(Exception):
    """Nothing leads outside, but this is not what our tables have in this place."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where fields lie in a table: one vtable.

    Attributes:
        at: Its place in the buffer.
        size: Bytes of a table of this layout.
        slots: For each slot, the field's distance from the table's start and the room up to its neighbour, in bytes.
            The distance is 0 where the field is missing.
    """

    at: int
    size: int
    slots: tuple[tuple[int, int], ...]

    @property
    def used(self) -> tuple[bool, ...]:
        return tuple(offset != 0 for offset, _ in self.slots)


class Buffer:
    """A FlatBuffers buffer whose every read is checked.

    Raises:
        ConfigurationError: The flatbuffers library is not installed.
    """

    __slots__ = ("_get", "_layouts", "_types", "data")

    def __init__(self, data: bytes) -> None:
        # The library has no type information: Any ends at the methods of this class.
        self._types, table = _library()
        self._get: Any = table(data, 0).Get
        self._layouts: dict[int, Layout] = {}
        self.data = data

    def root(self) -> Table:
        """The table everything starts with. If there is none, this is no FlatBuffers buffer."""
        start = self.uint32(0)
        try:
            return self.table(start)
        except MisfitError as misfit:
            raise DamagedError(f"it does not start with a table: {misfit}") from None

    def table(self, at: int) -> Table:
        """The table at a place.

        Raises:
            DamagedError: It does not lie within the buffer.
            MisfitError: No table lies there. A text or a vector does, or something else.
        """
        if at % 4:
            raise MisfitError(f"a table at byte {at}, which is no multiple of 4")
        try:
            layout = self._layout(at - self.int32(at))
        except DamagedError:
            if self._holds_vector(at):
                raise MisfitError(f"a text or a vector at byte {at} instead of a table") from None
            raise
        self._require(at, layout.size)
        return Table(self, at, layout)

    def vector(self, at: int, width: int) -> tuple[int, int]:
        """Where the elements of a vector start, and how many there are; all lie within the buffer.

        Args:
            at: Its place in the buffer.
            width: Bytes of an element.
        """
        count = self.uint32(at)
        self._require(at + 4, count * width)
        return at + 4, count

    def follow(self, at: int) -> int:
        """Where the reference at a place leads: always forward, perhaps too far."""
        distance = self.uint32(at)
        # Tables, vectors and texts start with a word; no reference leads to itself.
        if distance == 0 or (at + distance) % 4:
            raise MisfitError(f"no reference at byte {at}")
        return at + distance

    def holds_table(self, at: int, *ancestors: Table) -> bool:
        """Whether a table with fields lies at a place, with a layout none of these tables has.

        The length of a vector, read as the way to a layout, can lead to that of a table before it.
        """
        try:
            layout = self.table(at).layout
        except (DamagedError, MisfitError):
            return False
        return any(layout.used) and layout.at not in {table.layout.at for table in ancestors}

    def holds_text(self, at: int) -> bool:
        """Whether a text of some length lies at a place: it ends with a zero and has none before."""
        end = at + 4 + self.uint32(at)
        return end >= at + 8 and self.data.find(0, at + 4) == end

    def uint8(self, at: int) -> int:
        return int(self._read(self._types.Uint8Flags, at))

    def uint16(self, at: int) -> int:
        return int(self._read(self._types.Uint16Flags, at))

    def uint32(self, at: int) -> int:
        return int(self._read(self._types.Uint32Flags, at))

    def int32(self, at: int) -> int:
        return int(self._read(self._types.Int32Flags, at))

    def float32(self, at: int) -> float:
        return float(self._read(self._types.Float32Flags, at))

    def _read(self, flags: Any, at: int) -> Any:
        self._require(at, flags.bytewidth)
        return self._get(flags, at)

    def _require(self, at: int, size: int) -> None:
        if at < 0 or at + size > len(self.data):
            raise DamagedError(
                f"{size} bytes at byte {at} lie outside of its {len(self.data)} bytes"
            )

    def _holds_vector(self, at: int) -> bool:
        return self.uint32(at) <= len(self.data) - at - 4

    def _layout(self, at: int) -> Layout:
        known = self._layouts.get(at)
        if known is not None:
            return known
        own, size = self.uint16(at), self.uint16(at + 2)
        if at % 2 or own % 2 or own < 4 or size < 4:
            raise MisfitError(f"no layout of a table at byte {at}")
        self._require(at, own)
        count = min((own - 4) // 2, MAX_SLOTS)
        offsets = [self.uint16(at + 4 + 2 * slot) for slot in range(count)]
        fields = sorted(offset for offset in offsets if offset)
        ends = dict(zip(fields, [*fields, size][1:], strict=True))
        if len(ends) != len(fields) or any(not 4 <= offset < size for offset in fields):
            raise MisfitError(
                f"fields of a table overlap or lie outside of it, by the layout at byte {at}"
            )
        slots = tuple((offset, ends[offset] - offset if offset else 0) for offset in offsets)
        layout = self._layouts[at] = Layout(at, size, slots)
        return layout


@dataclass(frozen=True, slots=True)
class Table:
    """A table that lies within its buffer. A missing number is 0, as FlatBuffers has it."""

    buffer: Buffer
    at: int
    layout: Layout

    def field(self, slot: int, width: int) -> int | None:
        """Where a field lies; None where it is missing.

        Args:
            slot: Its number.
            width: Its size in bytes.

        Raises:
            MisfitError: A field of this size cannot lie there.
        """
        offset, room = self.layout.slots[slot] if slot < len(self.layout.slots) else (0, 0)
        if not offset:
            return None
        if room < width or (self.at + offset) % width:
            raise MisfitError(f"slot {slot} of the table at byte {self.at} holds no {width} bytes")
        return self.at + offset

    def reference(self, slot: int) -> int | None:
        """Where the reference in a slot leads; None where it is missing."""
        at = self.field(slot, 4)
        return None if at is None else self.buffer.follow(at)

    def uint8(self, slot: int) -> int:
        at = self.field(slot, 1)
        return 0 if at is None else self.buffer.uint8(at)

    def uint16(self, slot: int) -> int:
        at = self.field(slot, 2)
        return 0 if at is None else self.buffer.uint16(at)

    def uint32(self, slot: int) -> int:
        at = self.field(slot, 4)
        return 0 if at is None else self.buffer.uint32(at)

    def int32(self, slot: int) -> int:
        at = self.field(slot, 4)
        return 0 if at is None else self.buffer.int32(at)

    def float32(self, slot: int) -> float:
        at = self.field(slot, 4)
        return 0.0 if at is None else self.buffer.float32(at)


def _library() -> tuple[Any, Any]:
    """The modules of the flatbuffers library that are needed: its number types, and its class of tables."""
    try:
        return import_module("flatbuffers.number_types"), import_module("flatbuffers.table").Table
    except ModuleNotFoundError as missing:
        raise ConfigurationError(
            "decoding inference results needs the library flatbuffers; install the extra [inference] of"
            " deviceclouds-aitrios, or pass kind=None to get the bytes",
            vendor="aitrios",
            operation="inference.decode",
        ) from missing
