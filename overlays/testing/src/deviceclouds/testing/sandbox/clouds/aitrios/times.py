"""The Console's ways to write a time, and to read one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ...calls import Refusal

__all__ = ["compact", "read_range", "stamp"]

_FORMATS = ("%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S", "%Y%m%dT%H%M%S.%f", "%Y%m%dT%H%M%S")
_OFFSET = re.compile(r"(Z|\+00:?00)$", re.IGNORECASE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stamp(seconds: float) -> str:
    """POSIX seconds as ``yyyy-MM-ddTHH:mm:ss.SSSSSS+00:00``."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat(timespec="microseconds")


def compact(milliseconds: int) -> str:
    """POSIX milliseconds as ``yyyyMMddHHmmssSSS``."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}"


def read_range(
    given: tuple[str | None, str | None], refusals: tuple[Refusal, Refusal]
) -> tuple[float | None, float | None]:
    """Start and end of a period, as POSIX seconds; None where one is left out.

    Args:
        given: Both as sent, with or without separators.
        refusals: Raised for a start and for an end that is no time.
    """
    start, end = (
        _seconds(text, refusal) if text else None
        for text, refusal in zip(given, refusals, strict=True)
    )
    return start, end


def _seconds(text: str, refusal: Refusal) -> float:
    # An offset is not documented, but what clients send for UTC.
    plain = _OFFSET.sub("", text)
    for form in _FORMATS:
        try:
            return (datetime.strptime(plain, form).replace(tzinfo=UTC) - _EPOCH).total_seconds()
        except ValueError:
            continue
    raise refusal
