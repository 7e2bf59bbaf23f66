"""The calls that get tokens: outside the vendor's API, with retries of their own, and replies that are never shown."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from ._auth import fits_header
from ._effects import Flow, Send
from ._errors import (
    ApiConnectionError,
    ApiStatusError,
    AuthenticationError,
    DecodeError,
    RateLimitError,
    status_error,
)
from ._flow import CallPlan, pause, printable
from ._http import Request, Response
from ._redact import without_credentials, without_secret
from ._retry import RETRIED_STATUSES, RetryPolicy, retry_after
from ._secret import Secret, SecretHeaders
from ._tokens import Token

__all__ = [
    "TokenCall",
    "end_of_life",
    "form",
    "json_body",
    "oauth_token",
    "read_json",
    "read_oauth_error",
    "read_token",
    "text_of",
    "text_or_none",
    "token_call",
]


LARGEST_REPLY = 1024 * 1024
"""Bytes; a token is a few thousand."""


class TokenCall:
    """A request for a token.

    Args:
        name: What errors call it, for example ``"sign-in"``.
        url: Where it goes.
        headers: Its headers, credentials included.
        content: Its body.
        method: HTTP method.
        policy: When it is sent again; the call's own policy if None.
        advice: What to do when the credentials are refused.
        read_error: Takes a decoded error body, gives code and message.
        secrets: What the request holds, for words of the cloud that repeat it.
        busy: Error codes that mean too many requests, whatever the status.
    """

    def __init__(
        self,
        name: str,
        url: str,
        headers: Mapping[str, str],
        content: Secret | None = None,
        *,
        method: str = "POST",
        policy: RetryPolicy | None = None,
        advice: str = "check the credentials",
        read_error: Callable[[Any], tuple[str | None, str | None]] | None = None,
        secrets: Sequence[Secret] = (),
        busy: Collection[str] = (),
    ) -> None:
        self.name = name
        self.url = url
        self.headers = SecretHeaders({"Accept": "application/json", **headers})
        self.content = content
        self.method = method
        self.policy = policy
        self.advice = advice
        self.read_error = read_error or read_oauth_error
        self.secrets = secrets
        self.busy = busy


def form(fields: Mapping[str, str | Secret]) -> Secret:
    """A form body that does not show itself."""
    return Secret(
        urlencode({k: v.reveal() if isinstance(v, Secret) else v for k, v in fields.items()})
    )


def json_body(fields: Mapping[str, Any]) -> Secret:
    """A JSON body that does not show itself; Secrets anywhere in it are revealed."""
    return Secret(json.dumps(fields, default=Secret.reveal, separators=(",", ":")))


def token_call(call: TokenCall, plan: CallPlan) -> Flow[Response]:
    """Sends until it succeeds or the policy gives up.

    Raises:
        AuthenticationError: The credentials were refused, with any 4xx status but 408 and 429.
        RateLimitError, ServerError, ApiConnectionError: As for other calls.
    """
    policy = call.policy or plan.retries
    started, attempt = plan.clock.now(), 0
    while True:
        attempt += 1
        failure: ApiStatusError | ApiConnectionError | DecodeError
        try:
            if plan.limiter is not None:
                yield from plan.limiter.admit(plan)
            request = _request(call, plan)
            if plan.watch is not None:
                plan.watch.sending(request, attempt)
            response: Response = yield Send(request)
            if plan.watch is not None:
                plan.watch.received(response)
            if 200 <= response.status_code < 300:
                response.attempts = attempt
                return response
            failure = _refused(call, plan, response)
            repeatable = failure.status_code in RETRIED_STATUSES or failure.code in call.busy
            asked = failure.retry_after
        except ApiConnectionError as error:
            failure, repeatable, asked = error, error.repeatable, None
        except DecodeError as error:  # too large
            failure, repeatable, asked = error, False, None
        failure.attempts = attempt
        if plan.watch is not None:
            plan.watch.failed(failure)
        if not repeatable:
            raise failure
        elapsed = plan.clock.now() - started
        yield from pause(failure, policy, elapsed, asked, plan.watch)


def _request(call: TokenCall, plan: CallPlan) -> Request:
    return Request(
        plan.config.vendor,
        call.name,
        call.method,
        call.url,
        call.headers,
        plan.timeout,
        content=None if call.content is None else call.content.reveal().encode(),
        private=True,
        # Headers of the user's own client may be credentials, and are meant for the vendor's API.
        foreign=call.url.split("/")[2] != plan.config.base_url.split("/")[2],
        max_reply=min(plan.config.max_reply, LARGEST_REPLY),
    )


def _refused(call: TokenCall, plan: CallPlan, response: Response) -> ApiStatusError:
    code, message = _words(call, response)
    status = response.status_code
    kind = status_error(status)
    if code is not None and code in call.busy:
        kind = RateLimitError
    elif 400 <= status < 500 and status not in RETRIED_STATUSES:
        kind = AuthenticationError
        message = (
            f"{message or _MEANINGS.get(status, 'the credentials were refused')}; {call.advice}"
        )
    elif 300 <= status < 400:
        message = "a redirect, which is not followed with credentials; check the address"
    # Neither body nor content: what a token endpoint says may hold credentials.
    return kind(
        printable(f"{status} {message or 'no token was given'}{f' [{code}]' if code else ''}"),
        status_code=status,
        code=code,
        request_id=response.request_id,
        retry_after=retry_after(response.headers),
        vendor=plan.config.vendor,
        operation=call.name,
    )


_MEANINGS: dict[int, str] = dict.fromkeys((404, 405, 410), "no tokens are given at this address")


def _words(call: TokenCall, response: Response) -> tuple[str | None, str | None]:
    try:
        code, message = call.read_error(read_json(response.content))
    except ValueError:
        return None, None
    return _harmless(code, call), _harmless(message, call)


def _harmless(words: str | None, call: TokenCall) -> str | None:
    """Words of the cloud without the credentials it was sent, which it may repeat."""
    if words is None:
        return None
    for secret in call.secrets:
        words = without_secret(words, secret)
    return without_credentials(words, {"": call.headers.get("Authorization", "")})


def read_oauth_error(body: Any) -> tuple[str | None, str | None]:
    """Code and message of ``{"error": "invalid_client", "error_description": "..."}`` and its relatives."""
    if not isinstance(body, dict):
        return None, None
    code = body.get("error") or body.get("errorCode")
    message = body.get("error_description") or body.get("errorSummary") or body.get("message")
    return text_or_none(code), text_or_none(message)


def read_token(
    call: TokenCall,
    plan: CallPlan,
    response: Response,
    pick: Callable[[Any], Token | None],
) -> Token:
    """The token in a reply.

    Args:
        call: The call, for the error's text.
        plan: The plan it was made for.
        response: The reply.
        pick: Takes the decoded reply, gives the token; None, KeyError or TypeError where there is none.

    Raises:
        DecodeError: There is none; the error does not show the reply, which may hold credentials.
    """
    token = _picked(response, pick)
    if token is None or not fits_header(token.access):
        kind = response.headers.get("content-type", "no content type")
        raise DecodeError(
            f"the reply ({response.status_code}, {kind}, {len(response.content)} bytes) holds no token;"
            " check the address: a proxy or a wrong host often answers with a page of its own",
            status_code=response.status_code,
            request_id=response.request_id,
            vendor=plan.config.vendor,
            operation=call.name,
            attempts=response.attempts,
        )
    return token


def _picked(response: Response, pick: Callable[[Any], Token | None]) -> Token | None:
    # In a frame of its own, which is gone when the error is raised.
    try:
        return pick(read_json(response.content))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def oauth_token(body: Any, now: float, lifetime: float | None = None) -> Token:
    """The token of an OAuth 2.0 reply; for :func:`read_token`.

    Args:
        body: The decoded reply.
        now: POSIX seconds at which it was asked for.
        lifetime: Seconds it lives where the reply does not say.
    """
    return Token(
        text_of(body["access_token"]),
        issued_at=now,
        expires_at=end_of_life(body.get("expires_in"), now, lifetime),
        refresh=text_or_none(body.get("refresh_token")),
    )


def end_of_life(seconds: Any, now: float, otherwise: float | None = None) -> float | None:
    """When a token ends that lives for a number of seconds, which may come as text.

    What is no number above 0 counts as not said: taken at its word, it would have every call get a new token.
    """
    try:
        life = float(seconds)
    except (TypeError, ValueError, OverflowError):
        life = math.nan
    if not 0 < life < math.inf:
        return None if otherwise is None else now + otherwise
    return now + life


def text_of(value: Any) -> str:
    """A value that has to be text, and not empty. Raises TypeError."""
    if not isinstance(value, str) or not value:
        raise TypeError("a token is text")
    return value


def text_or_none(value: Any) -> str | None:
    """A value that may be text; None for anything else, and for empty text."""
    return value if isinstance(value, str) and value else None


def read_json(content: bytes) -> Any:
    """Decoded JSON. Raises ValueError, whose traceback does not hold the content."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    raise ValueError("no JSON")
