"""The Sony AITRIOS Console client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, Unpack

from deviceclouds._generated.aitrios import BASE_URL
from deviceclouds.runtime._auth import bearer
from deviceclouds.runtime._client import ClientBase
from deviceclouds.runtime._secret import hide
from deviceclouds.runtime._setup import Credentials, from_environment, make_core, refuse_unknown

from ._replies import RULES
from ._workflow_methods import AsyncWorkflowMethods, WorkflowMethods

if TYPE_CHECKING:
    from deviceclouds.runtime._auth import AuthStrategy, TokenProvider
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._setup import ClientOptions

    class AitriosArguments(ClientOptions, total=False):
        """What the constructor takes, for :meth:`Aitrios.from_env`."""

        token: str | Secret | TokenProvider | None
        client_id: str | None
        client_secret: str | Secret | None
        token_url: str | None
        application_id: str | None
        tenant_id: str | None
        base_url: str


__all__ = ["Aitrios", "AsyncAitrios"]

_WAYS = (
    Credentials({"token": "TOKEN"}, frozenset({"token"})),
    Credentials(
        {
            "client_id": "CLIENT_ID",
            "client_secret": "CLIENT_SECRET",
            "token_url": "TOKEN_URL",
            "application_id": "APPLICATION_ID",
            "tenant_id": "TENANT_ID",
        },
        frozenset({"client_secret"}),
    ),
)


class _Setup(ClientBase):
    """The constructor of both classes."""

    def __init__(
        self,
        *,
        token: str | Secret | TokenProvider | None = None,
        client_id: str | None = None,
        client_secret: str | Secret | None = None,
        token_url: str | None = None,
        application_id: str | None = None,
        tenant_id: str | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        # First of all: this frame is part of the traceback of every error below.
        token, client_secret = hide(token), hide(client_secret)
        refuse_unknown("aitrios", options)
        auth: AuthStrategy | None
        if (
            client_id is None
            and client_secret is None
            and application_id is None
            and tenant_id is None
        ):
            auth = bearer(token, vendor="aitrios")
        else:
            from ._auth import client_credentials

            auth = client_credentials(
                client_id,
                client_secret,
                token_url=token_url,
                application_id=application_id,
                tenant_id=tenant_id,
                other=token is not None,
                store=options.get("token_store"),
            )
        core = make_core(
            "aitrios",
            with_api_path(base_url),
            options,
            auth={"accessToken": auth},
            rules=RULES,
            # The Console wants to know of a token of Azure AD; without one, nobody sends it.
            path_defaults={"grant_type": "client_credentials" if application_id else None},
        )
        super().__init__(core, options)

    @classmethod
    def from_env(cls, **arguments: Unpack[AitriosArguments]) -> Self:
        """Reads what is not given from the environment.

        ``AITRIOS_TOKEN``, or ``AITRIOS_CLIENT_ID``, ``AITRIOS_CLIENT_SECRET``, ``AITRIOS_TOKEN_URL``, and for the
        Enterprise Edition ``AITRIOS_APPLICATION_ID`` and ``AITRIOS_TENANT_ID``; ``AITRIOS_BASE_URL``.
        """
        return cls(**from_environment("aitrios", arguments, {"base_url": "BASE_URL"}, _WAYS))


class Aitrios(_Setup, WorkflowMethods):
    """Calls the Sony AITRIOS Console.

    Give a token, or client credentials: then tokens are got and renewed for you.

    Args:
        token: An access token, or a callable that returns one for each call. Tokens live one hour.
        client_id: Client id of the portal, or of Azure AD for the Enterprise Edition.
        client_secret: Secret that belongs to ``client_id``.
        token_url: Where the portal gives out tokens, if not at its usual address.
        application_id: Enterprise Edition: the Console's application in Azure AD. Needs the extra ``[enterprise]``.
        tenant_id: Enterprise Edition: the Azure AD tenant.
        base_url: Another host, as in the portal's endpoint information; with or without ``/api/v2``.
        **options: See :class:`~deviceclouds.runtime.ClientOptions`.

    Raises:
        ConfigurationError: A setting cannot work.
    """


class AsyncAitrios(_Setup, AsyncWorkflowMethods):
    """Calls the same API as :class:`Aitrios`, with the same arguments; credentials may also be async callables."""


def with_api_path(base_url: str) -> str:
    """The portal hands out addresses without the path of the API; they mean the same."""
    if not isinstance(base_url, str):
        return base_url  # refused with the other settings
    bare = base_url.strip().rstrip("/")
    return bare if "/api/" in bare else f"{bare}/api/v2"
