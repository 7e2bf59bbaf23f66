"""The reply as it came, beside its typed content."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, ParamSpec, TypeVar, cast

from ._http import Response
from ._pages import AsyncPager, Page, Pager

__all__ = ["RawResponse", "raw", "raw_async", "raw_page", "raw_page_async"]

P = ParamSpec("P")
T = TypeVar("T")


class RawResponse(Generic[T]):
    """A success reply with its status, headers and bytes.

    Attributes:
        parsed: What the method returns without ``with_raw_response``; for a list, its first page.
    """

    __slots__ = ("_response", "parsed")

    def __init__(self, response: Response, parsed: T) -> None:
        self._response = response
        self.parsed = parsed

    @property
    def status_code(self) -> int:
        """HTTP status."""
        return self._response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """Case-insensitive headers."""
        return self._response.headers

    @property
    def request_id(self) -> str | None:
        """The vendor's id of the request, where a header has one."""
        return self._response.request_id

    @property
    def content(self) -> bytes:
        """The body, decompressed."""
        return self._response.content

    def __repr__(self) -> str:
        return f"<RawResponse {self.status_code}, {len(self.content)} bytes>"


# The four below only tell type checkers what a facade over a raw caller returns; at run time they change nothing.


def raw(method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
    """A sync method that gives the raw reply."""
    return cast("Callable[P, RawResponse[T]]", method)


def raw_async(method: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[RawResponse[T]]]:
    """An async method that gives the raw reply."""
    return cast("Callable[P, Awaitable[RawResponse[T]]]", method)


def raw_page(method: Callable[P, Pager[T]]) -> Callable[P, RawResponse[Page[T]]]:
    """A sync list that gives the raw reply of its first page."""
    return cast("Callable[P, RawResponse[Page[T]]]", method)


def raw_page_async(
    method: Callable[P, AsyncPager[T]],
) -> Callable[P, Awaitable[RawResponse[Page[T]]]]:
    """An async list that gives the raw reply of its first page."""
    return cast("Callable[P, Awaitable[RawResponse[Page[T]]]]", method)
