"""The stand-in: one ASGI application that answers for the clouds, by their specifications."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from ._check import check_request
from ._journal import Journal, JournalEntry
from ._load import MOUNTS, available_vendors
from ._problems import Problem, RequestCheck
from ._replies import Answer, error_answer, refusal_status, success_answer
from ._spec import load_spec

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["MAX_BODY", "create_app", "known_vendors"]

MAX_BODY = 100 * 1024 * 1024
"""Largest request body, in bytes."""

_LENGTH_DIGITS = 12

# Checking more than this would hold up the other requests for too long.
_LARGE = 1024 * 1024

_ROUTE_STATUS = {"unknown-path": 404, "dot-segment": 404, "base-url": 404, "unknown-method": 405}


def create_app(
    vendors: Iterable[str] | None = None, *, journal: Journal | None = None
) -> Starlette:
    """Makes the stand-in.

    A valid request gets the example of its first success response, an invalid one status 400 in
    the vendor's own shape, with the problems in the header ``x-deviceclouds-problems``.

    Args:
        vendors: Names of the vendors; all whose specification is at hand if left out.
        journal: Where requests are recorded; nowhere if left out.

    Raises:
        ValueError: A vendor is not known.
    """
    routes = [
        Mount(MOUNTS[vendor], app=_VendorApp(vendor, journal)) for vendor in known_vendors(vendors)
    ]
    app = Starlette(routes=[*routes, Route("/{rest:path}", _nothing_here)])
    # A redirect would hide a wrong path.
    app.router.redirect_slashes = False
    return app


def known_vendors(vendors: Iterable[str] | None) -> tuple[str, ...]:
    """The vendors asked for, or all. Raises ValueError for one that has no specification."""
    at_hand = available_vendors()
    wanted = at_hand if vendors is None else tuple(dict.fromkeys(vendors))
    for vendor in wanted:
        if vendor not in at_hand:
            raise ValueError(
                f"no specification of {vendor!r}; at hand: {', '.join(at_hand) or 'none'}"
            )
    return wanted


async def _nothing_here(_: Request) -> Response:
    mounts = ", ".join(MOUNTS.values())
    return Response(f"Nothing here. The clouds are below {mounts}.\n", 404, media_type="text/plain")


class _VendorApp:
    """Answers for one vendor."""

    def __init__(self, vendor: str, journal: Journal | None) -> None:
        self.vendor = vendor
        self.journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # Starlette closes a refused WebSocket by itself only for routes.
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
            return
        request = Request(scope, receive)
        try:
            content = await _read(request)
        except ClientDisconnect:
            return
        path = _relative(scope, self.vendor)
        if content is None:
            problem = Problem("body", f"is larger than {MAX_BODY} bytes", "size")
            check, answer = self._refuse(RequestCheck(self.vendor, None, (problem,)), 413)
        elif len(content) > _LARGE:
            check, answer = await run_in_threadpool(self._answer, request, path, content)
        else:
            check, answer = self._answer(request, path, content)
        if self.journal is not None:
            self.journal.add(
                JournalEntry(
                    self.vendor,
                    check.operation_id,
                    request.method,
                    path,
                    check.ok,
                    check.problems,
                    answer.status,
                )
            )
        await Response(answer.content, answer.status, answer.headers)(scope, receive, send)

    def _answer(self, request: Request, path: str, content: bytes) -> tuple[RequestCheck, Answer]:
        spec = load_spec(self.vendor)
        query = request.scope["query_string"].decode("latin-1")
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        ]
        # A '#' cannot be part of a request target; encoded, it stays where it is.
        url = f"{path}?{query}".replace("#", "%23")
        check = check_request(spec, request.method, url, headers=headers, content=content)
        if not check.problems and check.operation_id is not None:
            return check, success_answer(spec.operation(check.operation_id), query, content)
        return self._refuse(check, None)

    def _refuse(self, check: RequestCheck, status: int | None) -> tuple[RequestCheck, Answer]:
        spec = load_spec(self.vendor)
        operation = None if check.operation_id is None else spec.operation(check.operation_id)
        refused = None if operation is None else refusal_status(spec, operation, check.problems)
        if status is None:
            status = refused or _ROUTE_STATUS.get(check.problems[0].rule, 400)
        text = "; ".join(str(problem) for problem in check.problems[:10])[:1000]
        answer = error_answer(spec, operation, status, text, refused is not None)
        # Header values: printable ASCII only.
        safe = "".join(char if " " <= char <= "~" else "?" for char in text)
        answer.headers["x-deviceclouds-problems"] = safe
        return check, answer


async def _read(request: Request) -> bytes | None:
    """The body; None for one that is too large."""
    length = request.headers.get("content-length", "")
    if (
        length.isascii()
        and length.isdigit()
        and (len(length) > _LENGTH_DIGITS or int(length) > MAX_BODY)
    ):
        return None
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _relative(scope: Scope, vendor: str) -> str:
    """The path below the vendor's mount, still percent-encoded."""
    raw = scope.get("raw_path") or scope["path"].encode()
    path: str = raw.decode("latin-1").partition("?")[0]
    mount = MOUNTS[vendor]
    position = path.find(mount)
    # Where the mount itself was percent-encoded there is nothing to cut: no operation then.
    return (path[position + len(mount) :] or "/") if position >= 0 else path
