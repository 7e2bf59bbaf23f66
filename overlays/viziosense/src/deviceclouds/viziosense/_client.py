"""The VizioSense client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Unpack

from deviceclouds._generated.viziosense import BASE_URL
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

    class VizioSenseArguments(ClientOptions, total=False):
        """What the constructor takes, for :meth:`VizioSense.from_env`."""

        token: str | Secret | TokenProvider | None
        email: str | None
        password: str | Secret | None
        base_url: str


__all__ = ["AsyncVizioSense", "VizioSense"]

_WAYS = (
    Credentials({"token": "TOKEN"}, frozenset({"token"})),
    Credentials({"email": "EMAIL", "password": "PASSWORD"}, frozenset({"password"})),
)


class _Setup(ClientBase):
    """The constructor of both classes."""

    def __init__(
        self,
        *,
        token: str | Secret | TokenProvider | None = None,
        email: str | None = None,
        password: str | Secret | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        # First of all: this frame is part of the traceback of every error below.
        token, password = hide(token), hide(password)
        refuse_unknown("viziosense", options)
        auth = _strategy(token, email, password, base_url, options)
        core = make_core("viziosense", base_url, options, auth={"bearer_auth": auth}, rules=RULES)
        super().__init__(core, options)

    @classmethod
    def from_env(cls, **arguments: Unpack[VizioSenseArguments]) -> Self:
        """Reads what is not given from the environment.

        ``VIZIOSENSE_TOKEN``, or ``VIZIOSENSE_EMAIL`` and ``VIZIOSENSE_PASSWORD``; ``VIZIOSENSE_BASE_URL``.
        """
        return cls(**from_environment("viziosense", arguments, {"base_url": "BASE_URL"}, _WAYS))


class VizioSense(_Setup, WorkflowMethods):
    """Calls the VizioSense integrator API.

    Args:
        token: The long-lived token of the platform's developer page, or a callable that returns one for each call.
        email: Address of an account, to sign in with; meant for programs that act for a person.
        password: Password of that account.
        base_url: Another host, for example staging: ``https://api.staging.viziosense.ai/api/v1``.
        **options: See :class:`~deviceclouds.runtime.ClientOptions`.

    Raises:
        ConfigurationError: A setting cannot work.
    """


class AsyncVizioSense(_Setup, AsyncWorkflowMethods):
    """Calls the same API as :class:`VizioSense`, with the same arguments; credentials may also be async callables."""


def _strategy(
    token: Any,
    email: str | None,
    password: str | Secret | None,
    base_url: str,
    options: ClientOptions,
) -> AuthStrategy | None:
    if email is None and password is None:
        return bearer(token, vendor="viziosense")
    if token is not None:
        raise ConfigurationError(
            "give token= or email= and password=, not both", vendor="viziosense"
        )
    from ._auth import password_login

    return password_login(email, password, base_url, store=options.get("token_store"))


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Code and message of ``{"httpError": 4000, "message": "..."}``."""
    if not isinstance(body, dict):
        return None, None
    code, message = body.get("httpError"), body.get("message")
    return None if code is None else str(code), None if message is None else str(message)


def token_refused(error: ApiStatusError) -> bool:
    """A refused token is status 400 with code 4000 here; 401 is what everybody else would send."""
    return error.status_code == 401 or (error.status_code == 400 and error.code == "4000")


RULES = VendorRules(
    read_error=read_error,
    token_refused=token_refused,
    variables="VIZIOSENSE_TOKEN, or VIZIOSENSE_EMAIL and VIZIOSENSE_PASSWORD",
)
