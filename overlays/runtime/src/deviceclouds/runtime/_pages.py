"""Lists that come in pages: a pager knows its operation and arguments, and gets pages when asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._errors import InvalidRequestError
from ._flow import undecodable
from ._http import Response
from ._operation import PagedOperation, Pagination

if TYPE_CHECKING:
    from ._walk import Walk

__all__ = ["AsyncPager", "Page", "Pager", "read_page"]

T = TypeVar("T")


class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: The items of this page.
        next_cursor: What the cloud gives to ask for the next page; None at the end of the list, and where pages are
            counted rather than linked.
        resume_cursor: Text that lets a later walk go on after this page, in another process if need be; None after
            the last page, and for a page that was not reached by walking.
        total: How many items the whole list has, where the reply says so.
        raw: The reply: status, headers, bytes.
        signals: What the reply says of the end of the list, by the names of ``x-pagination``.
    """

    __slots__ = ("items", "next_cursor", "raw", "resume_cursor", "signals", "total")

    def __init__(
        self,
        items: Sequence[T],
        next_cursor: str | None,
        total: int | None,
        raw: Response,
        signals: Mapping[str, Any] | None = None,
    ) -> None:
        self.items = items
        self.next_cursor = next_cursor
        self.resume_cursor: str | None = None
        self.total = total
        self.raw = raw
        self.signals = signals or {}

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"<Page of {len(self.items)} items{', more follow' if self.next_cursor else ''}>"


class _Pager:
    """What a pager knows before anything is sent."""

    __slots__ = ("_arguments", "_fetch", "_operation")

    def __init__(
        self,
        operation: PagedOperation[Any],
        arguments: Mapping[str, Any],
        fetch: Callable[[Mapping[str, Any]], Any],
    ) -> None:
        self._operation = operation
        self._arguments = arguments
        self._fetch = fetch

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._operation.vendor}.{self._operation.name}>"

    def _check(self, limit_total: int | None) -> None:
        if limit_total is not None and limit_total < 0:
            raise InvalidRequestError(
                f"limit_total must be 0 or more, not {limit_total}",
                vendor=self._operation.vendor,
                operation=self._operation.name,
            )

    def _walk(self, resume_from: str | None) -> Walk:
        from ._walk import Walk

        return Walk(self._operation, self._arguments, resume_from)


class Pager(_Pager, Generic[T]):
    """A list of a sync client. Making one sends nothing; iterating over it gets page after page."""

    __slots__ = ()

    def first_page(self) -> Page[T]:
        """Gets the first page, from the cursor or position given to the call. Raises like any call."""
        page: Page[T] = self._fetch(self._arguments)
        return page

    def pages(self, *, resume_from: str | None = None, prefetch: bool = False) -> Iterator[Page[T]]:
        """Walks through the pages.

        Args:
            resume_from: ``resume_cursor`` of a page; goes on after it.
            prefetch: Get the next page, in a thread, while this one is worked on.

        Raises:
            PaginationError: The cloud repeats a cursor or a page.
            InvalidRequestError: ``resume_from`` belongs to another list.
        """
        walk = self._walk(resume_from)
        return self._pages_ahead(walk) if prefetch else self._pages(walk)

    def items(
        self,
        *,
        limit_total: int | None = None,
        resume_from: str | None = None,
        prefetch: bool = False,
    ) -> Iterator[T]:
        """Walks through the items of all pages; arguments as of :meth:`pages`.

        Args:
            limit_total: Stop after so many items, without asking for pages beyond.
        """
        self._check(limit_total)
        pages = self.pages(resume_from=resume_from, prefetch=prefetch)
        everything = chain.from_iterable(page.items for page in pages)
        return everything if limit_total is None else islice(everything, limit_total)

    def __iter__(self) -> Iterator[T]:
        return self.items()

    def _pages(self, walk: Walk) -> Iterator[Page[T]]:
        while not walk.done:
            page: Page[T] = self._fetch(walk.arguments())
            walk.accept(page)
            yield page

    def _pages_ahead(self, walk: Walk) -> Iterator[Page[T]]:
        from concurrent.futures import ThreadPoolExecutor
        from contextvars import copy_context

        # The thread sees the context of whoever walks: the current span, for one.
        pool = ThreadPoolExecutor(1, thread_name_prefix="deviceclouds-prefetch")
        try:
            coming = pool.submit(copy_context().run, self._fetch, walk.arguments())
            while True:
                page: Page[T] = coming.result()
                walk.accept(page)
                if not walk.done and not walk.stuck:
                    coming = pool.submit(copy_context().run, self._fetch, walk.arguments())
                yield page
                if walk.done:
                    return
                walk.arguments()  # raises where going on would never end
        finally:
            # Whoever stops early does not wait for a page nobody wants.
            pool.shutdown(wait=False, cancel_futures=True)


class AsyncPager(_Pager, Generic[T]):
    """A list of an async client; see :class:`Pager`."""

    __slots__ = ()

    async def first_page(self) -> Page[T]:
        """Gets the first page, from the cursor or position given to the call. Raises like any call."""
        page: Page[T] = await self._fetch(self._arguments)
        return page

    def pages(
        self, *, resume_from: str | None = None, prefetch: bool = False
    ) -> AsyncIterator[Page[T]]:
        """Walks through the pages; arguments and errors as of :meth:`Pager.pages`, with a task for a thread."""
        walk = self._walk(resume_from)
        return self._pages_ahead(walk) if prefetch else self._pages(walk)

    def items(
        self,
        *,
        limit_total: int | None = None,
        resume_from: str | None = None,
        prefetch: bool = False,
    ) -> AsyncIterator[T]:
        """Walks through the items of all pages; see :meth:`Pager.items`."""
        self._check(limit_total)
        return self._items(limit_total, resume_from, prefetch)

    async def _items(
        self, left: int | None, resume_from: str | None, prefetch: bool
    ) -> AsyncIterator[T]:
        pages = self.pages(resume_from=resume_from, prefetch=prefetch)
        try:
            if left == 0:
                return
            async for page in pages:
                for item in page.items:
                    yield item
                    left = None if left is None else left - 1
                    if left == 0:
                        return
        finally:
            await pages.aclose()  # type: ignore[attr-defined]  # both are generators

    def __aiter__(self) -> AsyncIterator[T]:
        return self.items()

    async def _pages(self, walk: Walk) -> AsyncIterator[Page[T]]:
        while not walk.done:
            page: Page[T] = await self._fetch(walk.arguments())
            walk.accept(page)
            yield page

    async def _pages_ahead(self, walk: Walk) -> AsyncIterator[Page[T]]:
        import asyncio

        coming = asyncio.ensure_future(self._fetch(walk.arguments()))
        try:
            while True:
                page: Page[T] = await coming
                walk.accept(page)
                if not walk.done and not walk.stuck:
                    coming = asyncio.ensure_future(self._fetch(walk.arguments()))
                yield page
                if walk.done:
                    return
                walk.arguments()  # raises where going on would never end
        finally:
            coming.cancel()


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
        found,
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
