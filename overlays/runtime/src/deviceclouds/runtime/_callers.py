"""What generated facades call: a sync and an async driver of the same flow, and their raw forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._clock import Clock
from ._core import CallOptions, Core
from ._effects import run_async, run_sync
from ._flow import CallPlan, decode_reply, send_flow
from ._http import AsyncHttp, Response, SyncHttp
from ._operation import Operation, PagedOperation

if TYPE_CHECKING:
    from ._pages import AsyncPager, Page, Pager

__all__ = ["AsyncCaller", "RawAsyncCaller", "RawSyncCaller", "SyncCaller", "plan_further"]

T = TypeVar("T")
H = TypeVar("H", bound=SyncHttp | AsyncHttp)


def plan_further(
    core: Core,
    operation: Operation[Any],
    arguments: Mapping[str, Any],
    options: CallOptions,
    clock: Clock,
    *,
    further: bool,
) -> CallPlan:
    """The plan for a page of a list; warns, for further pages, where the way to them is a guess."""
    if further:
        core.warn_of_paging(operation)
    return core.plan(operation, arguments, options, clock)


class _Caller(Generic[H]):
    """Shared by the callers: checks and prepares a call, with what it is sent by."""

    def __init__(self, core: Core, http: H) -> None:
        self._core = core
        self._http = http

    def _plan(
        self, operation: Operation[Any], arguments: Mapping[str, Any], options: CallOptions
    ) -> CallPlan:
        return self._core.plan(operation, arguments, options, self._http.clock)

    def _plan_further(
        self, operation: Operation[Any], wanted: Mapping[str, Any], options: CallOptions
    ) -> CallPlan:
        return plan_further(self._core, operation, wanted, options, self._http.clock, further=True)


class SyncCaller(_Caller[SyncHttp]):
    """What the facades of a sync client call."""

    def send(
        self, operation: Operation[Any], arguments: Mapping[str, Any], options: CallOptions
    ) -> Response:
        """Sends one call, gives the success reply undecoded."""
        return self._run(operation, self._plan(operation, arguments, options))

    def _run(self, operation: Operation[Any], plan: CallPlan) -> Response:
        return run_sync(send_flow(operation, plan), self._http)

    def call(
        self, operation: Operation[T], arguments: Mapping[str, Any], options: CallOptions
    ) -> T:
        """Sends one call, gives its typed content."""
        content: T = decode_reply(operation, self.send(operation, arguments, options))
        return content

    def pages(
        self, operation: PagedOperation[T], arguments: Mapping[str, Any], options: CallOptions
    ) -> Pager[T]:
        """A list that is fetched when it is asked for. A wrong argument is refused at once."""
        from ._pages import Pager, read_page

        first = self._plan(operation, arguments, options)

        def fetch(wanted: Mapping[str, Any]) -> Page[T]:
            plan = first if wanted is arguments else self._plan_further(operation, wanted, options)
            return read_page(operation, self._run(operation, plan))

        return Pager(operation, arguments, fetch)


class RawSyncCaller(SyncCaller):
    """A caller whose facades give raw replies; :func:`._raw.raw` tells the type checker."""

    def call(
        self, operation: Operation[T], arguments: Mapping[str, Any], options: CallOptions
    ) -> Any:
        from ._raw import RawResponse

        response = self.send(operation, arguments, options)
        return RawResponse(response, decode_reply(operation, response))

    def pages(
        self, operation: PagedOperation[T], arguments: Mapping[str, Any], options: CallOptions
    ) -> Any:
        from ._pages import read_page
        from ._raw import RawResponse

        response = self.send(operation, arguments, options)
        return RawResponse(response, read_page(operation, response))


class AsyncCaller(_Caller[AsyncHttp]):
    """What the facades of an async client call."""

    async def send(
        self, operation: Operation[Any], arguments: Mapping[str, Any], options: CallOptions
    ) -> Response:
        """Sends one call, gives the success reply undecoded."""
        return await self._run(operation, self._plan(operation, arguments, options))

    async def _run(self, operation: Operation[Any], plan: CallPlan) -> Response:
        return await run_async(send_flow(operation, plan), self._http)

    async def call(
        self, operation: Operation[T], arguments: Mapping[str, Any], options: CallOptions
    ) -> T:
        """Sends one call, gives its typed content."""
        content: T = decode_reply(operation, await self.send(operation, arguments, options))
        return content

    def pages(
        self, operation: PagedOperation[T], arguments: Mapping[str, Any], options: CallOptions
    ) -> AsyncPager[T]:
        """A list that is fetched when it is asked for. A wrong argument is refused at once."""
        from ._pages import AsyncPager, read_page

        first = self._plan(operation, arguments, options)

        async def fetch(wanted: Mapping[str, Any]) -> Page[T]:
            plan = first if wanted is arguments else self._plan_further(operation, wanted, options)
            return read_page(operation, await self._run(operation, plan))

        return AsyncPager(operation, arguments, fetch)


class RawAsyncCaller(AsyncCaller):
    """See :class:`RawSyncCaller`."""

    async def call(
        self, operation: Operation[T], arguments: Mapping[str, Any], options: CallOptions
    ) -> Any:
        from ._raw import RawResponse

        response = await self.send(operation, arguments, options)
        return RawResponse(response, decode_reply(operation, response))

    def pages(
        self, operation: PagedOperation[T], arguments: Mapping[str, Any], options: CallOptions
    ) -> Any:
        from ._pages import read_page
        from ._raw import RawResponse

        plan = self._plan(operation, arguments, options)

        async def fetch() -> Any:
            response = await self._run(operation, plan)
            return RawResponse(response, read_page(operation, response))

        return fetch()
