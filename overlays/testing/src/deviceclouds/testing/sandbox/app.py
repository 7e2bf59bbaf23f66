"""The sandbox as an ASGI application: checks a request by its specification, then lets the vendor's cloud answer."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from .._check import check_request, check_response
from .._credentials import presented_token
from .._journal import Journal, JournalEntry
from .._load import MOUNTS, available_vendors
from .._problems import Problem, RequestCheck
from .._replies import Answer, error_answer, refusal_status, success_answer
from .._spec import load_spec
from .calls import Call, Refusal, Reply
from .doors import Doors
from .faults import Fault
from .tokens import DEMO
from .wire import MAX_BODY, origin_of, read_body, relative_path, send_answer, to_json
from .world import World

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from .._operations import Operation
    from .cloud import Cloud

__all__ = ["MAX_BODY", "VendorApp", "create_app", "known_vendors"]

# Checking more than this would hold up the other requests for too long.
_LARGE = 1024 * 1024

# Replies of at most so many bytes, and so many of them, are remembered as good: a megabyte for each vendor.
_SMALL, _MOST_CHECKED = 8 * 1024, 128

_ROUTE_STATUS = {"unknown-path": 404, "dot-segment": 404, "base-url": 404, "unknown-method": 405}
_HTML = b"<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


def create_app(
    vendors: Iterable[str] | None = None,
    *,
    journal: Journal | None = None,
    world: World | None = None,
    clouds: Mapping[str, Cloud] | None = None,
    routes: Iterable[BaseRoute] = (),
    strict: bool = False,
) -> ASGIApp:
    """Makes the application.

    Args:
        vendors: Names of the vendors; all whose specification is at hand if left out.
        journal: Where requests are recorded; in the world's own if left out.
        world: What the sandbox holds; a new one if left out.
        clouds: Behaviours by vendor. Without one, a valid request gets the example of its first success response.
        routes: Further addresses, such as controls and pages; they come first.
        strict: Whether a reply of ours that breaks the specification is an error; for tests of the sandbox itself.

    Raises:
        ValueError: A vendor is not known.
    """
    world = world or World()
    if journal is not None:
        world.journal = journal
    names = known_vendors(vendors)
    found: list[BaseRoute] = list(routes)
    apps: dict[str, ASGIApp] = {}
    for vendor in names:
        cloud = (clouds or {}).get(vendor)
        found += cloud.routes() if cloud is not None else []
        apps[MOUNTS[vendor]] = VendorApp(vendor, world, cloud, strict)
    mounts = [Mount(mount, app=app) for mount, app in apps.items()]
    app = Starlette(routes=[*found, *mounts, Route("/{rest:path}", _nothing_here)])
    # A redirect would hide a wrong path.
    app.router.redirect_slashes = False
    return Doors(app, apps, found)


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


class VendorApp:
    """Answers for one vendor."""

    def __init__(self, vendor: str, world: World, cloud: Cloud | None, strict: bool) -> None:
        self.vendor = vendor
        self.world = world
        self.cloud = cloud
        self.strict = strict
        self.spec = load_spec(vendor)
        # Replies, byte by byte, that were found to keep to the specification.
        self._checked: set[tuple[Any, ...]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # Starlette closes a refused WebSocket by itself only for routes.
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
            return
        try:
            content = await read_body(scope, receive)
        except ClientDisconnect:
            return
        path = relative_path(scope, self.vendor)
        if content is None:
            problem = Problem("body", f"is larger than {MAX_BODY} bytes", "size")
            check = RequestCheck(self.vendor, None, (problem,))
            answer = self._refuse(check, 413)
        elif len(content) > _LARGE:
            check, answer = await run_in_threadpool(self._answer, scope, path, content)
        else:
            check, answer = self._answer(scope, path, content)
        fault = self.world.faults.pick(self.vendor, check.operation_id or "")
        if fault is not None:
            limit = self._time_limit(check)
            if fault.latency:
                await asyncio.sleep(min(fault.latency, limit))
            late = fault.latency > limit
            answer = self._too_late(check, limit) if late else self._faulty(check, answer, fault)
        self.world.journal.add(
            JournalEntry(
                self.vendor,
                check.operation_id,
                scope["method"],
                path,
                check.ok,
                check.problems,
                answer.status,
                None if fault is None else fault.kind,
                self.world.clock.now(),
            )
        )
        await send_answer(answer, fault, scope, send)

    def _answer(self, scope: Scope, path: str, content: bytes) -> tuple[RequestCheck, Answer]:
        method, query = scope["method"], scope["query_string"].decode("latin-1")
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ]
        # A '#' cannot be part of a request target; encoded, it stays where it is.
        url = f"{path}?{query}".replace("#", "%23")
        check = check_request(self.spec, method, url, headers=headers, content=content)
        if check.problems or check.operation_id is None:
            return check, self._refuse(check, None)
        operation = self.spec.operation(check.operation_id)
        if self.cloud is None:
            return check, success_answer(operation, query, content)
        found = self.spec.find(method, path)
        call = Call(
            self.world,
            self.spec,
            operation,
            values=found.values if found is not None else {},
            query=query,
            headers=dict(headers),
            content=content,
            origin=origin_of(scope),
        )
        try:
            answer = self._behave(self.cloud, call)
        except Refusal as refusal:
            answer = self._refusal(operation, refusal)
        self._check_own(operation, answer)
        return check, answer

    def _behave(self, cloud: Cloud, call: Call) -> Answer:
        operation = call.operation
        if operation.security:
            self._check_token(cloud, call)
        with self.world.lock:
            cloud.admit(call)
            handler = cloud.handlers.get(operation.id)
            if handler is None:
                return success_answer(operation, "", call.content)
            return _as_answer(operation, handler(call))

    def _check_token(self, cloud: Cloud, call: Call) -> None:
        kind, token = presented_token(call.spec, call.operation, call.headers)
        state: str = self.world.tokens.state(self.vendor, token)
        if kind == "basic":
            state = "good" if token == f"{DEMO}:{DEMO}" else "credentials"
        if state != "good":
            raise cloud.refuse_token(state)

    def _refuse(self, check: RequestCheck, status: int | None) -> Answer:
        operation = None if check.operation_id is None else self.spec.operation(check.operation_id)
        refused = (
            None if operation is None else refusal_status(self.spec, operation, check.problems)
        )
        if status is None:
            status = refused or _ROUTE_STATUS.get(check.problems[0].rule, 400)
        text = "; ".join(str(problem) for problem in check.problems[:10])[:1000]
        refusal = self.cloud and self.cloud.refuse_request(operation, status, check.problems)
        if refusal:
            answer = self._refusal(operation, refusal)
        else:
            answer = error_answer(self.spec, operation, status, text, refused is not None)
        # Header values: printable ASCII only.
        safe = "".join(char if " " <= char <= "~" else "?" for char in text)
        answer.headers["x-deviceclouds-problems"] = safe
        return answer

    def _refusal(self, operation: Operation | None, refusal: Refusal) -> Answer:
        body = self.cloud and self.cloud.error(refusal.status, refusal.code, refusal.message)
        if body:
            content = to_json(body)
            answer = Answer(refusal.status, {"Content-Type": "application/json"}, content)
        else:
            answer = error_answer(self.spec, operation, refusal.status, refusal.message, False)
        answer.headers.update(refusal.headers)
        return answer

    def _time_limit(self, check: RequestCheck) -> float:
        """Seconds after which the vendor's server gives up, by ``x-timeout``."""
        if check.operation_id is None:
            return math.inf
        return float(self.spec.operation(check.operation_id).extensions.get("x-timeout", math.inf))

    def _too_late(self, check: RequestCheck, limit: float) -> Answer:
        # No source says how a server that gives up answers: 504 is HTTP's own word for it. What was asked for is done.
        operation = self.spec.operation(str(check.operation_id))
        said = f"the server's time limit of {limit:g} s is over"
        return error_answer(self.spec, operation, 504, said, False)

    def _faulty(self, check: RequestCheck, answer: Answer, fault: Fault) -> Answer:
        if fault.kind == "html":
            return Answer(fault.status, {"Content-Type": "text/html"}, _HTML)
        if fault.kind != "status":
            return answer
        operation = None if check.operation_id is None else self.spec.operation(check.operation_id)
        failed = error_answer(
            self.spec, operation, fault.status, "a fault that was asked for", False
        )
        if fault.retry_after is not None:
            failed.headers["Retry-After"] = f"{fault.retry_after:g}"
        return failed

    def _check_own(self, operation: Operation, answer: Answer) -> None:
        key = (operation.id, answer.status, *answer.headers.items(), answer.content)
        if key in self._checked:
            return
        checked = check_response(
            self.spec, operation.id, answer.status, headers=answer.headers, content=answer.content
        )
        wrong = [p for p in checked.problems if answer.status < 400 or p.rule != "status"]
        if wrong:
            self.world.own_problems.append((self.vendor, operation.id, str(wrong[0])))
            if self.strict:
                raise AssertionError(f"{self.vendor}.{operation.id}: {wrong[0]}")
        elif len(answer.content) <= _SMALL:
            if len(self._checked) >= _MOST_CHECKED:
                self._checked.clear()
            self._checked.add(key)


def _as_answer(operation: Operation, result: Any) -> Answer:
    reply = operation.success
    status = int(reply.status) if reply is not None and reply.status.isdigit() else 200
    if isinstance(result, Answer):
        return result
    given = result if isinstance(result, Reply) else Reply(result)
    headers = dict(given.headers)
    content = given.content
    if isinstance(content, bytes | str):
        documented = next(iter(reply.content), None) if reply is not None else None
        kind = given.content_type or documented or "application/octet-stream"
        headers["Content-Type"] = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
        data = content.encode() if isinstance(content, str) else content
    elif content is None and (reply is None or not reply.content):
        data = b""
    else:
        headers["Content-Type"] = given.content_type or "application/json"
        data = to_json(content)
    return Answer(given.status or status, headers, data)
