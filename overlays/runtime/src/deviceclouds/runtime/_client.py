"""What every client has in common: opening, closing, preloading."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ._callers import AsyncCaller, RawAsyncCaller, RawSyncCaller, SyncCaller
from ._core import Core
from ._effects import Flow, run_async, run_sync
from ._http import AsyncHttp, SyncHttp, open_async, open_sync

if TYPE_CHECKING:
    from ._setup import ClientOptions
    from ._workflow import Workflow

__all__ = ["AsyncClient", "ClientBase", "SyncClient"]

T = TypeVar("T")


class ClientBase:
    """Shared by sync and async clients. A vendor's constructor is written once, on top of this class."""

    _core: Core
    _http: Any

    def __init__(self, core: Core, options: ClientOptions) -> None:
        raise NotImplementedError  # SyncClient and AsyncClient have one each

    @property
    def _work(self) -> Workflow:
        """What this client's workflows call and wait with."""
        from ._workflow import Workflow

        return Workflow(self._core, self._http.clock)

    def preload(self) -> None:
        """Loads everything that is otherwise loaded on first use, for example before serving requests."""
        from ._preload import preload

        preload(self._core.config.vendor)

    def __repr__(self) -> str:
        # Tracebacks show clients whose constructor failed, too.
        core = getattr(self, "_core", None)
        return f"<{type(self).__name__}{'' if core is None else f' {core.config.base_url}'}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("a client is not pickled: it holds credentials; make one in each process")


class SyncClient(ClientBase):
    """Base of a vendor's sync client; use it as a context manager, or call :meth:`close`."""

    def __init__(self, core: Core, options: ClientOptions) -> None:
        self._core = core
        self._http: SyncHttp = open_sync(
            options.get("http_client"), core.config.vendor, options.get("clock")
        )
        self._caller = SyncCaller(core, self._http)

    def _raw_caller(self) -> RawSyncCaller:
        return RawSyncCaller(self._core, self._http)

    def _run(self, flow: Flow[T]) -> T:
        return run_sync(flow, self._http)

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


class AsyncClient(ClientBase):
    """Base of a vendor's async client; use it as an async context manager, or await :meth:`close`."""

    def __init__(self, core: Core, options: ClientOptions) -> None:
        self._core = core
        self._http: AsyncHttp = open_async(
            options.get("http_client"), core.config.vendor, options.get("clock")
        )
        self._caller = AsyncCaller(core, self._http)

    def _raw_caller(self) -> RawAsyncCaller:
        return RawAsyncCaller(self._core, self._http)

    async def _run(self, flow: Flow[T]) -> T:
        return await run_async(flow, self._http)

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
