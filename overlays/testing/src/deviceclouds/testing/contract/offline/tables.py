"""What calls do not show: tables and classes of the client, walks through lists, and what it sends a second time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx2

from ..._calls import invocation
from .declared import is_repeatable, table_problems
from .inputs import example_inputs
from .shapes import body_shape_problems, reply_shape_problems
from .walks import ListStandIn, Walking, walking

if TYPE_CHECKING:
    from .calling import ClientRun

__all__ = ["check_repeats", "check_tables", "check_walks"]


def check_tables(run: ClientRun, operation_ids: Iterable[str], names: Mapping[str, str]) -> None:
    """Compares tables and classes; only for the specification that the client was made from.

    Args:
        run: Takes what is found.
        operation_ids: Operations to look at.
        names: Namespace and method of the client by operationId.
    """
    for operation_id in operation_ids:
        known = run.known(operation_id)
        if known is None:
            continue
        operation = run.spec.operations[operation_id]
        for location, said in table_problems(run.spec, operation, known, names):
            run.add(operation_id, "request", location, said)
        for location, said in body_shape_problems(run.spec, operation, known):
            run.add(operation_id, "request", location, said)
        for location, said in reply_shape_problems(run.spec, operation, known):
            run.add(operation_id, "decoding", location, said)


def check_walks(run: ClientRun, operation_ids: Iterable[str]) -> None:
    """Walks through each list, with the sync and the async client."""
    wanted = list(operation_ids)

    async def walk(operation_id: str) -> list[str]:
        found = _walking(run, operation_id, whole=False)
        if found is None:
            return []
        async with run.async_client(_AsyncList(found.stand_in)) as client:
            return await found.asynchronous(client)

    async def walks() -> dict[str, list[str]]:
        return {operation_id: await walk(operation_id) for operation_id in wanted}

    # In a thread of its own: the caller may be on an event loop.
    with ThreadPoolExecutor(1) as executor:
        awaited = executor.submit(asyncio.run, walks()).result()
    for operation_id in wanted:
        found = _walking(run, operation_id, whole=True)
        if found is not None:
            client = run.sync_client(_SyncList(found.stand_in))
            rules = run.spec.operations[operation_id].extensions["x-pagination"]
            for said in dict.fromkeys([*found.sync(client), *awaited[operation_id]]):
                run.add(operation_id, "paging", f"body{rules['items']}", said)


def _walking(run: ClientRun, operation_id: str, *, whole: bool) -> Walking | None:
    known = run.known(operation_id)
    if known is None:
        return None
    return walking(run.spec, run.spec.operations[operation_id], known, whole=whole)


def check_repeats(run: ClientRun, operation_ids: Iterable[str]) -> None:
    """Lets every call fail for the moment: what acts twice when it is sent twice must be sent once."""
    busy = _Busy()
    client = run.sync_client(busy, retries=1)
    for operation_id in operation_ids:
        operation, known = run.spec.operations[operation_id], run.known(operation_id)
        inputs = example_inputs(run.spec, operation)
        if known is None or not inputs:
            continue
        busy.sent = 0
        with contextlib.suppress(Exception):  # it has to fail; other checks look at how calls fare
            invocation(known, inputs[0].parameters, inputs[0].body, whole=True).call(client)
        if busy.sent > 1 and not is_repeatable(operation):
            said = "is sent again after a failure, and the specification does not allow it"
            run.add(operation_id, "request", "operation.idempotent", said)


class _Busy(httpx2.BaseTransport):
    """Answers 503, and counts."""

    def __init__(self) -> None:
        self.sent = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.sent += 1
        return httpx2.Response(503, content=b"", request=request)


class _SyncList(httpx2.BaseTransport):
    def __init__(self, stand_in: ListStandIn) -> None:
        self._stand_in = stand_in

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._stand_in.answer(request, request.read())


class _AsyncList(httpx2.AsyncBaseTransport):
    def __init__(self, stand_in: ListStandIn) -> None:
        self._stand_in = stand_in

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._stand_in.answer(request, await request.aread())
