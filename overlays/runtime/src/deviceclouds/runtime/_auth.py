"""How a request proves who sends it. Each strategy is a small flow, run by the sync or the async driver."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Generator
from typing import Any, Protocol

from ._effects import Call, Effect
from ._errors import ConfigurationError
from ._secret import Secret, SecretHeaders, conceal

__all__ = ["AuthStrategy", "BasicAuth", "StaticToken", "TokenProvider", "bearer"]

TokenProvider = Callable[[], str] | Callable[[], Awaitable[str]]


class AuthStrategy(Protocol):
    """Supplies the headers of one security scheme."""

    def headers(self, vendor: str) -> Generator[Effect, Any, dict[str, str]]:
        """A flow that ends with the headers to add."""
        ...


class StaticToken:
    """A token the user holds, or a callable that returns a fresh one for each request.

    Args:
        token: The token, or a callable that returns it (in an async client it may be async).
        prefix: What stands before the token in the Authorization header, with its space; "" for a raw token.
    """

    def __init__(self, token: str | Secret | TokenProvider, *, prefix: str = "Bearer ") -> None:
        self._token = conceal(token) if isinstance(token, str | Secret) else token
        self._prefix = prefix

    def headers(self, vendor: str) -> Generator[Effect, Any, dict[str, str]]:
        """See :class:`AuthStrategy`. Raises ConfigurationError for a token no header can carry."""
        token = self._token if isinstance(self._token, Secret) else (yield Call(self._token))
        # Checked without a local variable: this frame is part of the error's traceback.
        if not isinstance(token, Secret) or not _fits_header(token):
            raise ConfigurationError(
                "the token is empty or holds characters no header can carry; look for a line break"
                " or quotes around it",
                vendor=vendor,
            )
        return SecretHeaders(Authorization=self._prefix + token.reveal())


class BasicAuth:
    """HTTP Basic authentication."""

    def __init__(self, username: str, password: str | Secret) -> None:
        self._username = username
        self._password = conceal(password)

    def headers(self, vendor: str) -> Generator[Effect, Any, dict[str, str]]:
        """See :class:`AuthStrategy`."""
        pair = f"{self._username}:{self._password.reveal()}".encode()
        return SecretHeaders(Authorization="Basic " + base64.b64encode(pair).decode())
        yield  # a flow that needs nothing is still a flow


def bearer(
    token: str | Secret | TokenProvider | None, *, vendor: str, prefix: str = "Bearer "
) -> StaticToken | None:
    """The strategy for a token, or None where the user gave none. Raises ConfigurationError for what is no token."""
    if token is None:
        return None
    if not isinstance(token, str | Secret) and not callable(token):
        kind = type(token).__name__
        del token  # a traceback with local variables must not show it
        raise ConfigurationError(
            f"a token is text or a callable that returns it, not {kind}", vendor=vendor
        )
    return StaticToken(token, prefix=prefix)


def _fits_header(secret: Secret) -> bool:
    text = secret.reveal()
    return bool(text.strip()) and text.isascii() and text.isprintable()
