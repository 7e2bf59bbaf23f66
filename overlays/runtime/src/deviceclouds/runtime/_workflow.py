"""What a workflow, a flow of several calls, may do: call operations, wait, say how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ._callers import plan_further
from ._clock import Clock
from ._core import CallOptions, Core
from ._effects import Flow, Notify
from ._flow import call_flow, send_flow
from ._http import Response
from ._operation import Operation, PagedOperation
from ._pages import Page, read_page

__all__ = ["Progress", "Workflow"]

T = TypeVar("T")

Progress = Callable[[Any], object]
"""Is told how far a workflow is; in an async client it may be a coroutine function."""


class Workflow:
    """Calls operations from within a flow. Arguments have the names the facades give them.

    Args:
        core: The client's settings and credentials.
        clock: What it waits by.
    """

    def __init__(self, core: Core, clock: Clock) -> None:
        self.core = core
        self.clock = clock

    def call(
        self,
        operation: Operation[T],
        arguments: Mapping[str, Any],
        options: CallOptions | None = None,
    ) -> Flow[T]:
        """Calls an operation; the flow ends with its typed result. Raises like any call."""
        return call_flow(operation, self.core.plan(operation, arguments, options or {}, self.clock))

    def send(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, Any],
        options: CallOptions | None = None,
    ) -> Flow[Response]:
        """Calls an operation; the flow ends with the reply as it came."""
        return send_flow(operation, self.core.plan(operation, arguments, options or {}, self.clock))

    def items(
        self,
        operation: PagedOperation[T],
        arguments: Mapping[str, Any],
        options: CallOptions | None = None,
    ) -> Flow[Sequence[T]]:
        """The items of all pages of a list."""
        from ._walk import Walk

        walk, found = Walk(operation, arguments), list[T]()
        while not walk.done:
            wanted = walk.arguments()
            plan = plan_further(
                self.core, operation, wanted, options or {}, self.clock, further=walk.moved
            )
            page: Page[T] = read_page(operation, (yield from send_flow(operation, plan)))
            walk.accept(page)
            found.extend(page.items)
        return found

    def tell(self, progress: Progress | None, news: Any) -> Flow[None]:
        """Tells the user's callback, if there is one."""
        if progress is not None:
            yield Notify(progress, news)
