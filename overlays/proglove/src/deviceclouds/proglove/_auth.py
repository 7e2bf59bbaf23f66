"""IdTokens of Insight: its sign-in is Amazon Cognito, spoken to over plain HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from deviceclouds.runtime._auth import read_secret
from deviceclouds.runtime._config import read_base_url
from deviceclouds.runtime._errors import AuthenticationError, ConfigurationError, DecodeError
from deviceclouds.runtime._renewal import RenewingToken, store_key
from deviceclouds.runtime._secret import Secret
from deviceclouds.runtime._token_call import (
    TokenCall,
    end_of_life,
    json_body,
    read_json,
    read_token,
    text_of,
    text_or_none,
    token_call,
)
from deviceclouds.runtime._tokens import Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._flow import CallPlan
    from deviceclouds.runtime._http import Response
    from deviceclouds.runtime._tokens import TokenStore

__all__ = ["CognitoPassword", "password_login"]

LIFETIME = 3600.0
"""Seconds an IdToken lives where the reply does not say."""

BUSY = frozenset({"TooManyRequestsException", "LimitExceededException"})
"""Cognito sends these with status 400, as its API reference says."""

ADVICE = "check username= and password= by signing in to the web portal"


def password_login(
    customer_id: str | None,
    username: str | None,
    password: str | Secret | None,
    base_url: str,
    *,
    cognito_url: str | None,
    store: TokenStore | None,
) -> RenewingToken:
    """The strategy for a user's password. Raises ConfigurationError where something is missing."""
    hidden = read_secret(password, "password", "proglove")
    if not username or hidden is None:
        raise ConfigurationError(
            "username= and password= (PROGLOVE_USERNAME, PROGLOVE_PASSWORD) only work together",
            vendor="proglove",
        )
    if not customer_id:
        raise ConfigurationError(
            "signing in needs customer_id= (PROGLOVE_CUSTOMER_ID): it tells where this customer's users are kept",
            vendor="proglove",
        )
    if cognito_url is not None:
        cognito_url = read_base_url(cognito_url, "proglove", "cognito_url")
    source = CognitoPassword(customer_id, username, hidden, cognito_url)
    key = store_key("proglove", read_base_url(base_url, "proglove"), customer_id, username)
    # The token is the whole header: with "Bearer" before it the cloud answers 403.
    return RenewingToken(source, key=key, store=store, prefix="")


class CognitoPassword:
    """Signs in with a password, and renews with the refresh token that comes with it.

    The vendor documents the steps: ``auth-information`` names region and client id, Cognito's ``InitiateAuth`` gives
    an IdToken for an hour.
    """

    def __init__(
        self, customer_id: str, username: str, password: Secret, cognito_url: str | None
    ) -> None:
        self._customer_id = customer_id
        self._username = username
        self._password = password
        self._cognito_url = cognito_url
        self._client: tuple[str, str] | None = None

    def fetch(self, plan: CallPlan, old: Token | None) -> Flow[Token]:
        """See :class:`~deviceclouds.runtime._renewal.TokenSource`."""
        if self._client is None:
            self._client = yield from self._discover(plan)
        if old is not None and old.refresh is not None:
            try:
                return (yield from self._refresh(plan, self._client, old.refresh))
            except AuthenticationError:
                pass  # the refresh token has had its time; the password has not
        return (yield from self._sign_in(plan, self._client))

    def _discover(self, plan: CallPlan) -> Flow[tuple[str, str]]:
        """Address of the user pool and id of its client, for this customer."""
        customer = quote(self._customer_id, safe="")
        call = TokenCall(
            "auth-information",
            f"{plan.config.base_url}/auth-information?id={customer}",
            {},
            method="GET",
            advice="check base_url= and customer_id= against the portal's integration page",
            read_error=plan.rules.read_error,
        )
        response = yield from token_call(call, plan)
        found = _pool_of(response)
        if found is None:
            raise DecodeError(
                f"the reply ({response.status_code}, {len(response.content)} bytes) does not name region and client of"
                " the sign-in; check base_url= and customer_id=",
                status_code=response.status_code,
                content=response.content,
                request_id=response.request_id,
                vendor=plan.config.vendor,
                operation=call.name,
                attempts=response.attempts,
            )
        region, client_id = found
        return self._cognito_url or f"https://cognito-idp.{region}.amazonaws.com", client_id

    def _sign_in(self, plan: CallPlan, client: tuple[str, str]) -> Flow[Token]:
        parameters: dict[str, str | Secret] = {
            "USERNAME": self._username,
            "PASSWORD": self._password,
        }
        return (yield from self._initiate(plan, client, "USER_PASSWORD_AUTH", parameters))

    def _refresh(self, plan: CallPlan, client: tuple[str, str], refresh: Secret) -> Flow[Token]:
        parameters = {"REFRESH_TOKEN": refresh}
        token: Token = yield from self._initiate(plan, client, "REFRESH_TOKEN", parameters)
        # Cognito gives no new refresh token here; the old one goes on working.
        token.refresh = token.refresh or refresh
        return token

    def _initiate(
        self,
        plan: CallPlan,
        client: tuple[str, str],
        flow: str,
        parameters: Mapping[str, str | Secret],
    ) -> Flow[Token]:
        url, client_id = client
        call = TokenCall(
            "sign-in" if flow == "USER_PASSWORD_AUTH" else "refresh",
            f"{url}/",
            {
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            },
            json_body({"AuthFlow": flow, "ClientId": client_id, "AuthParameters": parameters}),
            advice=ADVICE,
            read_error=read_cognito_error,
            secrets=[value for value in parameters.values() if isinstance(value, Secret)],
            busy=BUSY,
        )
        now = plan.clock.wall()
        response = yield from token_call(call, plan)
        challenge = _challenge_of(response)
        if challenge is not None:
            raise AuthenticationError(
                f"the sign-in asks for a further step ({challenge}), which only a person can do; sign in to the web"
                " portal once, or use an account without it",
                status_code=response.status_code,
                code=challenge,
                request_id=response.request_id,
                attempts=response.attempts,
                vendor=plan.config.vendor,
                operation=call.name,
            )
        return read_token(call, plan, response, lambda body: _id_token(body, now))


def _pool_of(response: Response) -> tuple[str, str] | None:
    try:
        body = read_json(response.content)
        region, client_id = body["region"], body["user_pool_client_id"]
    except (ValueError, KeyError, TypeError):
        return None
    # The region becomes part of a host name that gets the password.
    if not isinstance(region, str) or not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d{1,2}", region):
        return None
    return (region, client_id) if isinstance(client_id, str) else None


def _challenge_of(response: Response) -> str | None:
    try:
        name = read_json(response.content).get("ChallengeName")
    except (ValueError, AttributeError):
        return None
    return name if isinstance(name, str) else None


def _id_token(body: Any, now: float) -> Token:
    result = body["AuthenticationResult"]
    return Token(
        text_of(result["IdToken"]),
        issued_at=now,
        expires_at=end_of_life(result.get("ExpiresIn"), now, LIFETIME),
        refresh=text_or_none(result.get("RefreshToken")),
    )


def read_cognito_error(body: Any) -> tuple[str | None, str | None]:
    """Code and message of ``{"__type": "NotAuthorizedException", "message": "..."}``."""
    if not isinstance(body, dict):
        return None, None
    kind, message = body.get("__type"), body.get("message") or body.get("Message")
    code = kind.rpartition("#")[2] if isinstance(kind, str) else None
    return code, message if isinstance(message, str) else None
