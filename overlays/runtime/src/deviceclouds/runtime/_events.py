"""What happens in a call, told to a function of the user's as plain values that hold no secret."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Literal

from ._errors import ConfigurationError
from ._request import route_of
from ._watch import is_own

if TYPE_CHECKING:
    from ._errors import DeviceCloudError
    from ._flow import CallPlan
    from ._http import Request, Response
    from ._operation import Operation
    from ._watch import NumberedMaker

__all__ = ["Event", "EventName", "event_maker"]

EventName = Literal["request", "response", "failure", "wait", "token", "call"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened in a call.

    A call gives, in this order and as often as they happen: ``request`` when a request goes out; ``response`` when
    its reply has come, with any status; ``failure`` when there was no reply, or its status is no success; ``wait``
    before the call sleeps; ``token`` when a new token was got; and once, at its end, ``call``. Requests for tokens
    belong to the call that needed them. No field holds a value of the call's arguments, a header or a body.

    Attributes:
        name: What happened.
        vendor: Which client, for example ``"aitrios"``.
        operation: Namespace and method, for example ``"manage_devices.get_devices"``.
        call: Number of the call among those of its client; the same in all events of one call.
        method: HTTP method.
        path: Path of the operation with its placeholders; of a request for a token, its address without the query.
        attempt: Which request it is about, from 1; 0 before the first. In ``call``: how many there were, without those
            for tokens.
        token_request: What a request for a token is called, for example ``"sign-in"``; None for the operation's own.
        status_code: HTTP status of the reply, where there is one. In ``call``: of the last one.
        request_id: The vendor's id of the request, where a header of the reply has one.
        seconds: In ``response`` and ``failure``, since the request went out; in ``call``, of the whole call.
        wait: In ``wait``, how many seconds the call sleeps.
        reason: In ``wait``, ``"retry"`` or ``"rate limit"``; in ``token``, whether the old one was ``"missing"``,
            ``"due"`` or ``"refused"``.
        error: In ``failure``, and in the ``call`` of one that failed, the name of the error's class.
    """

    name: EventName
    vendor: str
    operation: str
    call: int
    method: str
    path: str
    attempt: int = 0
    token_request: str | None = None
    status_code: int | None = None
    request_id: str | None = None
    seconds: float | None = None
    wait: float | None = None
    reason: str | None = None
    error: str | None = None


def event_maker(on_event: Callable[[Event], object], vendor: str) -> NumberedMaker:
    """Makes observers that call a function of the user's. Raises ConfigurationError for what cannot be called."""
    if not callable(on_event) or _runs_later(on_event):
        raise ConfigurationError(
            "on_event is a plain function that takes an Event; for async work, let it put the event into a queue",
            vendor=vendor,
        )
    return partial(EventWatch, on_event)


def _runs_later(function: Any) -> bool:
    """Whether calling it only makes something that would have to be awaited or walked."""
    kinds = (
        inspect.iscoroutinefunction,
        inspect.isasyncgenfunction,
        inspect.isgeneratorfunction,
    )
    return any(kind(f) for kind in kinds for f in (function, getattr(function, "__call__", None)))  # noqa: B004


class EventWatch:
    """Tells a function what happens in one call. An exception of the function ends the call, and the telling."""

    __slots__ = (
        "_attempt",
        "_began",
        "_clock",
        "_number",
        "_operation",
        "_own_attempts",
        "_request",
        "_response",
        "_route",
        "_started",
        "_tell",
    )

    def __init__(
        self,
        tell: Callable[[Event], object],
        number: int,
        operation: Operation[Any],
        plan: CallPlan,
    ) -> None:
        self._tell: Callable[[Event], object] | None = tell
        self._number = number
        self._operation = operation
        self._route = route_of(operation, plan.config)
        self._clock = plan.clock
        self._began = self._started = plan.clock.now()
        self._attempt = self._own_attempts = 0
        self._request: Request | None = None
        self._response: Response | None = None

    def sending(self, request: Request, attempt: int) -> None:
        """See :class:`~._watch.Watch`."""
        self._started = self._clock.now()
        self._attempt, self._request, self._response = attempt, request, None
        if is_own(request, self._operation):
            self._own_attempts = attempt
        self._about_request("request")

    def received(self, response: Response) -> None:
        """See :class:`~._watch.Watch`."""
        self._response = response
        self._about_request("response", seconds=self._clock.now() - self._started)

    def failed(self, error: DeviceCloudError) -> None:
        """See :class:`~._watch.Watch`."""
        seconds = self._clock.now() - self._started
        self._about_request("failure", seconds=seconds, error=type(error).__name__)

    def waiting(self, seconds: float, reason: str) -> None:
        """See :class:`~._watch.Watch`."""
        self._about_call("wait", wait=seconds, reason=reason)

    def renewed(self, reason: str) -> None:
        """See :class:`~._watch.Watch`."""
        self._attempt, self._response = self._own_attempts, None
        self._about_call("token", reason=reason)

    def finished(self, error: BaseException | None) -> None:
        """See :class:`~._watch.Watch`."""
        self._attempt = self._own_attempts
        self._about_call(
            "call",
            seconds=self._clock.now() - self._began,
            error=None if error is None else type(error).__name__,
            **self._of_reply(),
        )

    def _about_request(self, name: EventName, **fields: Any) -> None:
        request, (method, path) = self._request, self._route
        if request is not None and not is_own(request, self._operation):
            method, path = request.method, request.url.partition("?")[0]
            fields["token_request"] = request.operation
        self._emit(name, method, path, {**fields, **self._of_reply()})

    def _about_call(self, name: EventName, **fields: Any) -> None:
        self._emit(name, *self._route, fields)

    def _of_reply(self) -> dict[str, Any]:
        response = self._response
        if response is None:
            return {}
        return {"status_code": response.status_code, "request_id": response.request_id}

    def _emit(self, name: EventName, method: str, path: str, fields: dict[str, Any]) -> None:
        tell, self._tell = self._tell, None
        if tell is None:
            return
        result = tell(
            Event(
                name=name,
                vendor=self._operation.vendor,
                operation=self._operation.name,
                call=self._number,
                method=method,
                path=path,
                attempt=self._attempt,
                **fields,
            )
        )
        if isinstance(result, CoroutineType):
            result.close()
            raise ConfigurationError(
                "on_event gave a coroutine, which nobody awaits; give a plain function",
                vendor=self._operation.vendor,
                operation=self._operation.name,
            )
        self._tell = tell
