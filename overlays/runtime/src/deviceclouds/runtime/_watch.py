"""What can be seen of a call from outside: one observer a call, made only where somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import logging

    from ._errors import DeviceCloudError
    from ._events import Event
    from ._flow import CallPlan
    from ._http import Request, Response
    from ._operation import Operation

__all__ = ["NumberedMaker", "Watch", "WatchMaker", "Watches", "is_own", "watch_with"]

NumberedMaker = Callable[[int, "Operation[Any]", "CallPlan"], "Watch | None"]
"""Makes an observer of one call, given the call's number among those of its client."""


class Watch(Protocol):
    """Is told what happens in one call, in the order it happens."""

    def sending(self, request: Request, attempt: int) -> None:
        """A request goes out; attempts count from 1."""
        ...

    def received(self, response: Response) -> None:
        """A reply of any status has come."""
        ...

    def failed(self, error: DeviceCloudError) -> None:
        """An attempt failed: no reply, or a status that is no success."""
        ...

    def waiting(self, seconds: float, reason: str) -> None:
        """The call waits: for a ``retry``, or because of the ``rate limit``."""
        ...

    def renewed(self, reason: str) -> None:
        """A new token was got, because it was ``missing``, ``due`` or ``refused``."""
        ...

    def finished(self, error: BaseException | None) -> None:
        """The call is over."""
        ...


class WatchMaker(Protocol):
    """Makes the observers of a client's calls."""

    def __call__(self, operation: Operation[Any], plan: CallPlan) -> Watch | None:
        """An observer for one call; None where nobody looks at this one."""
        ...


class Watches:
    """Several observers as one. They are told in turn: an exception of one keeps the news from those behind it."""

    __slots__ = ("_watches",)

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = watches

    def sending(self, request: Request, attempt: int) -> None:
        """See :class:`Watch`."""
        for watch in self._watches:
            watch.sending(request, attempt)

    def received(self, response: Response) -> None:
        """See :class:`Watch`."""
        for watch in self._watches:
            watch.received(response)

    def failed(self, error: DeviceCloudError) -> None:
        """See :class:`Watch`."""
        for watch in self._watches:
            watch.failed(error)

    def waiting(self, seconds: float, reason: str) -> None:
        """See :class:`Watch`."""
        for watch in self._watches:
            watch.waiting(seconds, reason)

    def renewed(self, reason: str) -> None:
        """See :class:`Watch`."""
        for watch in self._watches:
            watch.renewed(reason)

    def finished(self, error: BaseException | None) -> None:
        """See :class:`Watch`."""
        for watch in self._watches:
            watch.finished(error)


def watch_with(
    vendor: str,
    logger: logging.Logger,
    tracing: Any,
    on_event: Callable[[Event], object] | None,
) -> WatchMaker:
    """Numbers calls and makes observers: spans, then the log, then the user's function, which alone may raise.

    Args:
        vendor: Name of the vendor.
        logger: Where to write, if it takes anything at the time of the call.
        tracing: True, or a tracer provider; None or False for no spans.
        on_event: A function that takes an Event; None for none.

    Raises:
        ConfigurationError: One of the two cannot be used.
    """
    from ._logging import log_maker

    makers: list[NumberedMaker] = [log_maker(logger)]
    if tracing is not None and tracing is not False:
        from ._tracing import span_maker

        makers.insert(0, span_maker(tracing, vendor))
    if on_event is not None:
        from ._events import event_maker

        makers.append(event_maker(on_event, vendor))
    numbers = count(1)

    def make(operation: Operation[Any], plan: CallPlan) -> Watch | None:
        number = next(numbers)
        made = (make_one(number, operation, plan) for make_one in makers)
        watches = [watch for watch in made if watch is not None]
        return Watches(watches) if len(watches) > 1 else next(iter(watches), None)

    return make


def is_own(request: Request, operation: Operation[Any]) -> bool:
    """Whether a request is the operation's own; those for tokens go elsewhere, under names of their own."""
    return request.operation == operation.name
