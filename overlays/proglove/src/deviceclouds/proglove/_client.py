"""The ProGlove Insight client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

from deviceclouds.runtime._auth import bearer
from deviceclouds.runtime._client import ClientBase
from deviceclouds.runtime._errors import ConfigurationError
from deviceclouds.runtime._secret import hide
from deviceclouds.runtime._setup import Credentials, from_environment, make_core, refuse_unknown
from deviceclouds.runtime._vendor import VendorRules

from ._workflow_methods import AsyncWorkflowMethods, WorkflowMethods

if TYPE_CHECKING:
    from deviceclouds.runtime._auth import AuthStrategy, TokenProvider
    from deviceclouds.runtime._errors import ApiStatusError
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._setup import ClientOptions

    class ProGloveArguments(ClientOptions, total=False):
        """What the constructor takes, for :meth:`ProGlove.from_env`."""

        base_url: str
        customer_id: str | None
        id_token: str | Secret | TokenProvider | None
        username: str | None
        password: str | Secret | None
        cognito_url: str | None


__all__ = ["AsyncProGlove", "ProGlove"]

_WAYS = (
    Credentials({"id_token": "ID_TOKEN"}, frozenset({"id_token"})),
    Credentials(
        {"username": "USERNAME", "password": "PASSWORD", "cognito_url": "COGNITO_URL"},
        frozenset({"password"}),
    ),
)
_PLAIN = {"base_url": "BASE_URL", "customer_id": "CUSTOMER_ID"}


class _Setup(ClientBase):
    """The constructor of both classes."""

    def __init__(
        self,
        *,
        base_url: str,
        customer_id: str | None = None,
        id_token: str | Secret | TokenProvider | None = None,
        username: str | None = None,
        password: str | Secret | None = None,
        cognito_url: str | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        # First of all: this frame is part of the traceback of every error below.
        id_token, password = hide(id_token), hide(password)
        refuse_unknown("proglove", options)
        auth = _strategy(
            id_token,
            username,
            password,
            base_url=_own_address(base_url),
            customer_id=customer_id,
            cognito_url=cognito_url,
            options=options,
        )
        core = make_core(
            "proglove",
            base_url,
            options,
            auth={"id_token": auth},
            rules=RULES,
            path_defaults={"customer_id": customer_id},
        )
        super().__init__(core, options)

    @classmethod
    def from_env(cls, **arguments: Unpack[ProGloveArguments]) -> Self:
        """Reads what is not given from the environment.

        ``PROGLOVE_BASE_URL``, ``PROGLOVE_CUSTOMER_ID``; ``PROGLOVE_ID_TOKEN``, or ``PROGLOVE_USERNAME``,
        ``PROGLOVE_PASSWORD`` and, if need be, ``PROGLOVE_COGNITO_URL``.

        Raises:
            ConfigurationError: There is no ``PROGLOVE_BASE_URL``; every customer has an address of their own.
        """
        nothing = dict[str, Any](base_url="")
        return cls(**nothing | from_environment("proglove", arguments, _PLAIN, _WAYS))


class ProGlove(_Setup, WorkflowMethods):
    """Calls the ProGlove Insight API.

    Give an IdToken, or a user's name and password: then tokens are got and renewed for you.

    Args:
        base_url: The customer's own address, from the integration page of the web portal.
        customer_id: Customer id for calls that leave it out; signing in needs it.
        id_token: The IdToken of a Cognito sign-in (not the access token), or a callable that returns one for each call.
        username: Name of a user of the portal.
        password: Password of that user.
        cognito_url: Where users sign in, if not at Amazon's address for the customer's region.
        **options: See :class:`~deviceclouds.runtime.ClientOptions`.

    Raises:
        ConfigurationError: A setting cannot work.
    """


class AsyncProGlove(_Setup, AsyncWorkflowMethods):
    """Calls the same API as :class:`ProGlove`, with the same arguments; credentials may also be async callables."""


def _own_address(base_url: str) -> str:
    if not base_url:
        raise ConfigurationError(
            "base_url (or PROGLOVE_BASE_URL) is required: it stands on the integration page of your web portal",
            vendor="proglove",
        )
    return base_url


def _strategy(
    id_token: Any,
    username: str | None,
    password: str | Secret | None,
    *,
    base_url: str,
    customer_id: str | None,
    cognito_url: str | None,
    options: ClientOptions,
) -> AuthStrategy | None:
    if username is None and password is None:
        # The token is the whole header: with "Bearer" before it the cloud answers 403.
        return bearer(id_token, vendor="proglove", prefix="")
    if id_token is not None:
        raise ConfigurationError(
            "give id_token= or username= and password=, not both", vendor="proglove"
        )
    from ._auth import password_login

    return password_login(
        customer_id,
        username,
        password,
        base_url,
        cognito_url=cognito_url,
        store=options.get("token_store"),
    )


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Message of ``{"title": "...", "details": "..."}``, or of the gateway's own ``{"message": "..."}``."""
    if not isinstance(body, dict):
        return None, None
    words = [str(body[key]) for key in ("title", "details", "message") if body.get(key)]
    return None, ": ".join(words) or None


def token_refused(error: ApiStatusError) -> bool:
    """The gateway before the API answers 401 or 403 to an expired token."""
    return error.status_code in (401, 403)


RULES = VendorRules(
    read_error=read_error,
    token_refused=token_refused,
    variables="PROGLOVE_ID_TOKEN, or PROGLOVE_USERNAME and PROGLOVE_PASSWORD",
)
