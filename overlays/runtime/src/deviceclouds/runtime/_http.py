"""The seam to the HTTP library. Nothing else knows whether it is httpx2, httpx or a transport on top of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import FrameType
from typing import Any, NamedTuple

import httpx2

from ._clock import Clock, SystemClock
from ._config import DEFAULT_MAX_REPLY, TimeoutTuple
from ._errors import ApiConnectionError, ConfigurationError, DecodeError
from ._secret import SecretHeaders

__all__ = ["AsyncHttp", "Request", "Response", "SyncHttp"]

_REQUEST_IDS = (
    "x-request-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "request-id",
    "x-correlation-id",
)


class Request(NamedTuple):
    """A request ready to be sent."""

    vendor: str
    operation: str
    method: str
    url: str
    headers: SecretHeaders
    timeout: TimeoutTuple
    content: bytes | None = None
    files: list[tuple[str, Any]] | None = None
    private: bool = False
    """Whether the address itself is a secret: then the HTTP library's log does not show its query."""
    foreign: bool = False
    """Whether it goes beyond the vendor's API: then headers and parameters of the user's client do not join."""
    max_reply: int = DEFAULT_MAX_REPLY
    """Largest reply that is read, in bytes, decompressed."""

    def __repr__(self) -> str:
        # Headers hold the token, the query may hold personal data: neither is shown.
        return f"<Request {self.method} {self.url.partition('?')[0]}>"


def _request_id(headers: Mapping[str, str]) -> str | None:
    found = (headers.get(name) for name in _REQUEST_IDS)
    return next((value for value in found if value), None)


_NONE: Mapping[str, str] = {}


class Response:
    """A reply, read to its end.

    Attributes:
        status_code: HTTP status, any number.
        headers: Case-insensitive mapping of headers.
        content: The body, decompressed.
        attempts: How many requests it took.
        credentials: The headers that said who asks, to take out of words that repeat them.
    """

    __slots__ = ("attempts", "content", "credentials", "headers", "status_code")

    def __init__(self, status_code: int, headers: Mapping[str, str], content: bytes) -> None:
        self.status_code = status_code
        self.headers = headers
        self.content = content
        self.attempts = 1
        self.credentials: Mapping[str, str] = _NONE

    @property
    def request_id(self) -> str | None:
        """The vendor's id of the request, from the headers in use for it; None without one."""
        return _request_id(self.headers)

    def __repr__(self) -> str:
        return f"<Response {self.status_code}, {len(self.content)} bytes>"


class _Pieces(list[Any]):
    """Parts of a body, or headers, that do not show themselves: they may hold a token."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} pieces>"


class _Http:
    """What the two variants share: the client object, its library, and how its errors read in ours."""

    def __init__(self, client: Any, owned: bool, clock: Clock | None) -> None:
        self.client = client
        self.owned = owned
        self.clock: Clock = clock or SystemClock()
        # A client of the older httpx brings exceptions of its own.
        self._library = _lineage(client)[0][0]
        library = sys.modules[self._library]
        self._status_error: type[Exception] = library.HTTPStatusError
        self._query: Any = library.QueryParams
        self._request: Any = library.Request
        # A subclass may sign what it builds, for example.
        building = getattr(client.build_request, "__func__", None)
        self._builds = building is not library.Client.build_request
        self._process = os.getpid()

    def build(self, request: Request) -> Any:
        if self.owned and os.getpid() != self._process:
            # After a fork, parent and child would read each other's replies from the same sockets.
            self.client = _new_client(type(self.client))
            self._process = os.getpid()
        if self.client.is_closed:
            raise ConfigurationError(
                "the client is closed; make a new one, or call it before close()",
                vendor=request.vendor,
                operation=request.operation,
            )
        connect, read, write, pool = request.timeout
        limits = {"timeout": {"connect": connect, "read": read, "write": write, "pool": pool}}
        if not request.foreign and (self._builds or self.client.params):
            built = self.client.build_request(
                request.method,
                request.url,
                headers=request.headers,
                content=request.content,
                files=request.files,
                # Parameters of a client of the user's own would replace ours instead of joining them.
                params=self._query(request.url.partition("?")[2]) if self.client.params else None,
                extensions=limits,
            )
        else:
            # As the client would build it, a fifth faster.
            built = self._request(
                request.method,
                request.url,
                headers=request.headers if request.foreign else self._join(request.headers),
                cookies=None if request.foreign else self.client.cookies,
                content=request.content,
                files=request.files,
                extensions=limits,
            )
        if request.private:
            built.url.__class__ = _without_query(built.url.__class__)
        return built

    def _join(self, headers: SecretHeaders) -> _Pieces:
        """A request's headers, after those of the client that they do not replace."""
        joined = _Pieces(self.client.headers.raw)
        names = {name.lower().encode() for name in headers}
        joined[:] = [pair for pair in joined if pair[0].lower() not in names]
        joined += [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
        return joined

    def too_large(self, request: Request, reply: Any) -> DecodeError:
        """The error for a reply beyond the limit, which is not read to its end."""
        return DecodeError(
            f"the reply is larger than {request.max_reply} bytes and was not read to its end;"
            " ask for less, or give the client a larger max_reply=",
            status_code=reply.status_code,
            request_id=_request_id(reply.headers),
            vendor=request.vendor,
            operation=request.operation,
        )

    def explain(
        self, error: Exception, request: Request
    ) -> tuple[ApiConnectionError, Exception | None] | None:
        """An error of sending as ours, with the cause to show; None for others, of a hook say."""
        from ._http_faults import explain

        return explain(error, self._library, request)


class SyncHttp(_Http):
    """Sends with a sync client."""

    def send(self, request: Request) -> Response:
        """Sends one request, without following redirects.

        Raises:
            ApiConnectionError: No reply, or not all of it; ApiTimeoutError if it took too long.
            DecodeError: The reply is larger than ``max_reply``.
        """
        return self._receive(request)

    def download(self, request: Request, write: Callable[[bytes], object]) -> Response:
        """Sends one request and hands the body of a success reply on, piece by piece. Raises as :meth:`send`."""
        return self._receive(request, write)

    def _receive(
        self, request: Request, write: Callable[[bytes], object] | None = None
    ) -> Response:
        content, limit = _Pieces(), request.max_reply
        built = self.build(request)
        try:
            try:
                # The operation's credentials, not those a client of the user's own may have for something else.
                reply = self.client.send(built, auth=None, follow_redirects=False, stream=True)
            except self._status_error as error:
                reply = error.response  # type: ignore[attr-defined]  # a hook of the user's raised for a status
            try:
                if write is not None and 200 <= reply.status_code < 300:
                    for chunk in reply.iter_bytes():
                        write(chunk)
                elif _is_small(reply, limit):
                    content.append(reply.read())
                else:
                    size = 0
                    for chunk in reply.iter_bytes():
                        size += len(chunk)
                        if size <= limit:
                            content.append(chunk)
                        del chunk  # part of a token, perhaps: no traceback may show it
                        if size > limit:
                            raise self.too_large(request, reply)
            finally:
                if not reply.is_closed:
                    reply.close()
        except DecodeError:
            raise
        except Exception as error:
            fault = self.explain(error, request)
            if fault is None:
                raise
        else:
            return Response(reply.status_code, reply.headers, b"".join(content))
        failure, cause = fault
        raise failure from cause

    def close(self) -> None:
        """Closes the connections, unless the client is the user's."""
        if self.owned:
            self.client.close()


class AsyncHttp(_Http):
    """Sends with an async client."""

    async def send(self, request: Request) -> Response:
        """Sends one request; see :meth:`SyncHttp.send`."""
        return await self._receive(request)

    async def download(self, request: Request, write: Callable[[bytes], object]) -> Response:
        """Sends one request; see :meth:`SyncHttp.download`."""
        return await self._receive(request, write)

    async def _receive(
        self, request: Request, write: Callable[[bytes], object] | None = None
    ) -> Response:
        content, limit = _Pieces(), request.max_reply
        built = self.build(request)
        try:
            try:
                # The operation's credentials, not those a client of the user's own may have for something else.
                reply = await self.client.send(
                    built, auth=None, follow_redirects=False, stream=True
                )
            except self._status_error as error:
                reply = error.response  # type: ignore[attr-defined]  # a hook of the user's raised for a status
            try:
                if write is not None and 200 <= reply.status_code < 300:
                    async for chunk in reply.aiter_bytes():
                        write(chunk)
                elif _is_small(reply, limit):
                    content.append(await reply.aread())
                else:
                    size = 0
                    async for chunk in reply.aiter_bytes():
                        size += len(chunk)
                        if size <= limit:
                            content.append(chunk)
                        del chunk  # part of a token, perhaps: no traceback may show it
                        if size > limit:
                            raise self.too_large(request, reply)
            finally:
                if not reply.is_closed:
                    await reply.aclose()
        except DecodeError:
            raise
        except Exception as error:
            fault = self.explain(error, request)
            if fault is None:
                raise
        else:
            return Response(reply.status_code, reply.headers, b"".join(content))
        failure, cause = fault
        raise failure from cause

    async def close(self) -> None:
        """Closes the connections, unless the client is the user's."""
        if self.owned:
            await self.client.aclose()


def _is_small(reply: Any, limit: int) -> bool:
    """Whether a reply is known to fit: packed ones may grow, others say their length or are read already."""
    if reply.is_stream_consumed:
        return True
    length = reply.headers.get("content-length", "")
    return "content-encoding" not in reply.headers and length.isdigit() and int(length) <= limit


@cache
def _without_query(kind: Any) -> Any:
    """A kind of URL that works as before and does not show its query."""

    def shown(self: Any) -> str:
        query = "?***" if self.query else ""
        return f"{self.scheme}://{self.netloc.decode()}{self.path}{query}"

    def text(self: Any) -> str:
        # Some transports, aiohttp's for one, take the address as text.
        return kind.__str__(self) if _in_transport() else shown(self)

    return type("URL", (kind,), {"__str__": text, "__repr__": lambda self: f"URL({shown(self)!r})"})


def _in_transport() -> bool:
    """Whether a transport asks, and does not only write a line to its log."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__") != "logging":
        if frame.f_code.co_name in ("handle_request", "handle_async_request"):
            return True
        frame = frame.f_back
    return False


def _new_client(kind: Any) -> Any:
    # A cookie of one reply must not travel with the token of the next call.
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
    return kind(cookies=no_cookies)


def open_sync(client: Any, vendor: str, clock: Clock | None = None) -> SyncHttp:
    """The seam over a user's sync client, or over a new one. Raises ConfigurationError for an async one."""
    if client is None:
        return SyncHttp(_new_client(httpx2.Client), True, clock)
    _check_client(client, "Client", "AsyncClient", vendor)
    return SyncHttp(client, False, clock)


def open_async(client: Any, vendor: str, clock: Clock | None = None) -> AsyncHttp:
    """The seam over a user's async client, or over a new one. Raises ConfigurationError for a sync one."""
    if client is None:
        return AsyncHttp(_new_client(httpx2.AsyncClient), True, clock)
    _check_client(client, "AsyncClient", "Client", vendor)
    return AsyncHttp(client, False, clock)


def _check_client(client: Any, wanted: str, other: str, vendor: str) -> None:
    names = _lineage(client)
    if any(name == wanted for _, name in names):
        _check_transport(client, names[0][0], vendor)
        return
    hint = (
        f"it is a {other}: use it with the other class of this vendor"
        if any(name == other for _, name in names)
        else f"give an httpx2.{wanted} or httpx.{wanted}"
    )
    raise ConfigurationError(
        f"http_client={type(client).__module__}.{type(client).__name__} does not fit; {hint}",
        vendor=vendor,
    )


def _check_transport(client: Any, library: str, vendor: str) -> None:
    # With a transport of the other library, the client would fail on a bare assertion at the first call.
    transports = [getattr(client, "_transport", None), *getattr(client, "_mounts", {}).values()]
    for transport in transports:
        libraries = {name for name, _ in _lineage(transport)}
        if libraries and library not in libraries:
            raise ConfigurationError(
                f"http_client is of {library} and its transport of {libraries.pop()}; take both of one library",
                vendor=vendor,
            )


def _lineage(client: Any) -> list[tuple[str, str]]:
    """(library, class) of each ancestor that comes from one of the two libraries."""
    ancestors = (
        (base.__module__.partition(".")[0], base.__name__) for base in type(client).__mro__
    )
    return [(library, name) for library, name in ancestors if library in ("httpx", "httpx2")]
