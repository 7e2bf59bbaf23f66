"""Controls of a running sandbox, below ``/_sandbox/``, and its stored files, below ``/storage/``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .faults import Fault

if TYPE_CHECKING:
    from starlette.requests import Request

    from .sandbox import Sandbox

__all__ = ["control_routes"]

LARGEST_CONTROL = 64 * 1024


def control_routes(sandbox: Sandbox) -> list[Route]:
    """Routes of the controls and of stored files."""
    controls = _Controls(sandbox)
    return [
        Route("/_sandbox/clock", controls.clock, methods=["GET", "POST"]),
        Route("/_sandbox/faults", controls.faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/revoke", controls.revoke, methods=["POST"]),
        Route("/_sandbox/journal", controls.journal, methods=["GET", "DELETE"]),
        Route("/_sandbox/state", controls.state, methods=["GET"]),
        Route("/_sandbox/reset", controls.reset, methods=["POST"]),
        Route("/storage/{name:path}", controls.stored, methods=["GET", "HEAD"]),
    ]


class _BadControlError(ValueError):
    """A control that was used in a wrong way."""


class _Controls:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def clock(self, request: Request) -> Response:
        """GET tells the time; POST ``{"advance": 60}``, ``{"freeze": true}`` or ``{"freeze": false}`` changes it."""
        clock = self._sandbox.clock
        if request.method == "POST":
            try:
                wanted = await _body(request)
                unknown = wanted.keys() - {"advance", "freeze"}
                if unknown or not wanted:
                    raise _BadControlError("give advance (seconds) or freeze (true, false)")
                if "advance" in wanted:
                    clock.advance(_number(wanted["advance"], "advance", 0, 10 * 366 * 86400))
                if "freeze" in wanted:
                    (clock.freeze if wanted["freeze"] else clock.resume)()
            except ValueError as error:
                return _bad(error)
        return JSONResponse({"now": clock.datetime().isoformat(), "frozen": clock.frozen})

    async def faults(self, request: Request) -> Response:
        """GET lists the rules, POST adds one (fields of ``Fault``), DELETE forgets all."""
        faults = self._sandbox.world.faults
        if request.method == "DELETE":
            faults.clear()
        if request.method == "POST":
            try:
                wanted = await _body(request)
                if wanted.keys() - Fault.__slots__:
                    raise _BadControlError(f"a fault has {', '.join(Fault.__slots__)}")
                self._sandbox.fail(**wanted)
            except (ValueError, TypeError) as error:
                return _bad(error)
        return JSONResponse([asdict(rule) for rule in faults.rules])

    async def revoke(self, request: Request) -> Response:
        """POST ``{"vendor": "aitrios", "demo": false}`` makes tokens worthless."""
        try:
            wanted = await _body(request)
            vendor = wanted.get("vendor")
            if vendor is not None and vendor not in self._sandbox.vendors:
                raise _BadControlError(f"vendor is one of {', '.join(self._sandbox.vendors)}")
            number = self._sandbox.revoke(vendor, demo=bool(wanted.get("demo")))
        except ValueError as error:
            return _bad(error)
        return JSONResponse({"revoked": number})

    async def journal(self, request: Request) -> Response:
        """GET gives the latest requests, without anything secret; DELETE forgets them."""
        journal = self._sandbox.journal
        if request.method == "DELETE":
            journal.clear()
        entries = journal.entries[-200:]
        return JSONResponse(
            [
                {
                    "vendor": e.vendor,
                    "operation": e.operation_id,
                    "method": e.method,
                    "path": e.path,
                    "status": e.status,
                    "ok": e.ok,
                    "problems": [str(problem) for problem in e.problems],
                    "fault": e.fault,
                    "at": e.at,
                }
                for e in entries
            ]
        )

    async def state(self, request: Request) -> Response:
        """GET gives the fleets at a glance."""
        sandbox = self._sandbox
        return JSONResponse(
            {
                "vendors": {
                    vendor: dict(cloud.fleet()) for vendor, cloud in sandbox.clouds.items()
                },
                "seed": sandbox.world.seed,
                "size": sandbox.world.size,
                "tokens": sandbox.world.tokens.count,
                "own_problems": [list(problem) for problem in sandbox.world.own_problems],
            }
        )

    async def reset(self, request: Request) -> Response:
        """POST ``{}``, or ``{"seed": 2, "size": 0.1}``: everything is as it was in the beginning."""
        try:
            wanted = await _body(request)
            if wanted.keys() - {"seed", "size"}:
                raise _BadControlError("give seed (a whole number) or size (0 to 10)")
            self._sandbox.reset(**wanted)
        except (ValueError, TypeError) as error:
            return _bad(error)
        return await self.state(request)

    async def stored(self, request: Request) -> Response:
        """A stored file, by a signed address."""
        query = request.query_params
        found = self._sandbox.world.storage.open(
            request.path_params["name"], query.get("expires", ""), query.get("signature", "")
        )
        if isinstance(found, int):
            words = (
                "the address has ended, or its signature is wrong"
                if found == 403
                else "no such file"
            )
            return Response(f"{words}\n", found, media_type="text/plain")
        return Response(found.content, media_type=found.content_type)


async def _body(request: Request) -> dict[str, Any]:
    content = await request.body()
    if len(content) > LARGEST_CONTROL:
        raise _BadControlError("the body is too large")
    try:
        found = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        raise _BadControlError("the body is no JSON") from None
    if not isinstance(found, dict):
        raise _BadControlError("the body is no JSON object")
    return found


def _number(value: Any, name: str, least: float, most: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        raise _BadControlError(f"{name} is a number from {least:g} to {most:g}")
    return float(value)


def _bad(error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)
