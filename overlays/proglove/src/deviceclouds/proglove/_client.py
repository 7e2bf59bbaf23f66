"""The ProGlove Insight client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

from deviceclouds._generated.proglove.client import Namespaces
from deviceclouds._generated.proglove.client_async import AsyncNamespaces
from deviceclouds.runtime._auth import bearer
from deviceclouds.runtime._errors import ConfigurationError
from deviceclouds.runtime._setup import environment, make_core, secret_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from deviceclouds.runtime._auth import StaticToken, TokenProvider
    from deviceclouds.runtime._core import Core
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._setup import ClientOptions

__all__ = ["AsyncProGlove", "ProGlove"]


class ProGlove(Namespaces):
    """Calls the ProGlove Insight API.

    Args:
        base_url: The customer's own address, from the integration page of the web portal.
        customer_id: Customer id for calls that leave it out.
        id_token: The IdToken of a Cognito sign-in (not the access token), or a callable that returns one for each call.
        **options: See :class:`~deviceclouds.runtime.ClientOptions`.

    Raises:
        ConfigurationError: A setting cannot work.
    """

    def __init__(
        self,
        *,
        base_url: str,
        customer_id: str | None = None,
        id_token: str | Secret | Callable[[], str] | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        # The token is the whole header: with "Bearer" before it the cloud answers 403.
        auth = bearer(id_token, vendor="proglove", prefix="")
        del id_token  # a traceback with local variables must not show it
        super().__init__(_core(base_url, customer_id, auth, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``PROGLOVE_BASE_URL``, ``PROGLOVE_CUSTOMER_ID`` and ``PROGLOVE_ID_TOKEN``.

        Raises:
            ConfigurationError: ``PROGLOVE_BASE_URL`` is not set; every customer has an address of their own.
        """
        base_url, customer_id = environment("proglove", "BASE_URL", "CUSTOMER_ID")
        id_token = secret_environment("proglove", "ID_TOKEN")
        return cls(base_url=base_url or "", customer_id=customer_id, id_token=id_token, **options)


class AsyncProGlove(AsyncNamespaces):
    """Calls the same API as :class:`ProGlove`, with the same arguments; credentials may also be async callables."""

    def __init__(
        self,
        *,
        base_url: str,
        customer_id: str | None = None,
        id_token: str | Secret | TokenProvider | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        # The token is the whole header: with "Bearer" before it the cloud answers 403.
        auth = bearer(id_token, vendor="proglove", prefix="")
        del id_token  # a traceback with local variables must not show it
        super().__init__(_core(base_url, customer_id, auth, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``PROGLOVE_BASE_URL``, ``PROGLOVE_CUSTOMER_ID`` and ``PROGLOVE_ID_TOKEN``.

        Raises:
            ConfigurationError: ``PROGLOVE_BASE_URL`` is not set; every customer has an address of their own.
        """
        base_url, customer_id = environment("proglove", "BASE_URL", "CUSTOMER_ID")
        id_token = secret_environment("proglove", "ID_TOKEN")
        return cls(base_url=base_url or "", customer_id=customer_id, id_token=id_token, **options)


def _core(
    base_url: str,
    customer_id: str | None,
    auth: StaticToken | None,
    options: ClientOptions,
) -> Core:
    if not base_url:
        raise ConfigurationError(
            "base_url (or PROGLOVE_BASE_URL) is required: it stands on the integration page of your web portal",
            vendor="proglove",
        )
    return make_core(
        "proglove",
        base_url,
        options,
        auth={"id_token": auth},
        read_error=read_error,
        path_defaults={"customer_id": customer_id},
    )


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Message of ``{"title": "...", "details": "..."}``, or of the gateway's own ``{"message": "..."}``."""
    if not isinstance(body, dict):
        return None, None
    words = [str(body[key]) for key in ("title", "details", "message") if body.get(key)]
    return None, ": ".join(words) or None
