"""An account with each vendor: credentials, the calls that get tokens, and how a token is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.runtime.support import reply

from .planted import (
    CLIENT_ID,
    CLIENT_SECRET,
    ISSUED,
    PASSWORD,
    REFRESH_TOKEN,
    SECRET_KEY,
    USERNAME,
)

__all__ = ["ACCOUNTS", "LIFE", "POOL", "VENDORS", "Account", "jwt"]

LIFE = 3600
"""Seconds that tokens of these clouds live."""

POOL = {
    "region": "eu-west-1",
    "customer_id": "cust",
    "user_pool_id": "eu-west-1_abc",
    "user_pool_client_id": "pool-client",
}


@dataclass(frozen=True)
class Account:
    """How to sign in with one vendor.

    Attributes:
        vendor: The vendor.
        arguments: The constructor's.
        tokens_at: Ends of addresses that give tokens, and what errors call the step.
        grant: The reply that gives token number n at a time.
        call: An operation that may be repeated.
        refusal: The reply to a token that is not good any more.
        prefix: What stands before the token.
    """

    vendor: str
    arguments: dict[str, Any]
    tokens_at: dict[str, str]
    grant: Callable[[int, float], httpx2.Response]
    call: Callable[[Any], Any]
    refusal: httpx2.Response
    prefix: str = "Bearer "

    def step(self, request: httpx2.Request) -> str | None:
        """What a request is for: the name of a step of signing in, or None for the API itself."""
        address = url_of(request).partition("?")[0]
        for end, name in self.tokens_at.items():
            if address.endswith(end):
                if name == "cognito":
                    flow = json.loads(request.content)["AuthFlow"]
                    return "sign-in" if flow == "USER_PASSWORD_AUTH" else "refresh"
                return name
        return None


def url_of(request: httpx2.Request) -> str:
    """Where a request went; addresses of requests for tokens do not show their query by themselves."""
    url = request.url
    return f"{url.scheme}://{url.netloc.decode()}{url.raw_path.decode()}"


def access(number: int) -> str:
    """The access token of a number."""
    return f"{ISSUED}-access-{number}"


def jwt(number: int, now: float, life: float = LIFE) -> str:
    """A JSON Web Token of a number, unsigned."""
    claims = {"n": access(number), "iat": now, "exp": now + life}
    parts = [{"alg": "none"}, claims]
    coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts]
    return ".".join([*coded, "signature"])


def _oauth(number: int, now: float) -> dict[str, Any]:
    return {"access_token": access(number), "token_type": "Bearer", "expires_in": LIFE}


def _cognito(number: int, now: float) -> httpx2.Response:
    result = {"IdToken": access(number), "ExpiresIn": LIFE, "AccessToken": f"{ISSUED}-other"}
    if number == 1:
        # Cognito gives a refresh token to those who sign in, not to those who come with one.
        result["RefreshToken"] = f"{ISSUED}-refresh-{number}"
    return reply({"AuthenticationResult": result})


def _scailable(number: int, now: float) -> httpx2.Response:
    refresh = f"{ISSUED}-refresh-{number}"
    return reply({"AccessToken": jwt(number, now), "RefreshToken": refresh})


ACCOUNTS = {
    "aitrios": Account(
        "aitrios",
        {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
        {"/oauth2/default/v1/token": "sign-in"},
        lambda number, now: reply(_oauth(number, now)),
        lambda client: client.manage_devices.get_device("d"),
        reply({"result": "ERROR", "code": "E.SC.API.0000002", "message": "x", "time": "t"}, 401),
    ),
    "amnimo": Account(
        "amnimo",
        {
            "client_id": CLIENT_ID,
            "secret_key": SECRET_KEY,
            "subscription_id": "sub",
            "account_id": "acc",
        },
        {"/oauth2/token": "auth.issue_token"},
        lambda number, now: reply(_oauth(number, now)),
        lambda client: client.cameras.get_camera("c"),
        reply([{"status": "403", "message": "x"}], 403),
    ),
    "proglove": Account(
        "proglove",
        {
            "base_url": "https://pg.test/latest",
            "customer_id": "cust",
            "username": USERNAME,
            "password": PASSWORD,
        },
        {"/auth-information": "auth-information", ".amazonaws.com/": "cognito"},
        _cognito,
        lambda client: client.users.get_me(),
        reply({"message": "Unauthorized"}, 401),
        "",
    ),
    "scailable": Account(
        "scailable",
        {"username": USERNAME, "password": PASSWORD},
        {"/authenticate/signin": "sign-in", "/authenticate/refresh-token": "refresh"},
        _scailable,
        lambda client: client.function.get_function("u"),
        reply({"Message": "x"}, 401),
    ),
    "viziosense": Account(
        "viziosense",
        {"email": USERNAME, "password": PASSWORD},
        {"/login": "login.login"},
        lambda number, now: reply({"data": _oauth(number, now)}),
        lambda client: client.devices.get_device("d"),
        reply({"httpError": 4000, "message": "x"}, 400),
    ),
}
VENDORS = sorted(ACCOUNTS)
REFRESHING = {**ACCOUNTS["scailable"].arguments, "refresh_token": REFRESH_TOKEN}
