"""How a request proves who sends it. Each strategy is a small flow, run by the sync or the async driver."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ._effects import Call, Flow
from ._errors import ConfigurationError
from ._secret import Secret, SecretHeaders, conceal

if TYPE_CHECKING:
    from ._flow import CallPlan

__all__ = [
    "AuthStrategy",
    "BasicAuth",
    "StaticToken",
    "TokenProvider",
    "bearer",
    "fits_header",
    "read_secret",
    "token_headers",
]

TokenProvider = Callable[[], str] | Callable[[], Awaitable[str]]


class AuthStrategy(Protocol):
    """Supplies the headers of one security scheme."""

    def headers(self, plan: CallPlan) -> Flow[Mapping[str, str]]:
        """A flow that ends with the headers to add."""
        ...

    def renew(
        self, plan: CallPlan, refused: Mapping[str, str], renewals: int
    ) -> Flow[Mapping[str, str] | None]:
        """A flow that gets other headers than the refused ones; None where there are none to get.

        Args:
            plan: The call.
            refused: The headers it was sent with.
            renewals: How many times it was given other headers before.
        """
        ...

    def accepted(self, credentials: Mapping[str, str]) -> None:
        """Is told of headers of :meth:`renew` that were accepted."""
        ...


class _Fixed:
    """Credentials that cannot be renewed."""

    def renew(
        self, plan: CallPlan, refused: Mapping[str, str], renewals: int
    ) -> Flow[Mapping[str, str] | None]:
        """See :class:`AuthStrategy`."""
        return None
        yield  # a flow that needs nothing is still a flow

    def accepted(self, credentials: Mapping[str, str]) -> None:
        """See :class:`AuthStrategy`."""

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("credentials are not pickled; make a client in each process")


class StaticToken(_Fixed):
    """A token the user holds, or a callable that returns a fresh one for each request.

    Args:
        token: The token, or a callable that returns it (in an async client it may be async).
        prefix: What stands before the token in the Authorization header, with its space; "" for a raw token.
    """

    def __init__(self, token: str | Secret | TokenProvider, *, prefix: str = "Bearer ") -> None:
        self._token = conceal(token) if isinstance(token, str | Secret) else token
        self._prefix = prefix

    def headers(self, plan: CallPlan) -> Flow[Mapping[str, str]]:
        """See :class:`AuthStrategy`. Raises ConfigurationError for a token no header can carry."""
        token = self._token if isinstance(self._token, Secret) else (yield Call(self._token))
        return token_headers(token, self._prefix, plan.config.vendor)

    def renew(
        self, plan: CallPlan, refused: Mapping[str, str], renewals: int
    ) -> Flow[Mapping[str, str] | None]:
        """Asks a callable again, once: it may hold a newer token by now."""
        if isinstance(self._token, Secret) or renewals:
            return None
        again = yield from self.headers(plan)
        return None if dict(again) == dict(refused) else again


class BasicAuth(_Fixed):
    """HTTP Basic authentication."""

    def __init__(self, username: str, password: str | Secret) -> None:
        self._username = username
        self._password = conceal(password)

    def headers(self, plan: CallPlan) -> Flow[Mapping[str, str]]:
        """See :class:`AuthStrategy`."""
        return self.header()
        yield  # a flow that needs nothing is still a flow

    def header(self) -> SecretHeaders:
        """The Authorization header."""
        pair = f"{self._username}:{self._password.reveal()}".encode()
        return SecretHeaders(Authorization="Basic " + base64.b64encode(pair).decode())


def bearer(token: Any, *, vendor: str, prefix: str = "Bearer ") -> StaticToken | None:
    """The strategy for a token, or None where the user gave none.

    Args:
        token: As :func:`~._secret.hide` leaves it: a Secret, a callable, or None.
        vendor: Name of the vendor.
        prefix: What stands before the token in the Authorization header.

    Raises:
        ConfigurationError: It is no token, or one that no header can carry.
    """
    if token is None:
        return None
    if isinstance(token, Secret):
        if not isinstance(token.reveal(), str):
            raise ConfigurationError(
                f"a token is text or a callable that returns it, not {type(token.reveal()).__name__}",
                vendor=vendor,
            )
        token_headers(token, prefix, vendor)  # refused here rather than by the first call
    return StaticToken(token, prefix=prefix)


def read_secret(given: str | Secret | None, argument: str, vendor: str) -> Secret | None:
    """A credential a user gave; None without one, and for empty text. Raises ConfigurationError for what is no text."""
    if given is None:
        return None
    secret = conceal(given)
    if not isinstance(secret.reveal(), str):
        raise ConfigurationError(
            f"{argument}= is text, not {type(secret.reveal()).__name__}", vendor=vendor
        )
    return secret if secret.reveal() else None


def token_headers(token: object, prefix: str, vendor: str) -> SecretHeaders:
    """The header that carries a token. Raises ConfigurationError for one that no header can carry."""
    # Checked without a local variable: this frame is part of the error's traceback.
    if not isinstance(token, Secret) or not fits_header(token):
        raise ConfigurationError(
            "the token is empty or holds characters no header can carry; look for a line break,"
            " a space or quotes around it",
            vendor=vendor,
        )
    return SecretHeaders(Authorization=prefix + token.reveal())


def fits_header(secret: Secret) -> bool:
    """Whether a token can be part of a header as it is."""
    text = secret.reveal()
    # HTTP libraries refuse or cut blanks at the ends, and name the whole header when they refuse.
    return bool(text) and text == text.strip() and text.isascii() and text.isprintable()
