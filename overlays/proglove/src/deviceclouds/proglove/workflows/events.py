"""Events of a long time, window by window; also where the cloud gives one page only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from deviceclouds.runtime._errors import InvalidRequestError, PaginationError

if TYPE_CHECKING:
    from deviceclouds._generated.proglove.models import Event

__all__ = ["EventWindows"]

PAGE = 500
"""Events of one page at most, as documented."""


class EventWindows:
    """Which window to ask for next, and which of its events are new. Sends nothing.

    Windows share their edges, because no source says whether an edge belongs to a window; events that the window before
    had are left out. With ``gateway_id`` the cloud gives one page and no more: a full one is taken for a part, and its
    window is asked for in halves.

    Args:
        start: First moment, with a time zone.
        end: Last moment, with a time zone.
        window: Length of a window.
        gateway_id: Only events of this gateway; None for all.

    Raises:
        InvalidRequestError: A moment has no time zone, the end is before the start, or the window is no length.
    """

    def __init__(
        self, start: datetime, end: datetime, window: timedelta, gateway_id: str | None
    ) -> None:
        step = int(window / timedelta(milliseconds=1))
        first, last = _millis(start, "start"), _millis(end, "end")
        if last < first:
            _refuse("end is before start")
        if step < 1:
            _refuse("window must be a millisecond or longer")
        self._gateway_id = gateway_id
        self._pending = _cut(first, last, step)
        self._halves: list[tuple[int, int]] = []
        self._current: tuple[int, int] | None = None
        self._before: set[str] = set()
        self._seen: set[str] = set()
        self._full = False

    def arguments(self) -> dict[str, Any] | None:
        """Arguments of ``events.list_events`` for the next window; None when all have been seen."""
        self._finish()
        self._current = self._halves.pop() if self._halves else next(self._pending, None)
        if self._current is None:
            return None
        first, last = self._current
        found: dict[str, Any] = {
            "start_time_millis": first,
            "end_time_millis": last,
            "limit": PAGE,
        }
        if self._gateway_id is not None:
            found["gateway_id"] = self._gateway_id
        return found

    def accept(self, events: Sequence[Event]) -> Iterator[Event]:
        """The events of a page that are new. Raises PaginationError where one millisecond fills a page."""
        if self._gateway_id is not None and len(events) >= PAGE:
            assert self._current is not None  # there is a page only after arguments()
            first, last = self._current
            if last - first < 2:  # cannot be halved
                raise PaginationError(
                    f"one millisecond holds {PAGE} events or more, and the cloud gives one page of a gateway only;"
                    " leave gateway_id out, and filter",
                    vendor="proglove",
                    operation="events.list_events",
                )
            self._full = True
            return
        for event in events:
            known = isinstance(event.id, str)
            if known and event.id in self._before:
                continue
            if known:
                self._seen.add(str(event.id))
            yield event

    def _finish(self) -> None:
        if self._current is None:
            return
        if self._full:
            first, last = self._current
            middle = (first + last) // 2
            self._halves += [(middle, last), (first, middle)]
            self._full = False
        else:
            self._before, self._seen = self._seen, set()


def _cut(first: int, last: int, step: int) -> Iterator[tuple[int, int]]:
    if first == last:
        yield first, last
    while first < last:
        yield first, min(first + step, last)
        first += step


def _millis(moment: datetime, name: str) -> int:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        _refuse(f"{name} must be a datetime with a time zone")
    return int((moment - datetime.fromtimestamp(0, UTC)) / timedelta(milliseconds=1))


def _refuse(message: str) -> NoReturn:
    raise InvalidRequestError(message, vendor="proglove", operation="iterate_events")
