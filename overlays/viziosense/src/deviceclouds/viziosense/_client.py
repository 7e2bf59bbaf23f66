"""The VizioSense client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

from deviceclouds._generated.viziosense import BASE_URL
from deviceclouds._generated.viziosense.client import Namespaces
from deviceclouds._generated.viziosense.client_async import AsyncNamespaces
from deviceclouds.runtime._auth import StaticToken
from deviceclouds.runtime._setup import environment, make_core

if TYPE_CHECKING:
    from collections.abc import Callable

    from deviceclouds.runtime._auth import TokenProvider
    from deviceclouds.runtime._client import Core
    from deviceclouds.runtime._setup import ClientOptions

__all__ = ["AsyncVizioSense", "VizioSense"]


class VizioSense(Namespaces):
    """Calls the VizioSense integrator API.

    Args:
        token: The long-lived token of the platform's developer page, or a callable that returns one for each call.
        base_url: Another host, for example staging: ``https://api.staging.viziosense.ai/api/v1``.
        **options: See :class:`~deviceclouds.runtime._setup.ClientOptions`.

    Raises:
        ConfigurationError: A setting cannot work.
    """

    def __init__(
        self,
        *,
        token: str | Callable[[], str] | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        super().__init__(_core(token, base_url, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``VIZIOSENSE_TOKEN`` and ``VIZIOSENSE_BASE_URL``."""
        token, base_url = environment("viziosense", "TOKEN", "BASE_URL")
        return cls(token=token, base_url=base_url or BASE_URL, **options)


class AsyncVizioSense(AsyncNamespaces):
    """Calls the same API as :class:`VizioSense`, with the same arguments; credentials may also be async callables."""

    def __init__(
        self,
        *,
        token: str | TokenProvider | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        super().__init__(_core(token, base_url, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``VIZIOSENSE_TOKEN`` and ``VIZIOSENSE_BASE_URL``."""
        token, base_url = environment("viziosense", "TOKEN", "BASE_URL")
        return cls(token=token, base_url=base_url or BASE_URL, **options)


def _core(token: str | TokenProvider | None, base_url: str, options: ClientOptions) -> Core:
    return make_core(
        "viziosense",
        base_url,
        options,
        auth={"bearer_auth": None if token is None else StaticToken(token)},
        read_error=read_error,
    )


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Code and message of ``{"httpError": 4000, "message": "..."}``."""
    if not isinstance(body, dict):
        return None, None
    code, message = body.get("httpError"), body.get("message")
    return None if code is None else str(code), None if message is None else str(message)
