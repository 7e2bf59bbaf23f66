"""What HTTP libraries raise, in our words. Loaded when a request fails."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ._errors import ApiConnectionError, ApiTimeoutError
from ._redact import forget_frames

if TYPE_CHECKING:
    from ._http import Request

__all__ = ["causes_of", "explain"]


def explain(
    error: Exception, library: str, request: Request
) -> tuple[ApiConnectionError, Exception | None] | None:
    """An error of sending as ours, with what to do.

    Args:
        error: What was raised.
        library: The library of the client: httpx2 or httpx.
        request: What was sent.

    Returns:
        Our error and its cause, which is None where showing the cause would show secrets; None where the error is none
        that sending brings, but one of a hook, say.
    """
    known: Any = sys.modules[library]
    # Files that cannot be read, names no resolver takes, loops that are closed.
    local = (OSError, ValueError, RuntimeError, known.InvalidURL)
    of_protocol = type(error).__module__.partition(".")[0] in ("h11", "aiohttp")
    if not (of_protocol or isinstance(error, (known.RequestError, *local))):
        return None
    forget_frames(error)  # those of HTTP libraries hold headers
    host = request.url.split("/")[2]
    origin = _origin(error)
    text = f"{type(origin).__name__}: {_words(origin, request)}"
    failure: ApiConnectionError
    if type(error).__name__ == "PoolTimeout":
        failure = ApiTimeoutError(
            f"no connection to {host} was free in time (PoolTimeout): more calls at once than the HTTP"
            " client has connections; raise timeout= or make fewer calls at once",
            vendor=request.vendor,
            operation=request.operation,
        )
    elif isinstance(error, known.TimeoutException) and _is_timeout(error):
        failure = ApiTimeoutError(
            f"{host} did not answer in time ({type(error).__name__});"
            " raise timeout= for slow work, or try again",
            vendor=request.vendor,
            operation=request.operation,
        )
    elif of_protocol or isinstance(error, known.RequestError):
        failure = ApiConnectionError(
            f"no complete reply from {host} ({text}); check base_url, network and proxy",
            vendor=request.vendor,
            operation=request.operation,
        )
    else:
        failure = ApiConnectionError(
            f"the request to {host} could not be sent ({text}); look at the files and"
            " headers it was given, and whether an async client is used in the event loop it began in",
            vendor=request.vendor,
            operation=request.operation,
        )
        failure.repeatable = False
    return failure, None if _tells(error, request) else error


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """An error and what led to it."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _of_aiohttp(error: BaseException | None) -> bool:
    return type(error).__module__.partition(".")[0] == "aiohttp"


def _origin(error: Exception) -> BaseException:
    """What to name. Of aiohttp's errors the deepest cause: those above are too coarse, and hold the address."""
    if not (_of_aiohttp(error) or _of_aiohttp(error.__cause__)):
        return error
    origin: BaseException = error
    while origin.__cause__ is not None:
        origin = origin.__cause__
    return origin


def _is_timeout(error: Exception) -> bool:
    # Its transport for httpx takes every lost connection for a timeout.
    cause = error.__cause__
    return not _of_aiohttp(cause) or isinstance(cause, TimeoutError)


def _words(error: BaseException, request: Request) -> str:
    """The words of an error as one line of bearable length, without queries and values of headers."""
    text = _QUERY.sub("?***", " ".join(str(error).split()))
    for value in _values(request):
        text = text.replace(value, "***")
    return text[:_LONGEST]


_QUERY = re.compile(r"(?<=\w|/)\?\S+")
_LONGEST = 300


def _values(request: Request) -> list[str]:
    # Short ones would be found by chance, and are no secrets.
    return [value.strip() for value in request.headers.values() if len(value.strip()) >= 8]


def _tells(error: BaseException, request: Request) -> bool:
    """Whether an error, or what led to it, would show the request's headers or a secret address."""
    for one in causes_of(error):
        text = str(one)
        if (
            # aiohttp keeps the request, token and all, in some of its errors.
            hasattr(one, "request_info")
            or any(value in text for value in _values(request))
            or (request.private and _QUERY.search(text) is not None)
        ):
            return True
    return False
