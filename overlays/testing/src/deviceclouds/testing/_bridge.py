"""A sync transport over an ASGI application; the only module that knows the HTTP library."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import httpx2

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = [
    "FAULT_MARK",
    "IN_PROCESS",
    "AsgiBridge",
    "InProcessTransport",
    "async_client",
    "sync_client",
]

IN_PROCESS = "deviceclouds.in_process"
"""Key of a scope whose transport turns marked replies into errors of the connection."""

FAULT_MARK = "x-deviceclouds-fault"
"""Header of a reply that stands for a broken connection: ``reset`` or ``truncated``."""


class AsgiBridge(httpx2.BaseTransport):
    """Runs an ASGI application for sync clients, on an event loop in a thread of its own.

    No socket is opened. Safe to use from many threads at once. The thread starts with the first
    request and ends with :meth:`close`.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._transport = InProcessTransport(app)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends one request.

        Raises:
            httpx2.ReadTimeout: The application took longer than the request's read timeout.
            RuntimeError: The bridge is closed, or this is its own thread, which would wait for
                itself.
        """
        # After read() the body is bytes, which both kinds of client can send.
        request.read()
        loop = self._running_loop()
        if threading.current_thread() is self._thread:
            raise RuntimeError("the application cannot call itself through its own AsgiBridge")
        timeout = request.extensions.get("timeout", {}).get("read")
        future = asyncio.run_coroutine_threadsafe(self._send(request, timeout), loop)
        try:
            return future.result()
        except BaseException:
            # Ctrl-C, for one, must not leave the request running.
            future.cancel()
            raise

    async def _send(self, request: httpx2.Request, timeout: float | None) -> httpx2.Response:
        try:
            async with asyncio.timeout(timeout):
                reply = await self._transport.handle_async_request(request)
                content = [chunk async for chunk in _stream(reply)]
        except TimeoutError as error:
            raise httpx2.ReadTimeout(f"no reply within {timeout} s", request=request) from error
        # The bytes as they came: decompressing them is the client's business.
        stream = httpx2.ByteStream(b"".join(content))
        return httpx2.Response(
            reply.status_code, headers=reply.headers, stream=stream, request=request
        )

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise RuntimeError("this AsgiBridge is closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_run, args=(self._loop,), name="deviceclouds-testing", daemon=True
                )
                self._thread.start()
            return self._loop

    def close(self) -> None:
        """Stops the thread. May be called more than once."""
        with self._lock:
            self._closed = True
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            if thread is not threading.current_thread():
                thread.join()


class InProcessTransport(httpx2.AsyncBaseTransport):
    """Calls an ASGI application, and turns replies that are marked as broken into errors of a connection.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        async def marked(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, IN_PROCESS: True}, receive, send)

        self._transport = httpx2.ASGITransport(app=marked)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2. Raises ReadError or RemoteProtocolError where the application says so."""
        reply = await self._transport.handle_async_request(request)
        fault = reply.headers.get(FAULT_MARK)
        if fault == "reset":
            raise httpx2.ReadError("the connection was reset", request=request)
        if fault == "truncated":
            raise httpx2.RemoteProtocolError(
                "the connection was closed before the end of the body", request=request
            )
        return reply


def sync_client(bridge: AsgiBridge) -> httpx2.Client:
    """A sync client over a bridge; closing the client closes the bridge."""
    return httpx2.Client(transport=bridge)


def async_client(app: ASGIApp) -> httpx2.AsyncClient:
    """An async client over an application, on the caller's own event loop."""
    return httpx2.AsyncClient(transport=InProcessTransport(app))


def _stream(reply: httpx2.Response) -> Any:
    return reply.stream


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        # Requests that were under way end with an error instead of hanging their callers.
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
