"""Signing in to VizioSense with email and password; a token that has expired is replaced by signing in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deviceclouds._generated.viziosense.operations.login import LOGIN
from deviceclouds.runtime._auth import read_secret
from deviceclouds.runtime._config import read_base_url
from deviceclouds.runtime._errors import ConfigurationError
from deviceclouds.runtime._renewal import RenewingToken, store_key
from deviceclouds.runtime._request import route_of
from deviceclouds.runtime._token_call import (
    TokenCall,
    json_body,
    oauth_token,
    read_token,
    token_call,
)

if TYPE_CHECKING:
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._flow import CallPlan
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._tokens import Token, TokenStore

__all__ = ["PasswordLogin", "password_login"]


def password_login(
    email: str | None, password: str | Secret | None, base_url: str, *, store: TokenStore | None
) -> RenewingToken:
    """The strategy for an account's password. Raises ConfigurationError where one of the two is missing."""
    hidden = read_secret(password, "password", "viziosense")
    if not email or hidden is None:
        raise ConfigurationError(
            "email= and password= (VIZIOSENSE_EMAIL, VIZIOSENSE_PASSWORD) only work together",
            vendor="viziosense",
        )
    key = store_key("viziosense", read_base_url(base_url, "viziosense"), email)
    return RenewingToken(PasswordLogin(email, hidden), key=key, store=store)


class PasswordLogin:
    """Calls the ``login`` operation, whose method and path are inferred, not documented.

    Its reply has a refresh token, but no source says what to do with it: signing in again is what is known to work.
    """

    def __init__(self, email: str, password: Secret) -> None:
        self._email = email
        self._password = password

    def fetch(self, plan: CallPlan, old: Token | None) -> Flow[Token]:
        """See :class:`~deviceclouds.runtime._renewal.TokenSource`."""
        method, path = route_of(LOGIN, plan.config)
        call = TokenCall(
            LOGIN.name,
            plan.config.base_url + path,
            {"Content-Type": "application/json"},
            json_body({"email": self._email, "password": self._password}),
            method=method,
            advice="check email= and password=; programs should use a long-lived token= of the developer page",
            read_error=plan.rules.read_error,
            secrets=(self._password,),
        )
        now = plan.clock.wall()
        response = yield from token_call(call, plan)
        return read_token(call, plan, response, lambda body: oauth_token(body["data"], now))
