"""Numbers, ids and records made from a seed and a position: the same each time, in whatever order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, overload

__all__ = ["Computed", "draw", "stream", "uuid_at"]

_MASK = (1 << 64) - 1


def stream(seed: int, name: str) -> int:
    """Where the numbers of one kind begin: 64 bits, different for each seed and name."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:8], "big")


def draw(start: int, position: int) -> int:
    """The number at a position of a stream, 64 bits that look random (the SplitMix64 generator)."""
    mixed = (start + (position + 1) * 0x9E3779B97F4A7C15) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)


def uuid_at(start: int, position: int) -> str:
    """The UUID at a position of a stream, of version 4."""
    high, low = draw(start, 2 * position), draw(start, 2 * position + 1)
    text = f"{high:016x}{low:016x}"
    variant = "89ab"[low >> 62]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


class Computed(Sequence[dict[str, Any]]):
    """A list whose items are made when they are asked for.

    Args:
        count: How many there are.
        make: Makes the item of a number.
    """

    def __init__(self, count: int, make: Callable[[int], dict[str, Any]]) -> None:
        self._numbers = range(count)
        self._make = make

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(index, slice):
            return [self._make(number) for number in self._numbers[index]]
        return self._make(self._numbers[index])
