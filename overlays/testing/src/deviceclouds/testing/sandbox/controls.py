"""Controls of a running sandbox, below ``/_sandbox/``, and its stored files, below ``/storage/``.

Requests that a page of another site may have caused are refused: see :mod:`.guard`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .faults import Fault
from .guard import guarded, read_limited

if TYPE_CHECKING:
    from starlette.requests import Request

    from .._journal import JournalEntry
    from .sandbox import Sandbox

__all__ = [
    "LARGEST_CONTROL",
    "LARGEST_STEP",
    "LATEST_TIME",
    "SHOWN_CALLS",
    "control_routes",
    "shown_call",
]

LARGEST_CONTROL = 64 * 1024
"""Bytes of a control's body at most."""

LARGEST_STEP = 10 * 366 * 86400.0
"""Seconds the clock jumps at most at once."""

LATEST_TIME = 7_258_118_400.0
"""The clock's end, the year 2200, in POSIX seconds: records with later dates would make no sense."""

SHOWN_CALLS = 200
"""How many of the latest calls the journal shows."""

_LONGEST_PATH = 500

# Whoever uploads says what a file is: opened in a browser it must not act as a page of ours.
_STORED_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; "
    "style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


def control_routes(sandbox: Sandbox) -> list[Route]:
    """Routes of the controls and of stored files."""
    controls, hosts = _Controls(sandbox), sandbox.hosts
    return [
        Route("/_sandbox/clock", guarded(controls.clock, hosts), methods=["GET", "POST"]),
        Route(
            "/_sandbox/faults", guarded(controls.faults, hosts), methods=["GET", "POST", "DELETE"]
        ),
        Route("/_sandbox/revoke", guarded(controls.revoke, hosts), methods=["POST"]),
        Route("/_sandbox/journal", guarded(controls.journal, hosts), methods=["GET", "DELETE"]),
        Route("/_sandbox/state", guarded(controls.state, hosts), methods=["GET"]),
        Route("/_sandbox/webhooks", guarded(controls.webhooks, hosts), methods=["GET", "POST"]),
        Route("/_sandbox/reset", guarded(controls.reset, hosts), methods=["POST"]),
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
                    step = _number(wanted["advance"], "advance", 0, LARGEST_STEP)
                    if clock.now() + step > LATEST_TIME:
                        raise _BadControlError(
                            "the sandbox's clock ends in the year 2200; reset it"
                        )
                    clock.advance(step)
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
        return JSONResponse([shown_call(n, entry) for n, entry in journal.latest(SHOWN_CALLS)])

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

    async def webhooks(self, request: Request) -> Response:
        """GET tells what became of the latest deliveries; POST sends first what is due, and waits for it."""
        if request.method == "POST":
            await run_in_threadpool(self._sandbox.deliver_webhooks)
        return JSONResponse([asdict(one) for one in self._sandbox.webhooks.log[-SHOWN_CALLS:]])

    async def reset(self, request: Request) -> Response:
        """POST ``{}``, or ``{"seed": 2, "size": 0.1}``: everything is as it was in the beginning."""
        try:
            wanted = await _body(request)
            if wanted.keys() - {"seed", "size"}:
                raise _BadControlError("give seed (a whole number) or size (0 to 10)")
            seed = wanted.get("seed")
            if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
                raise _BadControlError("seed is a whole number")
            self._sandbox.reset(seed=seed, size=wanted.get("size"))
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
        return Response(found.content, media_type=found.content_type, headers=_STORED_HEADERS)


def shown_call(number: int, entry: JournalEntry) -> dict[str, Any]:
    """An entry of the journal, as the control and the page show it; long paths are cut."""
    path = entry.path
    return {
        "number": number,
        "vendor": entry.vendor,
        "operation": entry.operation_id,
        "method": entry.method,
        "path": path
        if len(path) <= _LONGEST_PATH
        else f"{path[:_LONGEST_PATH]}\N{HORIZONTAL ELLIPSIS}",
        "status": entry.status,
        "ok": entry.ok,
        "problems": [str(problem) for problem in entry.problems],
        "fault": entry.fault,
        "at": entry.at,
    }


async def _body(request: Request) -> dict[str, Any]:
    content = await read_limited(request, LARGEST_CONTROL)
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
