"""Signing in to Scailable's authorisation service, and renewing with the refresh token it gives."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from deviceclouds.runtime._auth import fits_header, read_secret, token_headers
from deviceclouds.runtime._config import read_base_url
from deviceclouds.runtime._errors import AuthenticationError, ConfigurationError
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
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._flow import CallPlan
    from deviceclouds.runtime._tokens import TokenStore

__all__ = ["SignIn", "sign_in"]


def sign_in(
    username: str | None,
    password: str | Secret | None,
    refresh_token: str | Secret | None,
    *,
    base_url: str,
    auth_url: str | None,
    prefix: str,
    store: TokenStore | None,
) -> RenewingToken:
    """The strategy for a user's password, a refresh token, or both.

    Raises:
        ConfigurationError: Something is missing, or the address of the sign-in is not known.
    """
    hidden = read_secret(password, "password", "scailable")
    refresh = read_secret(refresh_token, "refresh_token", "scailable")
    if refresh is not None:
        token_headers(refresh, "Bearer ", "scailable")  # refused here, not by the first call
    if (not username) != (hidden is None) or not (username or refresh):
        raise ConfigurationError(
            "username= and password= (SCAILABLE_USERNAME, SCAILABLE_PASSWORD) only work together",
            vendor="scailable",
        )
    url = read_base_url(auth_url or _auth_url_of(base_url), "scailable", "auth_url")
    account = username or "refresh " + base64.b85encode(_fingerprint(refresh)).decode()
    return RenewingToken(
        SignIn(url, username, hidden, refresh),
        key=store_key("scailable", url, account),
        store=store,
        prefix=prefix,
    )


def _fingerprint(refresh: Secret | None) -> bytes:
    """Tells refresh tokens apart in the name of an account; they are long and random, so a hash gives nothing away."""
    import hashlib

    return hashlib.sha256((refresh.reveal() if refresh else "").encode()).digest()


def _auth_url_of(base_url: str) -> str:
    bare = str(base_url).strip().rstrip("/")
    path = bare.partition("://")[2].partition("/")[2]
    if path != "cpt" and not path.endswith("/cpt"):
        raise ConfigurationError(
            "auth_url= is needed: base_url= does not end in /cpt, so the sign-in's address cannot be told from it",
            vendor="scailable",
        )
    return bare.removesuffix("/cpt") + "/auth"


class SignIn:
    """``POST /authenticate/signin``, then ``POST /authenticate/refresh-token``.

    The evidence is the vendor's published specification of the authorisation API; its public client sends ``Email``
    instead of ``Username``. It was not tried on a live service.
    """

    def __init__(
        self, url: str, username: str | None, password: Secret | None, refresh: Secret | None
    ) -> None:
        self._url = url
        self._username = username
        self._password = password
        self._refresh_token = refresh

    def fetch(self, plan: CallPlan, old: Token | None) -> Flow[Token]:
        """See :class:`~deviceclouds.runtime._renewal.TokenSource`."""
        refresh = (
            old.refresh if old is not None and old.refresh is not None else self._refresh_token
        )
        if refresh is not None:
            try:
                return (yield from self._refresh(plan, refresh))
            except AuthenticationError:
                if self._password is None:
                    raise
        return (yield from self._sign_in(plan))

    def _refresh(self, plan: CallPlan, refresh: Secret) -> Flow[Token]:
        call = TokenCall(
            "refresh",
            f"{self._url}/authenticate/refresh-token",
            {"Authorization": f"Bearer {refresh.reveal()}"},
            advice="the refresh token has expired or is wrong: sign in again with username= and password=",
            read_error=plan.rules.read_error,
            secrets=(refresh,),
        )
        now = plan.clock.wall()
        response = yield from token_call(call, plan)
        token = read_token(call, plan, response, lambda body: _token(body, now))
        token.refresh = token.refresh or refresh
        return token

    def _sign_in(self, plan: CallPlan) -> Flow[Token]:
        call = TokenCall(
            "sign-in",
            f"{self._url}/authenticate/signin",
            {"Content-Type": "application/json"},
            json_body(
                {"Username": self._username, "Password": self._password, "KeepLoggedIn": True}
            ),
            advice="check username=, password= and auth_url=",
            read_error=plan.rules.read_error,
            secrets=() if self._password is None else (self._password,),
        )
        now = plan.clock.wall()
        response = yield from token_call(call, plan)
        return read_token(call, plan, response, lambda body: _token(body, now))


def _token(body: Any, now: float) -> Token:
    access = text_of(body["AccessToken"])
    refresh = text_or_none(body.get("RefreshToken"))
    return Token(
        access,
        issued_at=now,
        expires_at=_end_of(access, now),
        # It goes into a header, too.
        refresh=refresh if refresh is not None and fits_header(Secret(refresh)) else None,
    )


def _end_of(access: str, now: float) -> float | None:
    """When a JSON Web Token ends, by its own word; None for another kind. Nothing is verified: the cloud does that.

    Where it says when it was issued, only its life is taken from it: the cloud's clock is another than ours.
    """
    try:
        payload = access.split(".")[1]
        claims = read_json(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return end_of_life(claims["exp"] - claims.get("iat", now), now)
    except (IndexError, ValueError, KeyError, TypeError, AttributeError):
        return None
