"""What every client has in common: opening, closing, preloading."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from ._callers import AsyncCaller, RawAsyncCaller, RawSyncCaller, SyncCaller
from ._clock import Clock
from ._core import Core
from ._http import open_async, open_sync

__all__ = ["AsyncClient", "SyncClient"]


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
