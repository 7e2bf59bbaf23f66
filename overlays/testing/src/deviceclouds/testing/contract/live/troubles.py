"""What to make of a call that raised: a finding, a reason, or the end of the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from deviceclouds.runtime import (
    ApiConnectionError,
    ApiStatusError,
    DecodeError,
    DeviceCloudError,
    PaginationError,
    PartialFailureError,
    RateLimitError,
    ServerError,
    TokenQuotaError,
)

from ..results import EXIT_CREDENTIALS, EXIT_UNREACHABLE, Finding
from .access import variables_of
from .faults import why
from .guard import NotPlannedError
from .verdict import is_elsewhere
from .wire import CutReplyError

if TYPE_CHECKING:
    from .plan import Step
    from .verdict import Verdict

__all__ = ["EndOfRunError", "Troubles"]

MOST_FAILURES = 3
"""Connections that fail in a row before a run ends."""

REFUSALS = frozenset({401, 403})

MOST_REFUSALS = 5
"""Operations that are refused before a run ends, as long as none was answered."""


class EndOfRunError(Exception):
    """Going on makes no sense.

    Attributes:
        exit_code: Exit status of the run.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Troubles:
    """Judges errors of calls.

    Args:
        vendor: Name of the vendor.
        token_refused: Whether an error may mean that the credentials do not suffice.
    """

    def __init__(self, vendor: str, token_refused: Callable[[ApiStatusError], bool]) -> None:
        self._vendor = vendor
        self._token_refused = token_refused
        self._in_a_row = 0
        self._refusals = 0
        self._answers = 0

    def answered(self) -> None:
        """A call went well."""
        self._in_a_row = 0
        self._answers += 1

    def take(self, error: Exception, step: Step, verdict: Verdict) -> None:
        """Takes what a call raised.

        Raises:
            EndOfRunError: The run cannot go on.
        """
        if isinstance(error, NotPlannedError):
            if error.sign_in:
                verdict.explain(f"refused, and {error}", refused=True)
            elif error.one_more and verdict.statuses & REFUSALS:
                # With a new token it would be asked again: that is what repeats are for.
                verdict.explain("refused, and the repeats of the plan are used up", refused=True)
            else:
                verdict.add([Finding("request", "url", f"not sent: {error}", "not-in-plan")])
        elif isinstance(error, CutReplyError):
            verdict.explain(f"not judged: {error}", unreachable=True)
            if error.broken:
                self.unconnected(str(error))
        elif isinstance(error, DeviceCloudError) and error.operation != step.name:
            self._sign_in_failed(error, verdict)
        elif isinstance(error, ApiConnectionError):
            reason = why(error)
            verdict.explain(f"no reply: {reason}", unreachable=True)
            self.unconnected(reason)
        elif isinstance(error, ApiStatusError):
            self._status(error, verdict)
        elif isinstance(error, PaginationError):
            verdict.add([Finding("paging", "body", "its pages never end", "endless")])
        elif isinstance(error, DecodeError):
            said = "the client cannot read the reply"
            verdict.add([Finding("decoding", "body", said, "unreadable")])
        elif isinstance(error, PartialFailureError):
            self.answered()
            verdict.explain(f"answered {error.status_code} and said in the body that it failed")
        else:
            # Its words may hold values.
            said = f"the client refuses what it was given ({type(error).__name__})"
            verdict.add([Finding("request", "arguments", said, "refused-by-client")])

    def unconnected(self, reason: str) -> None:
        """Takes a connection that failed, with why. Raises EndOfRunError after some in a row."""
        self._in_a_row += 1
        if self._in_a_row >= MOST_FAILURES:
            raise EndOfRunError(
                f"{self._vendor} cannot be reached: {self._in_a_row} connections in a row failed"
                f" (the last: {reason}); check network, proxy and base URL",
                EXIT_UNREACHABLE,
            )

    def _status(self, error: ApiStatusError, verdict: Verdict) -> None:
        self._in_a_row = 0
        status = error.status_code
        if isinstance(error, RateLimitError | ServerError):
            verdict.explain(f"answered {status}", unreachable=True)
        elif status in REFUSALS or self._token_refused(error):
            verdict.explain(
                f"answered {status}: the credentials or their rights do not suffice", refused=True
            )
            self._refusals += 1
            if self._refusals >= MOST_REFUSALS and not self._answers:
                raise EndOfRunError(
                    f"{self._vendor} refuses these credentials; check {variables_of(self._vendor)}",
                    EXIT_CREDENTIALS,
                )
        else:
            verdict.explain(f"answered {status}")

    def _sign_in_failed(self, error: DeviceCloudError, verdict: Verdict) -> None:
        """Without a token nothing else can be called."""
        if isinstance(error, ApiConnectionError):
            reason = why(error)
            verdict.explain(f"the sign-in got no reply: {reason}", unreachable=True)
            self.unconnected(reason)
            return
        variables = variables_of(self._vendor)
        if isinstance(error, RateLimitError | ServerError):
            verdict.explain("the sign-in failed", unreachable=True)
            raise EndOfRunError(
                f"{self._vendor}: the sign-in failed (status {error.status_code}); try again later,"
                " or check the base URL",
                EXIT_UNREACHABLE,
            )
        if isinstance(error, DecodeError):
            verdict.explain("the sign-in gave no token", unreachable=True)
            raise EndOfRunError(
                f"{self._vendor}: the sign-in was answered {error.status_code} with something that holds no token,"
                " perhaps a web page; check the base URL",
                EXIT_UNREACHABLE,
            )
        if isinstance(error, ApiStatusError) and is_elsewhere(error.status_code):
            verdict.explain("the sign-in was not found", unreachable=True)
            raise EndOfRunError(
                f"{self._vendor}: the sign-in was answered {error.status_code}, so its address is wrong;"
                " check the base URL",
                EXIT_UNREACHABLE,
            )
        verdict.explain("the sign-in was refused", refused=True)
        if isinstance(error, TokenQuotaError):
            raise EndOfRunError(f"{self._vendor}: {error.message}", EXIT_CREDENTIALS)
        raise EndOfRunError(
            f"{self._vendor}: the sign-in was refused; check {variables}", EXIT_CREDENTIALS
        )
