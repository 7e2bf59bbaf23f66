"""The Sony AITRIOS Console client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

from deviceclouds._generated.aitrios import BASE_URL
from deviceclouds._generated.aitrios.client import Namespaces
from deviceclouds._generated.aitrios.client_async import AsyncNamespaces
from deviceclouds.runtime._auth import bearer
from deviceclouds.runtime._setup import environment, make_core, secret_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from deviceclouds.runtime._auth import StaticToken, TokenProvider
    from deviceclouds.runtime._core import Core
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._setup import ClientOptions

__all__ = ["Aitrios", "AsyncAitrios"]


class Aitrios(Namespaces):
    """Calls the Sony AITRIOS Console.

    Args:
        token: An access token, or a callable that returns one for each call. Tokens live one hour.
        base_url: Another host, as in the portal's endpoint information; with or without ``/api/v2``.
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
        auth = bearer(token, vendor="aitrios")
        del token  # a traceback with local variables must not show it
        super().__init__(_core(auth, base_url, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``AITRIOS_TOKEN`` and ``AITRIOS_BASE_URL``."""
        (base_url,) = environment("aitrios", "BASE_URL")
        token = secret_environment("aitrios", "TOKEN")
        return cls(token=token, base_url=base_url or BASE_URL, **options)


class AsyncAitrios(AsyncNamespaces):
    """Calls the same API as :class:`Aitrios`, with the same arguments; credentials may also be async callables."""

    def __init__(
        self,
        *,
        token: str | Secret | TokenProvider | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        auth = bearer(token, vendor="aitrios")
        del token  # a traceback with local variables must not show it
        super().__init__(_core(auth, base_url, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``AITRIOS_TOKEN`` and ``AITRIOS_BASE_URL``."""
        (base_url,) = environment("aitrios", "BASE_URL")
        token = secret_environment("aitrios", "TOKEN")
        return cls(token=token, base_url=base_url or BASE_URL, **options)


def _core(auth: StaticToken | None, base_url: str, options: ClientOptions) -> Core:
    return make_core(
        "aitrios",
        with_api_path(base_url),
        options,
        auth={"accessToken": auth},
        read_error=read_error,
    )


def with_api_path(base_url: str) -> str:
    """The portal hands out addresses without the path of the API; they mean the same."""
    if not isinstance(base_url, str):
        return base_url  # refused with the other settings
    bare = base_url.strip().rstrip("/")
    return bare if "/api/" in bare else f"{bare}/api/v2"


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Code and message of ``{"result": "ERROR", "code": "...", "message": "...", "time": "..."}``."""
    if not isinstance(body, dict):
        return None, None
    code, message = body.get("code"), body.get("message")
    return None if code is None else str(code), None if message is None else str(message)
