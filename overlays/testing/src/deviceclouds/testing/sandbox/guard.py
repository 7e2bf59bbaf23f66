"""Who may use the page and the controls: pages of other sites, which a browser would let ask, may not.

Two tricks are refused. *A foreign page posts a form here*: whatever changes something needs an Origin that is the
address of the request itself, or none, as programs have it. *A foreign name is pointed at this machine* (DNS
rebinding): the Host of every request has to be one of

- ``localhost``, a name below it, or a loopback address,
- ``sandbox.test``, the sandbox inside its own process,
- the address at which the request arrived, and the address the server was told to listen at,
- a name in ``Sandbox.hosts``.

The clouds themselves take any Host: they are asked by programs, and ask for a token.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["Endpoint", "TooLargeError", "foreign", "guarded", "read_limited"]

Endpoint = Callable[["Request"], Awaitable["Response"]]

_READS = ("GET", "HEAD")
_OWN_SITE = ("same-origin", "none")


class TooLargeError(ValueError):
    """A body that is larger than any control needs."""


def guarded(endpoint: Endpoint, hosts: Collection[str]) -> Endpoint:
    """An endpoint that answers 403 to requests another site may have caused.

    Args:
        endpoint: What answers.
        hosts: Further names by which this machine may be asked, in lower case.
    """

    async def checked(request: Request) -> Response:
        reason = foreign(request, hosts)
        response = JSONResponse({"error": reason}, 403) if reason else await endpoint(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return checked


def foreign(request: Request, hosts: Collection[str]) -> str | None:
    """Why a request may have been caused by another site; None for one of our own."""
    netloc = request.headers.get("host", "").lower()
    name = _name(netloc)
    server = request.scope.get("server")
    arrived_at = str(server[0]).lower() if server else None
    if not (_is_loopback(name) or name == "sandbox.test" or name == arrived_at or name in hosts):
        return (
            "this host name is not the sandbox's; ask by the address it listens at, or name the host: "
            "Sandbox.hosts.add(name), or --allow-host NAME on the command line"
        )
    if request.method in _READS:
        return None
    origin = request.headers.get("origin")
    if origin is not None and _netloc(origin) != netloc:
        return "another site asked for this (Origin); use the sandbox's own page, or a program"
    if request.headers.get("sec-fetch-site", "none") not in _OWN_SITE:
        return (
            "another site asked for this (Sec-Fetch-Site); use the sandbox's own page, or a program"
        )
    return None


async def read_limited(request: Request, limit: int) -> bytes:
    """The body. Raises TooLargeError as soon as it is larger than the limit, in bytes."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLargeError(f"the body is larger than {limit} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _name(netloc: str) -> str:
    """Host without port, brackets and the dot of a full name."""
    if netloc.startswith("["):
        return netloc[1:].partition("]")[0]
    return netloc.partition(":")[0].removesuffix(".")


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin.lower()).netloc or None
    except ValueError:
        return None


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
