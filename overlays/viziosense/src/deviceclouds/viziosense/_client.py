"""The VizioSense client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

from deviceclouds._generated.viziosense import BASE_URL
from deviceclouds._generated.viziosense.client import Namespaces
from deviceclouds._generated.viziosense.client_async import AsyncNamespaces
from deviceclouds.runtime._auth import bearer
from deviceclouds.runtime._setup import environment, make_core, secret_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from deviceclouds.runtime._auth import StaticToken, TokenProvider
    from deviceclouds.runtime._core import Core
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._setup import ClientOptions

__all__ = ["AsyncVizioSense", "VizioSense"]


class VizioSense(Namespaces):
    """Calls the VizioSense integrator API.

    Args:
        token: The long-lived token of the platform's developer page, or a callable that returns one for each call.
        base_url: Another host, for example staging: ``https://api.staging.viziosense.ai/api/v1``.
        **options: See :class:`~deviceclouds.runtime.ClientOptions`.

    Raises:
        ConfigurationError: A setting cannot work.
    """

    def __init__(
        self,
        *,
        token: str | Secret | Callable[[], str] | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        auth = bearer(token, vendor="viziosense")
        del token  # a traceback with local variables must not show it
        super().__init__(_core(auth, base_url, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``VIZIOSENSE_TOKEN`` and ``VIZIOSENSE_BASE_URL``."""
        (base_url,) = environment("viziosense", "BASE_URL")
        token = secret_environment("viziosense", "TOKEN")
        return cls(token=token, base_url=base_url or BASE_URL, **options)


class AsyncVizioSense(AsyncNamespaces):
    """Calls the same API as :class:`VizioSense`, with the same arguments; credentials may also be async callables."""

    def __init__(
        self,
        *,
        token: str | Secret | TokenProvider | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        auth = bearer(token, vendor="viziosense")
        del token  # a traceback with local variables must not show it
        super().__init__(_core(auth, base_url, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``VIZIOSENSE_TOKEN`` and ``VIZIOSENSE_BASE_URL``."""
        (base_url,) = environment("viziosense", "BASE_URL")
        token = secret_environment("viziosense", "TOKEN")
        return cls(token=token, base_url=base_url or BASE_URL, **options)


def _core(auth: StaticToken | None, base_url: str, options: ClientOptions) -> Core:
    return make_core(
        "viziosense",
        base_url,
        options,
        auth={"bearer_auth": auth},
        read_error=read_error,
    )


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Code and message of ``{"httpError": 4000, "message": "..."}``."""
    if not isinstance(body, dict):
        return None, None
    code, message = body.get("httpError"), body.get("message")
    return None if code is None else str(code), None if message is None else str(message)
