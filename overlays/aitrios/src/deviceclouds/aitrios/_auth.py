"""Tokens of the Console: from its portal, or from Azure AD in the Enterprise Edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deviceclouds.runtime._auth import BasicAuth, read_secret
from deviceclouds.runtime._config import read_base_url
from deviceclouds.runtime._errors import ConfigurationError
from deviceclouds.runtime._renewal import RenewingToken, store_key
from deviceclouds.runtime._token_call import TokenCall, form, oauth_token, read_token, token_call

if TYPE_CHECKING:
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._flow import CallPlan
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._tokens import Token, TokenStore

__all__ = ["PORTAL_TOKEN_URL", "PortalCredentials", "client_credentials"]

PORTAL_TOKEN_URL = "https://auth.aitrios.sony-semicon.com/oauth2/default/v1/token"  # noqa: S105  # an address
LIFETIME = 3600.0
"""Seconds a token lives where the reply does not say."""


def client_credentials(
    client_id: str | None,
    client_secret: str | Secret | None,
    *,
    token_url: str | None,
    application_id: str | None,
    tenant_id: str | None,
    other: bool,
    store: TokenStore | None,
) -> RenewingToken:
    """The strategy for client credentials. Raises ConfigurationError for a combination that cannot work."""
    secret = read_secret(client_secret, "client_secret", "aitrios")
    _check(client_id, secret, token_url, application_id, tenant_id, other)
    assert client_id is not None  # or the check had raised
    assert secret is not None
    if application_id is not None and tenant_id is not None:
        from ._enterprise import EnterpriseCredentials

        enterprise = EnterpriseCredentials(client_id, secret, application_id, tenant_id)
        key = store_key("aitrios", "enterprise", tenant_id, application_id, client_id)
        return RenewingToken(enterprise, key=key, store=store)
    url = read_base_url(token_url or PORTAL_TOKEN_URL, "aitrios", "token_url")
    portal = PortalCredentials(client_id, secret, url)
    return RenewingToken(portal, key=store_key("aitrios", url, client_id), store=store)


def _check(
    client_id: str | None,
    client_secret: Secret | None,
    token_url: str | None,
    application_id: str | None,
    tenant_id: str | None,
    other: bool,
) -> None:
    problem = None
    if other:
        problem = "give token= or client credentials, not both"
    elif not client_id or client_secret is None:
        problem = "client_id= and client_secret= (AITRIOS_CLIENT_ID, AITRIOS_CLIENT_SECRET) only work together"
    elif (application_id is None) != (tenant_id is None):
        problem = (
            "the Enterprise Edition needs both application_id= and tenant_id="
            " (AITRIOS_APPLICATION_ID, AITRIOS_TENANT_ID); the Developer Edition neither"
        )
    elif application_id is not None and token_url is not None:
        problem = (
            "token_url= is of the portal; the Enterprise Edition takes its tokens from tenant_id="
        )
    if problem is not None:
        raise ConfigurationError(problem, vendor="aitrios")


class PortalCredentials:
    """OAuth 2.0 client credentials of the portal, with the scope ``system``.

    The evidence is public code of Sony's: the token's reply holds ``access_token``, ``expires_in``, ``token_type``.
    """

    def __init__(self, client_id: str, client_secret: Secret, token_url: str) -> None:
        self._secret = client_secret
        self._basic = BasicAuth(client_id, client_secret)
        self._token_url = token_url

    def fetch(self, plan: CallPlan, old: Token | None) -> Flow[Token]:
        """See :class:`~deviceclouds.runtime._renewal.TokenSource`."""
        now = plan.clock.wall()
        call = TokenCall(
            "sign-in",
            self._token_url,
            {**self._basic.header(), "Content-Type": "application/x-www-form-urlencoded"},
            form({"grant_type": "client_credentials", "scope": "system"}),
            advice="check client_id= and client_secret= against the portal's page of client applications",
            secrets=(self._secret,),
        )
        response = yield from token_call(call, plan)
        return read_token(call, plan, response, lambda body: oauth_token(body, now, LIFETIME))
