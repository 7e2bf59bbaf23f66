"""Walking a list page by page: what to ask for next, and when to stop. Sends nothing, so sync and async share it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from ._errors import InvalidRequestError, PaginationError
from ._operation import PagedOperation, Pagination
from ._unset import UNSET

if TYPE_CHECKING:
    from ._pages import Page

__all__ = ["Walk"]


class Walk:
    """A position in a list.

    It ends by the vendor's own signal: no cursor, the last page, the total reached, an empty page. A short page ends
    it only where the specification says that the vendor fills its pages.

    Args:
        operation: The list.
        arguments: What the user asked for; also where to begin, if they said so.
        resume_from: A ``Page.resume_cursor`` of an earlier walk.

    Raises:
        InvalidRequestError: ``resume_from`` is no cursor of this list.
    """

    def __init__(
        self,
        operation: PagedOperation[Any],
        arguments: Mapping[str, Any],
        resume_from: str | None = None,
    ) -> None:
        pagination = operation.pagination
        assert pagination is not None  # the generator writes none without
        self.done = False
        self._operation = operation
        self._rules: Pagination = pagination
        self._base = arguments
        self._position: Any = UNSET
        self._count = 0
        self._asked: set[Any] = set()
        self._previous: bytes | None = None
        self._trouble: str | None = None
        self._request_id: str | None = None
        if resume_from is not None:
            self._resume(resume_from)

    @property
    def moved(self) -> bool:
        """Whether the next request is for another page than the call itself asks for."""
        return self._position is not UNSET

    @property
    def stuck(self) -> bool:
        """Whether going on would never end; :meth:`arguments` says why."""
        return self._trouble is not None

    def arguments(self) -> Mapping[str, Any]:
        """Arguments of the next request. Raises PaginationError where going on would never end."""
        if self._trouble is not None:
            self._fail(self._trouble)
        if not self.moved:
            return self._base
        return self._with_position()

    def accept(self, page: Page[Any]) -> None:
        """Takes a page that arrived, and moves on. Raises PaginationError for a page that came before."""
        self._count += len(page.items)
        if self._rules.style in ("cursor", "link"):
            self._follow(page)
        else:
            self._advance(page)
        given = (self._base.get(name, UNSET) for name in self._rules.excluded_by)
        if any(value is not UNSET for value in given):
            # The vendor switches paging off when such a parameter is given.
            self.done = True
        page.resume_cursor = None if self.done else self._cursor()

    def _follow(self, page: Page[Any]) -> None:
        cursor = page.next_cursor
        if cursor is None:
            self.done = True
        elif cursor in self._asked:
            self._trouble = f"the cloud gave the cursor {cursor[:40]!r} for the second time; the list would never end"
            self._request_id = page.raw.request_id
        else:
            self._asked.add(cursor)
            self._position = cursor

    def _advance(self, page: Page[Any]) -> None:
        if page.items and page.raw.content == self._previous:
            self._request_id = page.raw.request_id
            self._fail(
                f"the cloud sent the same page again; it seems to ignore {self._rules.parameter}"
            )
        self._previous = page.raw.content
        current = self._current()
        self.done = not page.items or self._ended(page, current)
        self._position = current + (len(page.items) if self._rules.style == "offset" else 1)

    def _current(self) -> int:
        """The offset or page number of the page that just arrived."""
        given = self._position if self.moved else self._argument(self._rules.parameter)
        if isinstance(given, int):
            return given
        return self._rules.first_page if self._rules.style == "page" else 0

    def _ended(self, page: Page[Any], current: int) -> bool:
        signals = page.signals
        if isinstance(signals.get("last"), bool):
            return bool(signals["last"])
        if isinstance(signals.get("last_page"), int):
            return bool(current >= signals["last_page"])
        if page.total is not None:
            reached = current + len(page.items) if self._rules.style == "offset" else self._count
            return reached >= page.total
        size = self._rules.size_parameter and self._argument(self._rules.size_parameter)
        return self._rules.short_page_ends and isinstance(size, int) and len(page.items) < size

    def _argument(self, name: str) -> Any:
        """An argument of the call, which may stand in a body that was given whole."""
        value = self._base.get(name, UNSET)
        if value is UNSET and self._rules.location == "body":
            value = getattr(self._base.get("body"), name, UNSET)
        return value

    def _with_position(self) -> Mapping[str, Any]:
        name = self._rules.parameter
        body = self._base.get("body", UNSET)
        if self._rules.location == "body" and body is not UNSET:
            import attrs

            return {**self._base, "body": attrs.evolve(body, **{name: self._position})}
        return {**self._base, name: self._position}

    def _cursor(self) -> str:
        state = {"list": self._name, "at": self._position, "count": self._count}
        return json.dumps(state, separators=(",", ":"))

    def _resume(self, text: str) -> None:
        try:
            state = json.loads(text)
            name, position, count = state["list"], state["at"], state["count"]
        except (ValueError, TypeError, KeyError):
            self._refuse("resume_from is no cursor; give the resume_cursor of a page")
        counted = self._rules.style in ("offset", "page")
        fits = isinstance(position, int if counted else str) and isinstance(count, int)
        if name != self._name or not fits or isinstance(position, bool):
            self._refuse(f"resume_from is a cursor of another list, {name}")
        self._position = position
        self._count = count
        self._asked.add(position)

    @property
    def _name(self) -> str:
        return f"{self._operation.vendor}.{self._operation.name}"

    def _refuse(self, message: str) -> NoReturn:
        raise InvalidRequestError(
            message, vendor=self._operation.vendor, operation=self._operation.name
        )

    def _fail(self, message: str) -> NoReturn:
        error = PaginationError(
            message, vendor=self._operation.vendor, operation=self._operation.name
        )
        error.request_id = self._request_id
        raise error
