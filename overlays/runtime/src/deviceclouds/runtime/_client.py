"""What every client has in common: settings, calling, closing."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypedDict, TypeVar

from ._clock import Clock
from ._config import DEFAULT_TIMEOUT, ClientConfig, Timeout, TimeoutTuple, read_timeout
from ._effects import run_async, run_sync
from ._flow import CallPlan, ErrorReader, decode_reply, send_flow
from ._http import AsyncHttp, Response, SyncHttp, open_async, open_sync
from ._operation import Operation, PagedOperation
from ._request import prepare
from ._retry import RetryPolicy, read_retries

if TYPE_CHECKING:
    from ._auth import AuthStrategy
    from ._pages import AsyncPager, Page, Pager

__all__ = ["AsyncCaller", "AsyncClient", "CallOptions", "Core", "SyncCaller", "SyncClient"]

T = TypeVar("T")
H = TypeVar("H", bound=SyncHttp | AsyncHttp)


class CallOptions(TypedDict, total=False):
    """What every call takes beside the operation's own arguments."""

    timeout: Timeout | None
    """Seconds, or (connect, read, write, pool) seconds; the client's own when left out."""
    retries: int | RetryPolicy | None
    """How often to try again, or a policy; the client's own when left out."""
    extra_headers: Mapping[str, str] | None
    """Headers to add."""


_OPTIONS = CallOptions.__optional_keys__


class Core:
    """The part of a client that neither sends nor waits.

    Args:
        config: Settings.
        auth: Strategies by name of the security scheme.
        read_error: Takes a decoded error body, gives the vendor's code and message.
    """

    def __init__(
        self, config: ClientConfig, auth: Mapping[str, AuthStrategy], read_error: ErrorReader
    ) -> None:
        self.config = config
        self.auth = auth
        self.read_error = read_error
        self._warned: set[str] = set()

    def plan(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, Any],
        options: CallOptions,
        clock: Clock,
    ) -> CallPlan:
        """Checks a call and prepares it. Raises InvalidRequestError or ConfigurationError; sends nothing."""
        config = self.config
        if options.keys() - _OPTIONS:
            raise TypeError(
                f"{operation.name}() got unexpected arguments: {sorted(options.keys() - _OPTIONS)}"
            )
        retries = read_retries(options.get("retries"), config.retries, config.vendor)
        timeout = self._timeout(operation, options)
        parts = prepare(operation, arguments, config, options.get("extra_headers"))
        unwarned = operation.name not in self._warned and operation.name not in config.paths
        if operation.evidence.status == "unverified" and unwarned:
            from ._unverified import warn_unverified

            try:
                warn_unverified(operation, config)
            except BaseException:
                # Where warnings are errors, the call ends here, and the next one warns again.
                parts.close()
                raise
            self._warned.add(operation.name)
        return CallPlan(
            config=config,
            auth=self.auth,
            parts=parts,
            timeout=timeout,
            retries=retries,
            read_error=self.read_error,
            clock=clock,
        )

    def _timeout(self, operation: Operation[Any], options: CallOptions) -> TimeoutTuple:
        default = self.config.timeout
        limit = operation.time_limit
        if limit is not None and default is DEFAULT_TIMEOUT and limit + 10 > default[1]:
            # The server may use up its own documented limit; give it that, and a margin for the way.
            default = (default[0], limit + 10, max(default[2], limit + 10), default[3])
        return read_timeout(options.get("timeout"), default, self.config.vendor)


class _Caller(Generic[H]):
    """Shared by the callers: checks and prepares a call, with what it is sent by."""

    def __init__(self, core: Core, http: H) -> None:
        self._core = core
        self._http = http

    def _plan(
        self, operation: Operation[Any], arguments: Mapping[str, Any], options: CallOptions
    ) -> CallPlan:
        return self._core.plan(operation, arguments, options, self._http.clock)


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
            plan = first if wanted is arguments else self._plan(operation, wanted, options)
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
            plan = first if wanted is arguments else self._plan(operation, wanted, options)
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


class _Client:
    """Shared by the sync and the async base class."""

    _core: Core

    def preload(self) -> None:
        """Loads everything that is otherwise loaded on first use, for example before serving requests."""
        from ._preload import preload

        preload(self._core.config.vendor)

    def __repr__(self) -> str:
        # Tracebacks show clients whose constructor failed, too.
        core = getattr(self, "_core", None)
        return f"<{type(self).__name__}{'' if core is None else f' {core.config.base_url}'}>"


class SyncClient(_Client):
    """Base of a vendor's sync client; use it as a context manager, or call :meth:`close`."""

    def __init__(self, core: Core, http_client: Any = None, clock: Clock | None = None) -> None:
        self._core = core
        self._http = open_sync(http_client, core.config.vendor, clock)
        self._caller = SyncCaller(core, self._http)

    def _raw_caller(self) -> RawSyncCaller:
        return RawSyncCaller(self._core, self._http)

    def close(self) -> None:
        """Closes the connections. An ``http_client`` of your own stays open."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncClient(_Client):
    """Base of a vendor's async client; use it as an async context manager, or await :meth:`close`."""

    def __init__(self, core: Core, http_client: Any = None, clock: Clock | None = None) -> None:
        self._core = core
        self._http = open_async(http_client, core.config.vendor, clock)
        self._caller = AsyncCaller(core, self._http)

    def _raw_caller(self) -> RawAsyncCaller:
        return RawAsyncCaller(self._core, self._http)

    async def close(self) -> None:
        """Closes the connections. An ``http_client`` of your own stays open."""
        await self._http.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
