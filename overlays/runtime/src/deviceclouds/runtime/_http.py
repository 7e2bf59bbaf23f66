"""The seam to the HTTP library. Nothing else knows whether it is httpx2, httpx or a transport on top of them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx2

from ._clock import Clock, SystemClock
from ._config import TimeoutTuple
from ._errors import ApiConnectionError, ApiTimeoutError, ConfigurationError
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

    def __repr__(self) -> str:
        # Headers hold the token, the query may hold personal data: neither is shown.
        return f"<Request {self.method} {self.url.partition('?')[0]}>"


class Response:
    """A reply, read to its end.

    Attributes:
        status_code: HTTP status, any number.
        headers: Case-insensitive mapping of headers.
        content: The body, decompressed.
        attempts: How many requests it took.
    """

    __slots__ = ("attempts", "content", "headers", "status_code")

    def __init__(self, status_code: int, headers: Mapping[str, str], content: bytes) -> None:
        self.status_code = status_code
        self.headers = headers
        self.content = content
        self.attempts = 1

    @property
    def request_id(self) -> str | None:
        """The vendor's id of the request, from the headers in use for it; None without one."""
        for name in _REQUEST_IDS:
            value = self.headers.get(name)
            if value:
                return value
        return None

    def __repr__(self) -> str:
        return f"<Response {self.status_code}, {len(self.content)} bytes>"


class _Http:
    """What the two variants share: the client object, its library, and how its errors read in ours."""

    def __init__(self, client: Any, owned: bool, clock: Clock | None) -> None:
        self.client = client
        self.owned = owned
        self.clock: Clock = clock or SystemClock()
        # A client of the older httpx brings exceptions of its own.
        library = sys.modules[_lineage(client)[0][0]]
        self._timeout_error: type[Exception] = library.TimeoutException
        self._error: type[Exception] = library.HTTPError
        self._extra_errors: tuple[type[Exception], ...] = (library.InvalidURL, library.StreamError)

    def build(self, request: Request) -> Any:
        if self.client.is_closed:
            raise ConfigurationError(
                "the client is closed; make a new one, or call it before close()",
                vendor=request.vendor,
                operation=request.operation,
            )
        connect, read, write, pool = request.timeout
        return self.client.build_request(
            request.method,
            request.url,
            headers=request.headers,
            content=request.content,
            files=request.files,
            extensions={
                "timeout": {"connect": connect, "read": read, "write": write, "pool": pool}
            },
        )

    def explain(self, error: Exception, request: Request) -> Exception:
        """The library's error as ours, with what to do."""
        host = request.url.split("/")[2]
        if isinstance(error, self._timeout_error):
            return ApiTimeoutError(
                f"{host} did not answer in time ({type(error).__name__});"
                " raise timeout= for slow work, or try again",
                vendor=request.vendor,
                operation=request.operation,
            )
        return ApiConnectionError(
            f"no complete reply from {host} ({type(error).__name__}: {error}); check base_url,"
            " network and proxy",
            vendor=request.vendor,
            operation=request.operation,
        )


class SyncHttp(_Http):
    """Sends with a sync client."""

    def send(self, request: Request) -> Response:
        """Sends one request, without following redirects. Raises ApiConnectionError or ApiTimeoutError."""
        try:
            reply = self.client.send(self.build(request), follow_redirects=False)
        except (self._error, *self._extra_errors) as error:
            raise self.explain(error, request) from error
        return Response(reply.status_code, reply.headers, reply.content)

    def close(self) -> None:
        """Closes the connections, unless the client is the user's."""
        if self.owned:
            self.client.close()


class AsyncHttp(_Http):
    """Sends with an async client."""

    async def send(self, request: Request) -> Response:
        """Sends one request, without following redirects. Raises ApiConnectionError or ApiTimeoutError."""
        try:
            reply = await self.client.send(self.build(request), follow_redirects=False)
        except (self._error, *self._extra_errors) as error:
            raise self.explain(error, request) from error
        return Response(reply.status_code, reply.headers, reply.content)

    async def close(self) -> None:
        """Closes the connections, unless the client is the user's."""
        if self.owned:
            await self.client.aclose()


def open_sync(client: Any, vendor: str, clock: Clock | None = None) -> SyncHttp:
    """The seam over a user's sync client, or over a new one. Raises ConfigurationError for an async one."""
    if client is None:
        return SyncHttp(httpx2.Client(), True, clock)
    _check_client(client, "Client", "AsyncClient", vendor)
    return SyncHttp(client, False, clock)


def open_async(client: Any, vendor: str, clock: Clock | None = None) -> AsyncHttp:
    """The seam over a user's async client, or over a new one. Raises ConfigurationError for a sync one."""
    if client is None:
        return AsyncHttp(httpx2.AsyncClient(), True, clock)
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
    libraries = {name for name, _ in _lineage(getattr(client, "_transport", None))}
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
