"""The HTTP client msal is given: it sends over the seam of the runtime, sync or from a thread beside an event loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urlsplit

from deviceclouds.runtime._errors import (
    AuthenticationError,
    ConfigurationError,
    DecodeError,
    status_error,
)
from deviceclouds.runtime._http import Request, Response
from deviceclouds.runtime._retry import RETRIED_STATUSES, retry_after
from deviceclouds.runtime._secret import SecretHeaders
from deviceclouds.runtime._token_call import LARGEST_REPLY, read_json

if TYPE_CHECKING:
    from deviceclouds.runtime._config import TimeoutTuple

__all__ = ["SIGN_IN", "MsalHttp", "Send", "asked_in_thread"]

SIGN_IN = "sign-in"
"""What errors call it."""

T = TypeVar("T")
Send = Callable[[Request], Response]


class MsalReply:
    """A reply as msal wants it."""

    def __init__(self, response: Response) -> None:
        self.status_code = response.status_code
        self.headers = dict(response.headers)
        self.text = response.content.decode("utf-8", "replace")

    def raise_for_status(self) -> None:
        """Nothing to do: what msal would raise for was raised before."""


class MsalHttp:
    """Sends for msal, to the host of the authority only.

    Replies that msal would log, or say little about, become errors of ours before it sees them.

    Args:
        send: Sends a request, blocking.
        authority: Address of the tenant.
        timeout: Of each request.

    Attributes:
        status_code: Of the last reply; 0 before the first.
        request_id: Of the last reply, where it has one.
    """

    def __init__(self, send: Send, authority: str, timeout: TimeoutTuple) -> None:
        self._send = send
        self._authority = authority
        self._timeout = timeout
        self.status_code = 0
        self.request_id: str | None = None

    def get(
        self, url: str, params: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> MsalReply:
        """For msal."""
        response = self._sent("GET", url, params, headers or {}, None)
        if 400 <= response.status_code < 500:
            raise AuthenticationError(
                f"{response.status_code} Azure AD knows no such tenant; check tenant_id=",
                status_code=response.status_code,
                request_id=self.request_id,
                vendor="aitrios",
                operation=SIGN_IN,
            )
        return MsalReply(response)

    def post(
        self,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> MsalReply:
        """For msal."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        body = (data if isinstance(data, str) else urlencode(data or {})).encode()
        return MsalReply(self._sent("POST", url, params, {**form, **(headers or {})}, body))

    def close(self) -> None:
        """For msal; the connections are the client's."""

    def _sent(
        self,
        method: str,
        url: str,
        params: Any,
        headers: Mapping[str, str],
        content: bytes | None,
    ) -> Response:
        if urlsplit(url)[:2] != urlsplit(self._authority)[:2]:
            raise ConfigurationError(
                f"Azure AD names {urlsplit(url).hostname} as the place for tokens; the secret goes to"
                f" {urlsplit(self._authority).hostname} only",
                vendor="aitrios",
                operation=SIGN_IN,
            )
        if params:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"
        response = self._send(
            Request(
                "aitrios",
                SIGN_IN,
                method,
                url,
                SecretHeaders(headers),
                self._timeout,
                content=content,
                private=True,
                foreign=True,
                max_reply=LARGEST_REPLY,
            )
        )
        self.status_code, self.request_id = response.status_code, response.request_id
        self._check(response)
        return response

    def _check(self, response: Response) -> None:
        status = response.status_code
        if status in RETRIED_STATUSES or not (200 <= status < 300 or 400 <= status < 500):
            told = (
                "a redirect, which is not followed with credentials; check proxies on the way"
                if 300 <= status < 400
                else "Azure AD gives no token now; try again later"
            )
            raise status_error(status)(
                f"{status} {told}",
                status_code=status,
                request_id=self.request_id,
                retry_after=retry_after(response.headers),
                vendor="aitrios",
                operation=SIGN_IN,
            )
        if not _is_object(response.content):
            kind = response.headers.get("content-type", "no content type")
            raise DecodeError(
                f"the reply ({status}, {kind}, {len(response.content)} bytes) is not what Azure AD sends;"
                " a proxy often answers with a page of its own",
                status_code=status,
                request_id=self.request_id,
                vendor="aitrios",
                operation=SIGN_IN,
            )


def _is_object(content: bytes) -> bool:
    try:
        return isinstance(read_json(content), dict)
    except ValueError:
        return False


async def asked_in_thread(
    ask: Callable[[Send], T], send: Callable[[Request], Coroutine[Any, Any, Response]]
) -> T:
    """Calls a blocking function in a thread; what it sends is sent on this event loop.

    When the caller is cancelled, so is what the thread waits for, and it can send no more.

    Args:
        ask: The function; is given what to send with.
        send: Sends a request on the event loop.
    """
    import asyncio
    from concurrent.futures import ThreadPoolExecutor
    from contextvars import copy_context

    loop, context = asyncio.get_running_loop(), copy_context()
    bridge = _Bridge(loop, send)
    # A thread of its own: the loop's may all be waiting like this one, and resolving names needs one of them.
    pool = ThreadPoolExecutor(1, thread_name_prefix="deviceclouds-msal")
    try:
        return await loop.run_in_executor(pool, lambda: context.run(ask, bridge.send))
    finally:
        bridge.stop()
        pool.shutdown(wait=False)


class _Bridge:
    """Sends from a thread on an event loop, until it is stopped."""

    def __init__(self, loop: Any, send: Callable[[Request], Coroutine[Any, Any, Response]]) -> None:
        self._loop = loop
        self._send = send
        self._lock = threading.Lock()
        self._pending: Any = None
        self._stopped = False

    def send(self, request: Request) -> Response:
        import asyncio

        with self._lock:
            if self._stopped:
                raise RuntimeError("the caller is gone")
            pending = asyncio.run_coroutine_threadsafe(self._send(request), self._loop)
            self._pending = pending
        return pending.result()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._pending is not None:
                self._pending.cancel()
