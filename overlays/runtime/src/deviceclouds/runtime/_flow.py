"""One call, from prepared request to decoded reply, written once for sync and async."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from ._clock import Clock
from ._config import ClientConfig, TimeoutTuple
from ._effects import Effect, Send, Sleep
from ._errors import (
    ApiConnectionError,
    ApiStatusError,
    ConfigurationError,
    DecodeError,
    DeviceCloudError,
    status_error,
)
from ._http import Response
from ._operation import Operation
from ._request import RequestParts, build_request
from ._retry import RETRIED_STATUSES, RetryPolicy, retry_after

if TYPE_CHECKING:
    from ._auth import AuthStrategy

__all__ = ["CallPlan", "decode_reply", "send_flow"]

ErrorReader = Callable[[Any], tuple[str | None, str | None]]
"""Takes a decoded error body, gives the vendor's code and message."""


class CallPlan:
    """Everything one call needs to know, beside the operation."""

    __slots__ = ("auth", "clock", "config", "parts", "read_error", "retries", "timeout")

    def __init__(
        self,
        *,
        config: ClientConfig,
        auth: Mapping[str, AuthStrategy],
        parts: RequestParts,
        timeout: TimeoutTuple,
        retries: RetryPolicy,
        read_error: ErrorReader,
        clock: Clock,
    ) -> None:
        self.config = config
        self.auth = auth
        self.parts = parts
        self.timeout = timeout
        self.retries = retries
        self.read_error = read_error
        self.clock = clock


def send_flow(operation: Operation[Any], plan: CallPlan) -> Generator[Effect, Any, Response]:
    """Sends until it succeeds, cannot be repeated, or the policy gives up. Raises errors of :mod:`._errors`."""
    started = plan.clock.now()
    attempt = 0
    try:
        while True:
            attempt += 1
            try:
                credentials = yield from _credentials(operation, plan)
                response: Response = yield Send(
                    build_request(operation, plan.parts, credentials, plan.timeout)
                )
                if 200 <= response.status_code < 300:
                    response.attempts = attempt
                    return response
                refused = _status_failure(operation, response, plan.read_error)
                failure: DeviceCloudError = refused
                repeatable, asked = refused.status_code in RETRIED_STATUSES, refused.retry_after
            except ApiConnectionError as error:
                failure, repeatable, asked = error, error.repeatable, None
            failure.attempts = attempt
            body = plan.parts.body
            if not (repeatable and plan.parts.idempotent and (body is None or body.repeatable)):
                raise failure
            wait = plan.retries.delay(attempt, asked, plan.clock.now() - started)
            if wait is None:
                raise failure
            yield Sleep(wait)
    finally:
        plan.parts.close()


def _credentials(
    operation: Operation[Any], plan: CallPlan
) -> Generator[Effect, Any, Mapping[str, str]]:
    if not operation.security:
        return {}
    for scheme in operation.security:
        strategy = plan.auth.get(scheme)
        if strategy is not None:
            return (yield from strategy.headers(operation.vendor))
    raise ConfigurationError(
        "this operation needs credentials and the client has none that fit; give them to the constructor,"
        " or set the vendor's environment variables and use from_env()",
        vendor=operation.vendor,
        operation=operation.name,
    )


def _status_failure(
    operation: Operation[Any], response: Response, read_error: ErrorReader
) -> ApiStatusError:
    from ._decode import decode_json

    body, code, message = None, None, None
    try:
        body = decode_json(response.content) if response.content else None
        code, message = read_error(body)
    except ValueError:
        pass
    kind = status_error(response.status_code)
    return kind(
        _shown(
            f"{response.status_code} {message or _meaning(response)}{f' [{code}]' if code else ''}"
        ),
        status_code=response.status_code,
        code=code,
        body=body,
        content=response.content,
        request_id=response.request_id,
        retry_after=retry_after(response.headers),
        vendor=operation.vendor,
        operation=operation.name,
    )


def _shown(text: str) -> str:
    """Words of a cloud as a line that a terminal and a log can take: of bearable length, nothing unprintable."""
    line = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[:_LONGEST_MESSAGE])
    return line if len(text) <= _LONGEST_MESSAGE else f"{line}... ({len(text)} characters)"


_LONGEST_MESSAGE = 500

_MEANINGS = {
    400: "the cloud refuses the request as it is",
    401: "the token is missing, wrong or expired",
    403: "this account may not do it, or the token is wrong",
    404: "there is no such thing, or not for this account",
    409: "it clashes with the present state",
    422: "a value is not acceptable",
    429: "too many requests; slow down",
}


def _meaning(response: Response) -> str:
    status = response.status_code
    if 300 <= status < 400:
        return "a redirect, which is not followed; check base_url"
    fallback = "the cloud failed" if 500 <= status < 600 else "the cloud refuses the request"
    return _MEANINGS.get(status, fallback)


def decode_reply(operation: Operation[Any], response: Response) -> Any:
    """The typed content of a success reply. Raises DecodeError for a body that cannot be read."""
    decode = operation.decode
    if decode is None:
        decode = operation.decode = _reply_decoder(operation)
    try:
        return decode(response.content)
    except (ValueError, TypeError) as error:
        raise undecodable(operation, response, error) from error


def _reply_decoder(operation: Operation[Any]) -> Callable[[bytes], Any]:
    shape, model = operation.reply
    if shape == "none":
        return lambda content: None
    if shape == "binary":
        return bytes
    if shape == "text":
        return lambda content: content.decode("utf-8-sig", "replace")
    from ._decode import decode_json, decode_model, decode_models, decode_union
    from ._models import model_class

    if model is None:
        return decode_json
    classes = [model_class(operation.vendor, name) for name in model.split("|")]
    if len(classes) > 1:
        return partial(decode_union, classes)
    return partial(decode_models if shape == "array" else decode_model, classes[0])


def undecodable(operation: Operation[Any], response: Response, error: Exception) -> DecodeError:
    """A DecodeError that says what came instead."""
    kind = response.headers.get("content-type", "no content type")
    why = (
        f"cannot be read: {error}; a proxy or a wrong base_url often answers with a page of its own"
    )
    if not response.content:
        why = "is empty, where the specification has a body"
    return DecodeError(
        _shown(f"the reply ({response.status_code}, {kind}, {len(response.content)} bytes) {why}"),
        status_code=response.status_code,
        content=response.content,
        request_id=response.request_id,
        vendor=operation.vendor,
        operation=operation.name,
        attempts=response.attempts,
    )
