"""Transports that answer every request with the specification's example of the operation that is being called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

import httpx2

from ..._operations import Operation
from ..._replies import Answer, success_answers
from ..exchange import Exchange
from ..paging import at_pointer
from .boundaries import boundary_values

if TYPE_CHECKING:
    from ..._spec import Spec

__all__ = ["AsyncStandIn", "NoWait", "StandIn", "SyncStandIn", "boundary_answers"]

_MOST_REPLIES = 12


class NoWait:
    """A clock for clients whose waits take no time."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def now(self) -> float:
        """Seconds; sleeping is what lets them pass."""
        return self._seconds

    def wall(self) -> float:
        """POSIX seconds of a moment in 2026, and what was slept."""
        return 1_790_000_000.0 + self._seconds

    def sleep(self, seconds: float) -> None:
        """Passes at once."""
        self._seconds += max(0.0, seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Passes at once."""
        self.sleep(seconds)


class StandIn:
    """Keeps what was sent since :meth:`expect`, and answers with one documented success after the other."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._answers: Iterator[Answer] = iter(())

    def expect(self, operation: Operation, turn: int, answer: Answer | None = None) -> None:
        """Says which operation is called next; ``turn`` picks one of its success replies, or one is given."""
        answers = success_answers(operation) if answer is None else [answer]
        self.exchanges = []
        self._answers = (answers[(turn + index) % len(answers)] for index in count())

    def answer(self, request: httpx2.Request, content: bytes) -> httpx2.Response:
        """The reply, after the exchange was kept."""
        answer = next(self._answers)
        self.exchanges.append(
            Exchange(
                request.method,
                _url(request.url),
                _pairs(request.headers.raw),
                content,
                answer.status,
                list(answer.headers.items()),
                answer.content,
            )
        )
        return httpx2.Response(
            answer.status, headers=answer.headers, content=answer.content, request=request
        )


class SyncStandIn(httpx2.BaseTransport):
    """For sync clients."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2."""
        return self._stand_in.answer(request, request.read())


class AsyncStandIn(httpx2.AsyncBaseTransport):
    """For async clients."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2."""
        return self._stand_in.answer(request, await request.aread())


def boundary_answers(spec: Spec, operation: Operation) -> list[Answer]:
    """Success replies at the bounds of their schema."""
    reply = operation.success
    kind, media = next(iter(reply.content.items()), ("", {})) if reply is not None else ("", {})
    is_json, is_text = "json" in kind, kind.startswith("text/")
    if reply is None or not (is_json or is_text) or not reply.status.isdigit():
        return []
    schema = media.get("schema", {})
    rows = [v for v in boundary_values(spec, schema) if not spec.checker.problems(schema, v, "")]
    if "x-pagination" in operation.extensions:
        # Clients refuse a page without its list on purpose: it may be an error told with status 200.
        items = operation.extensions["x-pagination"]["items"]
        rows = [row for row in rows if at_pointer(row, items) is not None]
    header = {"content-type": kind if is_json else f"{kind}; charset=utf-8"}
    texts = [json.dumps(row, ensure_ascii=False) if is_json else row for row in rows]
    return [Answer(int(reply.status), header, text.encode()) for text in texts[:_MOST_REPLIES]]


def _url(url: httpx2.URL) -> str:
    """The address as it travels; str() of it may show some characters decoded."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}"


def _pairs(raw: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
