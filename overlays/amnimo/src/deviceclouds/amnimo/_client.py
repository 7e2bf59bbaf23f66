"""The amnimo client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

from deviceclouds._generated.amnimo import BASE_URL
from deviceclouds._generated.amnimo.client import Namespaces
from deviceclouds._generated.amnimo.client_async import AsyncNamespaces
from deviceclouds.runtime._auth import BasicAuth, bearer
from deviceclouds.runtime._errors import ConfigurationError
from deviceclouds.runtime._secret import conceal
from deviceclouds.runtime._setup import environment, make_core, secret_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from deviceclouds.runtime._auth import AuthStrategy, TokenProvider
    from deviceclouds.runtime._core import Core
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._setup import ClientOptions

__all__ = ["Amnimo", "AsyncAmnimo"]


class Amnimo(Namespaces):
    """Calls the amnimo API.

    Args:
        token: An access token, or a callable that returns one for each call. Tokens live two hours, and an account may
            ask for 1,000 a month: keep the one you have.
        client_id: Client id issued by amnimo; with ``secret_key`` it lets ``auth.issue_token`` ask for a token.
        secret_key: Secret key that belongs to ``client_id``.
        account_id: Account id (UUID) for calls that leave it out.
        subscription_id: Subscription id (UUID) for calls that leave it out.
        base_url: Another address of the API.
        **options: See :class:`~deviceclouds.runtime.ClientOptions`.

    Raises:
        ConfigurationError: A setting cannot work.
    """

    def __init__(
        self,
        *,
        token: str | Secret | Callable[[], str] | None = None,
        client_id: str | None = None,
        secret_key: str | Secret | None = None,
        account_id: str | None = None,
        subscription_id: str | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        auth = _strategies(token, client_id, secret_key)
        del token, secret_key  # a traceback with local variables must not show them
        defaults = {"account_id": account_id, "subscription_id": subscription_id}
        super().__init__(_core(auth, defaults, base_url, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``AMNIMO_TOKEN, _CLIENT_ID, _SECRET_KEY, _ACCOUNT_ID, _SUBSCRIPTION_ID`` and ``_BASE_URL``."""
        client_id, account_id, subscription_id, base_url = environment(
            "amnimo", "CLIENT_ID", "ACCOUNT_ID", "SUBSCRIPTION_ID", "BASE_URL"
        )
        return cls(
            token=secret_environment("amnimo", "TOKEN"),
            client_id=client_id,
            secret_key=secret_environment("amnimo", "SECRET_KEY"),
            account_id=account_id,
            subscription_id=subscription_id,
            base_url=base_url or BASE_URL,
            **options,
        )


class AsyncAmnimo(AsyncNamespaces):
    """Calls the same API as :class:`Amnimo`, with the same arguments; credentials may also be async callables."""

    def __init__(
        self,
        *,
        token: str | Secret | TokenProvider | None = None,
        client_id: str | None = None,
        secret_key: str | Secret | None = None,
        account_id: str | None = None,
        subscription_id: str | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        auth = _strategies(token, client_id, secret_key)
        del token, secret_key  # a traceback with local variables must not show them
        defaults = {"account_id": account_id, "subscription_id": subscription_id}
        super().__init__(_core(auth, defaults, base_url, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``AMNIMO_TOKEN, _CLIENT_ID, _SECRET_KEY, _ACCOUNT_ID, _SUBSCRIPTION_ID`` and ``_BASE_URL``."""
        client_id, account_id, subscription_id, base_url = environment(
            "amnimo", "CLIENT_ID", "ACCOUNT_ID", "SUBSCRIPTION_ID", "BASE_URL"
        )
        return cls(
            token=secret_environment("amnimo", "TOKEN"),
            client_id=client_id,
            secret_key=secret_environment("amnimo", "SECRET_KEY"),
            account_id=account_id,
            subscription_id=subscription_id,
            base_url=base_url or BASE_URL,
            **options,
        )


def _strategies(
    token: str | Secret | TokenProvider | None,
    client_id: str | None,
    secret_key: str | Secret | None,
) -> dict[str, AuthStrategy | None]:
    hidden = None if secret_key is None else conceal(secret_key)
    auth: dict[str, AuthStrategy | None] = {"bearerAuth": bearer(token, vendor="amnimo")}
    del token, secret_key  # as above
    if (client_id is None) != (hidden is None):
        raise ConfigurationError("client_id and secret_key only work together", vendor="amnimo")
    if client_id is not None and hidden is not None:
        auth["basicAuth"] = BasicAuth(client_id, hidden)
    return auth


def _core(
    auth: dict[str, AuthStrategy | None],
    path_defaults: dict[str, str | None],
    base_url: str,
    options: ClientOptions,
) -> Core:
    return make_core(
        "amnimo",
        base_url,
        options,
        auth=auth,
        read_error=read_error,
        path_defaults=path_defaults,
    )


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Code and message of ``[{"status": "...", "message": "..."}]``, or of the object alone."""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return None, None
    code, message = first.get("status"), first.get("message")
    return None if code is None else str(code), None if message is None else str(message)
