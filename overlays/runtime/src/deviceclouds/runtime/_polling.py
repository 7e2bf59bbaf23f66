"""Waiting for slow work: look, tell, wait, until it is done, has failed, or the deadline is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from ._effects import Flow, Sleep
from ._errors import (
    ApiConnectionError,
    InvalidRequestError,
    RateLimitError,
    ServerError,
    WaitTimeoutError,
    WorkFailedError,
)
from ._operation import Poll
from ._retry import is_seconds
from ._unset import UNSET
from ._workflow import Progress, Workflow

__all__ = ["Patience", "state_at", "wait_until"]

T = TypeVar("T")


class Patience(NamedTuple):
    """How long and how often a workflow looks.

    Attributes:
        timeout: Seconds until WaitTimeoutError.
        interval: Seconds between two looks; they grow to four times as many.
        first_wait: Seconds before the first look.
    """

    timeout: float
    interval: float
    first_wait: float = 0.0

    def check(self, vendor: str, operation: str) -> None:
        """Raises InvalidRequestError for what is no number of seconds; to be called before work is begun."""
        for label, seconds in (("timeout", self.timeout), ("interval", self.interval)):
            if not is_seconds(seconds) or (label == "interval" and seconds == 0):
                raise InvalidRequestError(
                    f"{label}={seconds!r} is not usable; give a number of seconds",
                    vendor=vendor,
                    operation=operation,
                )


def wait_until(
    work: Workflow,
    look: Callable[[], Flow[T]],
    *,
    what: str,
    state: Callable[[T], Any],
    poll: Poll,
    patience: Patience,
    on_progress: Progress | None = None,
) -> Flow[T]:
    """Looks until the work is done; ends with what was seen last.

    A look that fails because the cloud is out of reach or busy is not the end: the next one may succeed. It comes no
    sooner than the cloud asks for with Retry-After.

    Args:
        work: What to wait with.
        look: Makes the flow of one look.
        what: The work, for errors: ``"deployment 42"``.
        state: Takes what was seen, gives the state that ``poll`` names.
        poll: Which states mean done, and which failed.
        patience: How long and how often to look.
        on_progress: Is given each new sight.

    Raises:
        WorkFailedError: The cloud says so.
        WaitTimeoutError: The deadline is over; the work may still be running.
        InvalidRequestError: ``timeout`` or ``interval`` is no number of seconds.
    """
    vendor, name = work.core.config.vendor, poll.operation
    patience.check(vendor, name)
    deadline = work.clock.now() + patience.timeout
    pause, longest = patience.interval, patience.interval * 4
    last: T | None = None
    trouble: ApiConnectionError | ServerError | RateLimitError | None = None
    if patience.first_wait:
        yield Sleep(min(patience.first_wait, patience.timeout))
    while True:
        try:
            last = yield from look()
            trouble = None
        except (ApiConnectionError, ServerError, RateLimitError) as error:
            if isinstance(error, ApiConnectionError) and not error.repeatable:
                raise  # the fault is on this side, and stays
            trouble = error
        else:
            yield from work.tell(on_progress, last)
            seen = state(last)
            if seen in poll.done:
                return last
            if seen in poll.failed:
                raise WorkFailedError(
                    f"{what} has failed: the cloud gives its state as {seen!r}; .last holds the details",
                    last=last,
                    vendor=vendor,
                    operation=name,
                )
        left = deadline - work.clock.now()
        if left <= 0:
            seen_last = "never answered" if last is None else f"last state {state(last)!r}"
            raise WaitTimeoutError(
                f"{what} was not done within {patience.timeout:g} seconds ({seen_last}); it may still be running:"
                " wait again, or with a larger timeout=",
                last=last,
                vendor=vendor,
                operation=name,
            ) from trouble
        yield Sleep(min(max(pause, getattr(trouble, "retry_after", None) or 0), left))
        pause = min(pause * 1.5, longest)


def state_at(found: Any, pointer: Sequence[str]) -> Any:
    """The state in a reply, by the pointer of ``x-poll``; None where there is nothing.

    Args:
        found: A model, or plain data.
        pointer: Names on the wire, or numbers for places in a list.
    """
    value = found.to_dict() if hasattr(found, "to_dict") else found
    for step in pointer:
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return None if value is UNSET else value
