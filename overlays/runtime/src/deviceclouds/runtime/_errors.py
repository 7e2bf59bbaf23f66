"""What can go wrong, as one tree. Every error names the vendor, the operation and a remedy."""

from __future__ import annotations

from typing import Any

__all__ = [
    "ApiConnectionError",
    "ApiStatusError",
    "ApiTimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "DecodeError",
    "DeviceCloudError",
    "InvalidRequestError",
    "NotFoundError",
    "PaginationError",
    "PartialFailureError",
    "PermissionDeniedError",
    "RateLimitError",
    "ServerError",
    "TokenQuotaError",
    "TokenQuotaWarning",
    "UnprocessableError",
    "UnverifiedOperationWarning",
    "WaitTimeoutError",
    "WorkFailedError",
    "status_error",
]


class DeviceCloudError(Exception):
    """Anything this library raises.

    Attributes:
        vendor: Which client, for example ``"aitrios"``.
        operation: Namespace and method, for example ``"manage_devices.get_devices"``; empty outside a call.
        message: What was wrong, and what to do about it.
        attempts: How many times the request was sent (0 when nothing left the machine).
    """

    def __init__(
        self, message: str, *, vendor: str = "", operation: str = "", attempts: int = 0
    ) -> None:
        super().__init__(message)
        self.message = message
        self.vendor = vendor
        self.operation = operation
        self.attempts = attempts

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors cross process borders in task queues; the default calls __init__ without the keywords.
        return _restore, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        where = ".".join(part for part in (self.vendor, self.operation) if part)
        return f"{where}: {self.message}" if where else self.message


def _restore(kind: type[Any], args: tuple[Any, ...], state: dict[str, Any]) -> Any:
    error: Any = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class ConfigurationError(DeviceCloudError):
    """The client was set up in a way that cannot work: a missing credential, a bad base URL."""


class InvalidRequestError(DeviceCloudError, ValueError):
    """An argument breaks the specification. Nothing was sent."""


class ApiConnectionError(DeviceCloudError):
    """The request did not get through, or its reply broke off. The network's own error is ``__cause__``."""

    repeatable = True
    """Whether trying again can help; not where the fault is on this side, such as a file that cannot be read."""


class ApiTimeoutError(ApiConnectionError):
    """The cloud did not answer in time."""


class DecodeError(DeviceCloudError):
    """Data that cannot be read, for example a web page where JSON was expected.

    Attributes:
        status_code: HTTP status of the reply; 0 for data that did not come as a reply.
        content: The reply's body, as bytes; empty for a reply that holds credentials.
        request_id: The vendor's id of this request, where a header has one.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int = 0,
        content: bytes = b"",
        request_id: str | None = None,
        **where: Any,
    ) -> None:
        super().__init__(message, **where)
        self.status_code = status_code
        self.content = content
        self.request_id = request_id


class PaginationError(DeviceCloudError):
    """A list that cannot be walked: a cursor that repeats, a page that does not move on.

    Attributes:
        request_id: The vendor's id of the request for the page that does not lead on, where a header has one.
    """

    request_id: str | None = None


class PartialFailureError(DeviceCloudError):
    """The cloud answered 200 and said in the body that it did not do, or only partly did, what was asked.

    Attributes:
        status_code: HTTP status of the reply.
        code: The vendor's own code.
        body: The decoded reply.
        request_id: The vendor's id of this request, where a header has one.
        hint: What the code means, where more is known than the message says.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None,
        body: Any,
        status_code: int = 200,
        request_id: str | None = None,
        hint: str | None = None,
        **where: Any,
    ) -> None:
        super().__init__(message, **where)
        self.status_code = status_code
        self.code = code
        self.body = body
        self.request_id = request_id
        self.hint = hint


class WaitTimeoutError(DeviceCloudError):
    """Slow work did not finish before the deadline. It may still be running.

    Attributes:
        last: What the cloud said of it last; None if it never said anything.
    """

    def __init__(self, message: str, *, last: Any = None, **where: Any) -> None:
        super().__init__(message, **where)
        self.last = last


class WorkFailedError(DeviceCloudError):
    """The cloud says that slow work has failed.

    Attributes:
        last: What the cloud said of it.
    """

    def __init__(self, message: str, *, last: Any = None, **where: Any) -> None:
        super().__init__(message, **where)
        self.last = last


class TokenQuotaError(DeviceCloudError):
    """The token calls a vendor allows in a month are used up. Nothing was sent."""


class TokenQuotaWarning(UserWarning):
    """Most of the token calls a vendor allows in a month are used up."""


class ApiStatusError(DeviceCloudError):
    """The cloud answered with a status that is no success.

    Attributes:
        status_code: HTTP status.
        code: The vendor's own error code, where the body has one.
        body: The decoded JSON body, or None where it is no JSON.
        content: The body as bytes.
        request_id: The vendor's id of this request, where a header has one.
        retry_after: Seconds the vendor asks to wait, where it says so.
        hint: What the code means, where more is known than the message says.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        code: str | None = None,
        body: Any = None,
        content: bytes = b"",
        request_id: str | None = None,
        retry_after: float | None = None,
        hint: str | None = None,
        **where: Any,
    ) -> None:
        super().__init__(message, **where)
        self.status_code = status_code
        self.code = code
        self.body = body
        self.content = content
        self.request_id = request_id
        self.retry_after = retry_after
        self.hint = hint


class BadRequestError(ApiStatusError):
    """400: the cloud refuses the request as it is."""


class AuthenticationError(ApiStatusError):
    """401: the token is missing, wrong or expired."""


class PermissionDeniedError(ApiStatusError):
    """403: this account may not do it."""


class NotFoundError(ApiStatusError):
    """404: there is no such thing, or not for this account."""


class ConflictError(ApiStatusError):
    """409: it clashes with the present state."""


class UnprocessableError(ApiStatusError):
    """422: well formed, but a value is not acceptable."""


class RateLimitError(ApiStatusError):
    """429: too many requests."""


class ServerError(ApiStatusError):
    """5xx: the cloud failed."""


class UnverifiedOperationWarning(UserWarning):
    """The path or method of an operation is a guess nobody has checked against the live service."""


_BY_STATUS: dict[int, type[ApiStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableError,
    429: RateLimitError,
}


def status_error(status_code: int) -> type[ApiStatusError]:
    """The class for an HTTP status; statuses no standard knows (520, 999) are fine."""
    if 500 <= status_code < 600:
        return ServerError
    return _BY_STATUS.get(status_code, ApiStatusError)
