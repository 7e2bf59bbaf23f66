"""The warning of a call whose method or path is a guess, shown where the user wrote the call."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from ._config import ClientConfig
from ._errors import UnverifiedOperationWarning
from ._operation import Operation
from ._request import route_of

__all__ = ["callers_level", "warn_guessed_paging", "warn_unverified"]

_OURS = "deviceclouds."


def warn_unverified(operation: Operation[Any], config: ClientConfig) -> None:
    """Emits an UnverifiedOperationWarning that says how to override the guess."""
    method, path = route_of(operation, config)
    warnings.warn(
        f"{operation.vendor}.{operation.name}: '{method} {path}' is a guess. {operation.evidence.note}"
        f" If you know better, pass paths={{{operation.name!r}: 'METHOD /path'}} to the client.",
        UnverifiedOperationWarning,
        stacklevel=callers_level(),
    )


def warn_guessed_paging(operation: Operation[Any]) -> None:
    """Emits an UnverifiedOperationWarning where only the way to further pages is a guess."""
    pagination = operation.pagination
    assert pagination is not None  # only lists have further pages
    warnings.warn(
        f"{operation.vendor}.{operation.name}: further pages are asked for with"
        f" {pagination.parameter!r}, which is a guess; a cloud that ignores it raises PaginationError.",
        UnverifiedOperationWarning,
        stacklevel=callers_level(),
    )


def callers_level() -> int:
    """``stacklevel`` of the first frame that is not ours, seen from the caller of this function."""
    level = 1
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(_OURS):
        frame = frame.f_back
        level += 1
    return level
