"""One call, from prepared request to decoded reply, written once for sync and async."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ._clock import Clock
from ._config import ClientConfig, TimeoutTuple
from ._effects import Flow, Send, Sleep
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
    from ._limits import Limiter
    from ._vendor import VendorRules
    from ._watch import Watch, WatchMaker

T = TypeVar("T")

__all__ = [
    "CallPlan",
    "call_flow",
    "decode_reply",
    "pause",
    "printable",
    "send_flow",
]


class CallPlan:
    """Everything one call needs to know, beside the operation."""

    __slots__ = (
        "auth",
        "clock",
        "config",
        "limiter",
        "parts",
        "retries",
        "rules",
        "timeout",
        "watch",
        "watch_maker",
    )

    def __init__(
        self,
        *,
        config: ClientConfig,
        auth: Mapping[str, AuthStrategy],
        parts: RequestParts,
        timeout: TimeoutTuple,
        retries: RetryPolicy,
        rules: VendorRules,
        clock: Clock,
        limiter: Limiter | None = None,
    ) -> None:
        self.config = config
        self.auth = auth
        self.parts = parts
        self.timeout = timeout
        self.retries = retries
        self.rules = rules
        self.clock = clock
        self.limiter = limiter
        self.watch_maker: WatchMaker | None = None
        self.watch: Watch | None = None


def call_flow(operation: Operation[T], plan: CallPlan) -> Flow[T]:
    """One call with its typed result."""
    response = yield from send_flow(operation, plan)
    result: T = decode_reply(operation, response)
    return result


def send_flow(operation: Operation[Any], plan: CallPlan) -> Flow[Response]:
    """Sends until it succeeds, cannot be repeated, or the policy gives up. Raises errors of :mod:`._errors`."""
    watch = None if plan.watch_maker is None else plan.watch_maker(operation, plan)
    if watch is None:
        return _send(operation, plan)
    # A pager sends its first plan each time it is walked: every call is watched on its own.
    watched = copy(plan)
    watched.watch = watch
    return _watched(operation, watched, watch)


def _watched(operation: Operation[Any], plan: CallPlan, watch: Watch) -> Flow[Response]:
    try:
        response = yield from _send(operation, plan)
    except BaseException as error:
        watch.finished(error)
        raise
    watch.finished(None)
    return response


def _send(operation: Operation[Any], plan: CallPlan) -> Flow[Response]:
    strategy = _strategy(operation, plan)
    started, attempt, renewals = plan.clock.now(), 0, 0
    again: Mapping[str, str] | None = None
    try:
        while True:
            if again is not None:
                credentials, again = again, None
            else:
                credentials = (
                    NO_CREDENTIALS if strategy is None else (yield from strategy.headers(plan))
                )
            if plan.limiter is not None and not plan.limiter.lets_in(plan.clock):
                yield from plan.limiter.admit(plan)
            attempt += 1
            request = build_request(operation, plan.parts, credentials, plan.timeout)
            if plan.watch is not None:
                plan.watch.sending(request, attempt)
            failure: ApiStatusError | ApiConnectionError | DecodeError
            try:
                response: Response = yield Send(request)
            except (ApiConnectionError, DecodeError) as error:
                failure = error
            else:
                if plan.watch is not None:
                    plan.watch.received(response)
                if 200 <= response.status_code < 300:
                    response.attempts, response.credentials = attempt, credentials
                    if renewals and strategy is not None:
                        strategy.accepted(credentials)
                    if plan.rules.check_reply is not None:
                        plan.rules.check_reply(operation, response)
                    return response
                failure = _status_failure(operation, response, plan, credentials)
            failure.attempts = attempt
            if plan.watch is not None:
                plan.watch.failed(failure)
            if strategy is not None and _refuses_token(failure, plan):
                if renewals < MOST_RENEWALS:
                    # A body that cannot be sent again ends this call; the next one should not end like it.
                    again = yield from strategy.renew(plan, credentials, renewals)
                if again is None or not _sent_again(plan):
                    raise failure
                renewals += 1
            elif not (_passes(failure) and plan.parts.idempotent and _sent_again(plan)):
                raise failure
            else:
                elapsed, asked = plan.clock.now() - started, getattr(failure, "retry_after", None)
                yield from pause(failure, plan.retries, elapsed, asked, plan.watch)
    finally:
        plan.parts.close()


def _refuses_token(failure: DeviceCloudError, plan: CallPlan) -> bool:
    return isinstance(failure, ApiStatusError) and plan.rules.token_refused(failure)


def _passes(failure: DeviceCloudError) -> bool:
    """Whether a failure is of the kind that goes by."""
    if isinstance(failure, ApiStatusError):
        return failure.status_code in RETRIED_STATUSES
    return isinstance(failure, ApiConnectionError) and failure.repeatable


NO_CREDENTIALS: Mapping[str, str] = {}

MOST_RENEWALS = 3
"""Tokens a call may be given beyond its first: others may have them revoked as fast as we renew."""


def _sent_again(plan: CallPlan) -> bool:
    """Whether the body can be sent a second time."""
    return plan.parts.body is None or plan.parts.body.repeatable


def pause(
    failure: DeviceCloudError,
    policy: RetryPolicy,
    elapsed: float,
    asked: float | None,
    watch: Watch | None = None,
) -> Flow[None]:
    """Waits before the next attempt, or raises the failure where the policy gives up."""
    wait = policy.delay(failure.attempts, asked, elapsed)
    if wait is None:
        raise failure
    if watch is not None:
        watch.waiting(wait, "retry")
    yield Sleep(wait)


def _strategy(operation: Operation[Any], plan: CallPlan) -> AuthStrategy | None:
    if not operation.security:
        return None
    for scheme in operation.security:
        strategy = plan.auth.get(scheme)
        if strategy is not None:
            return strategy
    raise ConfigurationError(
        "this operation needs credentials and the client has none that fit; give them to the constructor,"
        f" or use from_env() with {plan.rules.variables}",
        vendor=operation.vendor,
        operation=operation.name,
    )


def _status_failure(
    operation: Operation[Any],
    response: Response,
    plan: CallPlan,
    credentials: Mapping[str, str],
) -> ApiStatusError:
    from ._decode import decode_json
    from ._redact import without_credentials

    body, code, message = None, None, None
    # A cloud may repeat what it was sent, and errors are shown and written down.
    content = without_credentials(response.content, credentials)
    try:
        body = decode_json(content) if content else None
        code, message = plan.rules.read_error(body)
    except ValueError:
        pass
    hint = None if plan.rules.hint is None else plan.rules.hint(code)
    kind = status_error(response.status_code)
    text = printable(
        f"{response.status_code} {message or _meaning(response)}{f' [{code}]' if code else ''}"
    )
    return kind(
        f"{text} ({hint})" if hint else text,
        status_code=response.status_code,
        code=code,
        body=body,
        content=content,
        request_id=response.request_id,
        retry_after=retry_after(response.headers),
        hint=hint,
        vendor=operation.vendor,
        operation=operation.name,
    )


def printable(text: str) -> str:
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
    from ._redact import forget_frames, without_credentials

    forget_frames(error)  # those of decoders hold the reply
    kind = response.headers.get("content-type", "no content type")
    why = (
        f"cannot be read: {error}; a proxy or a wrong base_url often answers with a page of its own"
    )
    if not response.content:
        why = "is empty, where the specification has a body"
    return DecodeError(
        printable(
            f"the reply ({response.status_code}, {kind}, {len(response.content)} bytes) {why}"
        ),
        status_code=response.status_code,
        content=without_credentials(response.content, response.credentials),
        request_id=response.request_id,
        vendor=operation.vendor,
        operation=operation.name,
        attempts=response.attempts,
    )
