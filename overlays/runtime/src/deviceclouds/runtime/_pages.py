"""Lists that come in pages: a pager knows its operation and arguments, and gets pages when asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._flow import undecodable
from ._http import Response
from ._operation import PagedOperation, Pagination

if TYPE_CHECKING:
    pass

__all__ = ["AsyncPager", "Page", "Pager", "read_page"]

T = TypeVar("T")


class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: The items of this page.
        next_cursor: What the cloud gives to ask for the next page; None at the end of the list, and where pages are
            counted rather than linked.
        total: How many items the whole list has, where the reply says so.
        raw: The reply: status, headers, bytes.
    """

    __slots__ = ("items", "next_cursor", "raw", "total")

    def __init__(
        self, items: Sequence[T], next_cursor: str | None, total: int | None, raw: Response
    ) -> None:
        self.items = items
        self.next_cursor = next_cursor
        self.total = total
        self.raw = raw

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"<Page of {len(self.items)} items{', more follow' if self.next_cursor else ''}>"


class Pager(Generic[T]):
    """A list of a sync client. Making one sends nothing.

    Iterating over all pages comes with the next release; :meth:`first_page` gives one page.
    """

    __slots__ = ("_fetch",)

    def __init__(self, fetch: Callable[[], Page[T]]) -> None:
        self._fetch = fetch

    def first_page(self) -> Page[T]:
        """Gets the first page, from the cursor or position given to the call. Raises like any call."""
        return self._fetch()


class AsyncPager(Generic[T]):
    """A list of an async client; see :class:`Pager`."""

    __slots__ = ("_fetch",)

    def __init__(self, fetch: Callable[[], Awaitable[Page[T]]]) -> None:
        self._fetch = fetch

    async def first_page(self) -> Page[T]:
        """Gets the first page, from the cursor or position given to the call. Raises like any call."""
        return await self._fetch()


def read_page(operation: PagedOperation[T], response: Response) -> Page[T]:
    """The page in a reply. Raises DecodeError where there is no list in it."""
    from ._envelope import open_envelope

    pagination = operation.pagination
    assert pagination is not None  # the generator writes none without
    try:
        items, found = open_envelope(operation, pagination, response.content)
        cursor = _next_cursor(operation, pagination, found)
    except (ValueError, TypeError) as error:
        raise undecodable(operation, response, error) from error
    total = found.get("total")
    return Page(
        items,
        cursor,
        total if isinstance(total, int) and not isinstance(total, bool) else None,
        response,
    )


def _next_cursor(
    operation: PagedOperation[Any], pagination: Pagination, found: Mapping[str, Any]
) -> str | None:
    value = found.get("next")
    if value is None or value == "":
        return None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise TypeError(f"the cursor of the next page is no text but {type(value).__name__}")
    if pagination.style == "link":
        from urllib.parse import parse_qs, urlsplit

        # Only the token is taken: a reply must not be able to send us to another host.
        wire = {p.name: p.wire for p in operation.parameters}
        name = wire.get(pagination.parameter, pagination.parameter)
        values = parse_qs(urlsplit(str(value)).query).get(name)
        return values[0] if values else None
    return str(value)
