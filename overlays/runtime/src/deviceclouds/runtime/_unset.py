"""The value of what is not there: absent is not null."""

from __future__ import annotations

from typing import Final, Literal, final

__all__ = ["UNSET", "Unset"]


@final
class Unset:
    """Type of :data:`UNSET`. There is one instance and it is falsy."""

    __slots__ = ()

    _instance: Unset | None = None

    def __new__(cls) -> Unset:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        # Pickle by name, so that identity survives a round trip.
        return "UNSET"


UNSET: Final = Unset()
"""Absent: a field the reply did not hold, or an argument that is not to be sent."""
