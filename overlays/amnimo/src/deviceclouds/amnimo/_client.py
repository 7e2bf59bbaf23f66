"""The amnimo client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

from deviceclouds._generated.amnimo import BASE_URL
from deviceclouds.runtime._auth import bearer
from deviceclouds.runtime._client import ClientBase
from deviceclouds.runtime._secret import hide
from deviceclouds.runtime._setup import Credentials, from_environment, make_core, refuse_unknown
from deviceclouds.runtime._vendor import VendorRules

from ._workflow_methods import WorkflowMethods
from ._workflow_methods_async import AsyncWorkflowMethods

if TYPE_CHECKING:
    from deviceclouds.runtime._auth import AuthStrategy, TokenProvider
    from deviceclouds.runtime._errors import ApiStatusError
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._setup import ClientOptions

    class AmnimoArguments(ClientOptions, total=False):
        """What the constructor takes, for :meth:`Amnimo.from_env`."""

        token: str | Secret | TokenProvider | None
        client_id: str | None
        secret_key: str | Secret | None
        account_id: str | None
        subscription_id: str | None
        token_calls_per_month: int | None
        base_url: str


__all__ = ["Amnimo", "AsyncAmnimo"]

_WAYS = (
    Credentials({"token": "TOKEN"}, frozenset({"token"})),
    Credentials({"client_id": "CLIENT_ID", "secret_key": "SECRET_KEY"}, frozenset({"secret_key"})),
)
_PLAIN = {
    "account_id": "ACCOUNT_ID",
    "subscription_id": "SUBSCRIPTION_ID",
    "base_url": "BASE_URL",
}


class _Setup(ClientBase):
    """The constructor of both classes."""

    def __init__(
        self,
        *,
        token: str | Secret | TokenProvider | None = None,
        client_id: str | None = None,
        secret_key: str | Secret | None = None,
        account_id: str | None = None,
        subscription_id: str | None = None,
        token_calls_per_month: int | None = 1000,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        # First of all: this frame is part of the traceback of every error below.
        token, secret_key = hide(token), hide(secret_key)
        refuse_unknown("amnimo", options)
        auth: dict[str, AuthStrategy | None] = {}
        if client_id is not None or secret_key is not None:
            from ._auth import client_credentials

            auth["basicAuth"], auth["bearerAuth"] = client_credentials(
                client_id,
                secret_key,
                base_url,
                store=options.get("token_store"),
                calls_per_month=token_calls_per_month,
            )
        if token is not None:
            auth["bearerAuth"] = bearer(token, vendor="amnimo")
        if "rate_limit" not in options:
            from deviceclouds.runtime._limits import RateLimit

            options["rate_limit"] = RateLimit(per_second=5, burst=20)
        core = make_core(
            "amnimo",
            base_url,
            options,
            auth=auth,
            rules=RULES,
            path_defaults={"account_id": account_id, "subscription_id": subscription_id},
        )
        super().__init__(core, options)

    @classmethod
    def from_env(cls, **arguments: Unpack[AmnimoArguments]) -> Self:
        """Reads what is not given from the environment.

        ``AMNIMO_TOKEN``, or ``AMNIMO_CLIENT_ID`` and ``AMNIMO_SECRET_KEY``; ``AMNIMO_ACCOUNT_ID``,
        ``AMNIMO_SUBSCRIPTION_ID``, ``AMNIMO_BASE_URL``.
        """
        return cls(**from_environment("amnimo", arguments, _PLAIN, _WAYS))


class Amnimo(_Setup, WorkflowMethods):
    """Calls the amnimo API, at most 5 times a second with bursts of 20, as the vendor documents.

    Give a client id and its secret key: then tokens are got, kept on disk for all your programs, counted and renewed.

    Args:
        token: An access token, or a callable that returns one for each call. Tokens live two hours.
        client_id: Client id issued by amnimo.
        secret_key: Secret key that belongs to ``client_id``.
        account_id: Account id (UUID) for calls that leave it out.
        subscription_id: Subscription id (UUID) for calls that leave it out.
        token_calls_per_month: How many tokens may be asked for in a calendar month, UTC; None for no limit. The vendor
            documents 1,000 for client ids issued since November 2025.
        base_url: Another address of the API.
        **options: See :class:`~deviceclouds.runtime.ClientOptions`. ``token_store`` is a file store where none is
            given; ``rate_limit=None`` sends as fast as you call.

    Raises:
        ConfigurationError: A setting cannot work.
    """


class AsyncAmnimo(_Setup, AsyncWorkflowMethods):
    """Calls the same API as :class:`Amnimo`, with the same arguments; credentials may also be async callables."""


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Code and message of ``[{"status": "...", "message": "..."}]``, or of the object alone."""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return None, None
    code, message = first.get("status"), first.get("message")
    return None if code is None else str(code), None if message is None else str(message)


def token_refused(error: ApiStatusError) -> bool:
    """An expired token gives 403 here. So does a missing permission: then one renewal is in vain."""
    return error.status_code in (401, 403)


RULES = VendorRules(
    read_error=read_error,
    token_refused=token_refused,
    variables="AMNIMO_TOKEN, or AMNIMO_CLIENT_ID and AMNIMO_SECRET_KEY",
)
