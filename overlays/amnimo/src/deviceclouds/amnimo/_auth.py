"""Tokens of amnimo: few a month, so they are kept on disk, shared by all programs, and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deviceclouds._generated.amnimo.operations.auth import ISSUE_TOKEN
from deviceclouds.runtime._auth import BasicAuth, read_secret
from deviceclouds.runtime._config import read_base_url
from deviceclouds.runtime._errors import ConfigurationError
from deviceclouds.runtime._quota import MonthlyQuota
from deviceclouds.runtime._renewal import RenewingToken, store_key
from deviceclouds.runtime._request import prepare
from deviceclouds.runtime._retry import RetryPolicy
from deviceclouds.runtime._secret import Secret
from deviceclouds.runtime._token_call import TokenCall, oauth_token, read_token, token_call
from deviceclouds.runtime._token_file import FileTokenStore

if TYPE_CHECKING:
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._flow import CallPlan
    from deviceclouds.runtime._tokens import Token, TokenStore

__all__ = ["TOKEN_CALLS_PER_MONTH", "ClientCredentials", "client_credentials"]

TOKEN_CALLS_PER_MONTH = 1000
LIFETIME = 7200.0
"""Seconds a token lives where the reply does not say."""

# Each attempt counts for the month's quota, so only the caller decides on another.
ONCE = RetryPolicy(attempts=1)


def client_credentials(
    client_id: str | None,
    secret_key: str | Secret | None,
    base_url: str,
    *,
    store: TokenStore | None,
    calls_per_month: int | None,
) -> tuple[BasicAuth, RenewingToken]:
    """The two strategies of a client id: Basic for the token, Bearer for everything else.

    Raises:
        ConfigurationError: One of the two is missing, or another argument cannot work.
    """
    secret = read_secret(secret_key, "secret_key", "amnimo")
    if not client_id or secret is None:
        raise ConfigurationError(
            "client_id= and secret_key= (AMNIMO_CLIENT_ID, AMNIMO_SECRET_KEY) only work together",
            vendor="amnimo",
        )
    quota = None
    if calls_per_month is not None:
        if type(calls_per_month) is not int or calls_per_month < 1:
            raise ConfigurationError(
                f"token_calls_per_month={calls_per_month!r} is not usable; give a number, or None for no limit",
                vendor="amnimo",
            )
        quota = MonthlyQuota(
            "amnimo", calls_per_month, "lift the limit with token_calls_per_month="
        )
    basic = BasicAuth(client_id, secret)
    renewing = RenewingToken(
        ClientCredentials(basic, secret),
        key=store_key("amnimo", read_base_url(base_url, "amnimo"), client_id),
        # Without a store that outlives the program, each start would cost one of the month's calls.
        store=store or FileTokenStore(),
        quota=quota,
    )
    return basic, renewing


class ClientCredentials:
    """Asks for a token with HTTP Basic and ``grant_type=client_credentials``, as the vendor documents."""

    def __init__(self, basic: BasicAuth, secret_key: Secret) -> None:
        self._basic = basic
        self._secret_key = secret_key

    def fetch(self, plan: CallPlan, old: Token | None) -> Flow[Token]:
        """See :class:`~deviceclouds.runtime._renewal.TokenSource`."""
        parts = prepare(ISSUE_TOKEN, {"grant_type": "client_credentials"}, plan.config)
        assert parts.body is not None  # the specification has one
        assert parts.body.content is not None
        call = TokenCall(
            ISSUE_TOKEN.name,
            parts.url,
            {**self._basic.header(), "Content-Type": ISSUE_TOKEN.body.content_type}
            if ISSUE_TOKEN.body
            else self._basic.header(),
            Secret(parts.body.content.decode()),
            method=parts.method,
            policy=ONCE,
            advice="check client_id= and secret_key=, and whether the month's token calls are used up",
            read_error=plan.rules.read_error,
            secrets=(self._secret_key,),
        )
        now = plan.clock.wall()
        response = yield from token_call(call, plan)
        return read_token(call, plan, response, lambda body: oauth_token(body, now, LIFETIME))
