"""The value of what is not there: absent is not null."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal

__all__ = ["UNSET", "Unset"]


class Unset(Enum):
    """Type of :data:`UNSET`, its only member. It is falsy."""

    # An enumeration, because type checkers narrow `is UNSET` only for the members of one.
    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    __str__ = __repr__


UNSET: Final = Unset.UNSET
"""Absent: a field the reply did not hold, or an argument that is not to be sent."""
