"""The Scailable Compute client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

from deviceclouds._generated.scailable import BASE_URL
from deviceclouds._generated.scailable.client import Namespaces
from deviceclouds._generated.scailable.client_async import AsyncNamespaces
from deviceclouds.runtime._auth import bearer
from deviceclouds.runtime._setup import environment, make_core, secret_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from deviceclouds.runtime._auth import StaticToken, TokenProvider
    from deviceclouds.runtime._core import Core
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._setup import ClientOptions

__all__ = ["AsyncScailable", "Scailable"]


class Scailable(Namespaces):
    """Calls the Scailable Compute API.

    Args:
        token: An access token, or a callable that returns one for each call.
        base_url: Another host; the legacy one is ``https://api.sclbl.net/cpt``.
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
        auth = bearer(token, vendor="scailable")
        del token  # a traceback with local variables must not show it
        super().__init__(_core(auth, base_url, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``SCAILABLE_TOKEN`` and ``SCAILABLE_BASE_URL``."""
        (base_url,) = environment("scailable", "BASE_URL")
        token = secret_environment("scailable", "TOKEN")
        return cls(token=token, base_url=base_url or BASE_URL, **options)


class AsyncScailable(AsyncNamespaces):
    """Calls the same API as :class:`Scailable`, with the same arguments; credentials may also be async callables."""

    def __init__(
        self,
        *,
        token: str | Secret | TokenProvider | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        auth = bearer(token, vendor="scailable")
        del token  # a traceback with local variables must not show it
        super().__init__(_core(auth, base_url, options), options.get("http_client"))

    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Reads ``SCAILABLE_TOKEN`` and ``SCAILABLE_BASE_URL``."""
        (base_url,) = environment("scailable", "BASE_URL")
        token = secret_environment("scailable", "TOKEN")
        return cls(token=token, base_url=base_url or BASE_URL, **options)


def _core(auth: StaticToken | None, base_url: str, options: ClientOptions) -> Core:
    return make_core(
        "scailable",
        base_url,
        options,
        auth={"bearer_auth": auth},
        read_error=read_error,
    )


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Message of ``{"Message": "...", "Field": {"Name": "...", "Message": "..."}}``."""
    if not isinstance(body, dict):
        return None, None
    field = body.get("Field")
    words = [body.get("Message") or body.get("error")]
    if isinstance(field, dict) and field.get("Name"):
        words.append(f"{field['Name']}: {field.get('Message') or 'not acceptable'}")
    return None, "; ".join(str(word) for word in words if word) or None
