"""What happens in a call, written to the standard library's logging, without secrets."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._errors import DeviceCloudError
    from ._flow import CallPlan
    from ._http import Request, Response
    from ._operation import Operation
    from ._watch import NumberedMaker

__all__ = ["LogWatch", "log_maker"]


def log_maker(logger: logging.Logger) -> NumberedMaker:
    """Makes observers that write to a logger, as long as it takes what they write."""

    def make(number: int, operation: Operation[Any], plan: CallPlan) -> LogWatch | None:
        if not logger.isEnabledFor(logging.INFO):
            return None
        return LogWatch(logger, number, operation, plan)

    return make


class LogWatch:
    """Writes what happens in one call: at INFO that it waits to try again and that it got a token, at DEBUG the rest.

    Args:
        logger: Where to.
        number: The call's number, which tells calls apart that run side by side.
        operation: What is called.
        plan: The call.
    """

    __slots__ = (
        "_attempt",
        "_began",
        "_debug",
        "_failure",
        "_logger",
        "_number",
        "_operation",
        "_plan",
        "_request",
        "_started",
    )

    def __init__(
        self, logger: logging.Logger, number: int, operation: Operation[Any], plan: CallPlan
    ) -> None:
        self._logger = logger
        self._number = number
        self._debug = logger.isEnabledFor(logging.DEBUG)
        self._operation = operation
        self._plan = plan
        self._began = self._started = plan.clock.now() if self._debug else 0.0
        self._attempt = 0
        self._request: Request | None = None
        self._failure: DeviceCloudError | None = None

    def sending(self, request: Request, attempt: int) -> None:
        """See :class:`~._watch.Watch`."""
        if not self._debug:
            return
        from ._redaction import shown_headers, shown_request, shown_url

        self._attempt, self._request, self._started = attempt, request, self._plan.clock.now()
        self._logger.debug(
            "%s, request %d: %s %s; %s; %s",
            self._name,
            attempt,
            request.method,
            shown_url(request, self._operation, self._plan.config),
            shown_headers(request.headers),
            shown_request(request, self._operation),
        )

    def received(self, response: Response) -> None:
        """See :class:`~._watch.Watch`."""
        if self._request is None:
            return
        from ._redaction import shown_headers, shown_reply

        self._logger.debug(
            "%s, reply %d: %d after %.3f s; %s; %s",
            self._name,
            self._attempt,
            response.status_code,
            self._plan.clock.now() - self._started,
            shown_headers(response.headers),
            shown_reply(response, self._request, self._operation),
        )

    def failed(self, error: DeviceCloudError) -> None:
        """See :class:`~._watch.Watch`."""
        self._failure = error
        if self._debug:
            self._logger.debug("%s, attempt %d failed: %s", self._name, error.attempts, told(error))

    def waiting(self, seconds: float, reason: str) -> None:
        """See :class:`~._watch.Watch`."""
        failure = self._failure
        if reason == "retry" and failure is not None:
            self._logger.info(
                "%s: attempt %d failed (%s); trying again in %.3g s",
                f"call {self._number}, {failure.operation}",
                failure.attempts,
                told(failure),
                seconds,
            )
        elif self._debug:
            self._logger.debug("%s: waits %.3g s for the %s", self._name, seconds, reason)

    def renewed(self, reason: str) -> None:
        """See :class:`~._watch.Watch`."""
        self._request = None
        self._logger.info("%s: got a token: %s", self._name, _WHY.get(reason, reason))

    def finished(self, error: BaseException | None) -> None:
        """See :class:`~._watch.Watch`."""
        if self._debug:
            self._logger.debug(
                "call %d, %s: %s after %.3f s",
                self._number,
                self._operation.name,
                "done" if error is None else f"failed ({told(error)})",
                self._plan.clock.now() - self._began,
            )

    @property
    def _name(self) -> str:
        """Who sends: the operation, or a request for its token."""
        name = self._operation.name if self._request is None else self._request.operation
        return f"call {self._number}, {name}"


_WHY = {
    "missing": "there was none",
    "due": "the old one runs out",
    "refused": "the cloud refused the old one",
}


def told(error: BaseException) -> str:
    """An error without its words, which may be the cloud's and repeat what was sent."""
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__}{f', status {status}' if status else ''}"
