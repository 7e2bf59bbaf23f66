"""Times as amnimo writes them: UTC, milliseconds and a Z."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from ..calls import Refusal

if TYPE_CHECKING:
    from ..calls import Call

__all__ = ["moment", "read_moment", "read_range"]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253_402_300_799.0  # the end of the year 9999


@lru_cache(maxsize=4096)
def moment(seconds: float) -> str:
    """A moment, given in POSIX seconds, such as ``2025-02-14T15:00:00.000Z``."""
    found = _EPOCH + timedelta(milliseconds=math.floor(seconds * 1000))
    return found.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def read_moment(text: str, name: str) -> float:
    """POSIX seconds of a time with a time zone; 1970 for what was before. Raises Refusal, which names the field."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refusal(400, f"{name} is no time such as 2025-02-02T15:00:00.000Z")
    # Beyond these two no text of ours could show it.
    return max(0.0, min((found - _EPOCH).total_seconds(), _LAST))


def read_range(call: Call) -> tuple[float | None, float | None]:
    """``startTime`` and ``endTime``, None where one was left out. Raises Refusal where they are the wrong way round."""
    names = ("startTime", "endTime")
    start, end = (read_moment(call.get(n), n) if call.get(n) else None for n in names)
    if start is not None and end is not None and end < start:
        # What the cloud does with such a range is not public.
        raise Refusal(400, "endTime is before startTime")
    return start, end
