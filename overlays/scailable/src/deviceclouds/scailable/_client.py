"""The Scailable Compute client, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self, Unpack

from deviceclouds._generated.scailable import BASE_URL
from deviceclouds._generated.scailable.client import Namespaces
from deviceclouds._generated.scailable.client_async import AsyncNamespaces
from deviceclouds.runtime._auth import bearer
from deviceclouds.runtime._client import ClientBase
from deviceclouds.runtime._errors import ConfigurationError
from deviceclouds.runtime._secret import hide
from deviceclouds.runtime._setup import Credentials, from_environment, make_core, refuse_unknown
from deviceclouds.runtime._vendor import VendorRules

from ._workflow_methods import AsyncWorkflowMethods, WorkflowMethods

if TYPE_CHECKING:
    from deviceclouds.runtime._auth import AuthStrategy, TokenProvider
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._setup import ClientOptions

    ActAs = tuple[Literal["user", "organization", "channel_partner"], str]

    class ScailableArguments(ClientOptions, total=False):
        """What the constructor takes, for :meth:`Scailable.from_env`."""

        token: str | Secret | TokenProvider | None
        username: str | None
        password: str | Secret | None
        refresh_token: str | Secret | None
        auth_url: str | None
        act_as: ActAs | None
        token_prefix: str
        base_url: str


__all__ = ["AsyncScailable", "Scailable"]

_KINDS = ("user", "organization", "channel_partner")
_WAYS = (
    Credentials({"token": "TOKEN"}, frozenset({"token"})),
    Credentials(
        {
            "username": "USERNAME",
            "password": "PASSWORD",
            "refresh_token": "REFRESH_TOKEN",
        },
        frozenset({"password", "refresh_token"}),
    ),
)
_PLAIN = {"base_url": "BASE_URL", "auth_url": "AUTH_URL"}


class _Setup(ClientBase):
    """The constructor of both classes."""

    def __init__(
        self,
        *,
        token: str | Secret | TokenProvider | None = None,
        username: str | None = None,
        password: str | Secret | None = None,
        refresh_token: str | Secret | None = None,
        auth_url: str | None = None,
        act_as: ActAs | None = None,
        token_prefix: str = "Bearer ",  # noqa: S107  # no password
        base_url: str = BASE_URL,
        **options: Unpack[ClientOptions],
    ) -> None:
        # First of all: this frame is part of the traceback of every error below.
        token, password, refresh_token = hide(token), hide(password), hide(refresh_token)
        refuse_unknown("scailable", options)
        auth: AuthStrategy | None
        _check_prefix(token_prefix)
        signing_in = not (username is None and password is None and refresh_token is None)
        if token is not None and signing_in:
            raise ConfigurationError(
                "give token=, or username= and password=, or refresh_token=, not several",
                vendor="scailable",
            )
        if signing_in:
            from ._auth import sign_in

            auth = sign_in(
                username,
                password,
                refresh_token,
                base_url=base_url,
                auth_url=auth_url,
                prefix=token_prefix,
                store=options.get("token_store"),
            )
        else:
            auth = bearer(token, vendor="scailable", prefix=token_prefix)
        rules = _rules(act_as)
        core = make_core("scailable", base_url, options, auth={"bearer_auth": auth}, rules=rules)
        super().__init__(core, options)

    @classmethod
    def from_env(cls, **arguments: Unpack[ScailableArguments]) -> Self:
        """Reads what is not given from the environment.

        ``SCAILABLE_TOKEN``, or ``SCAILABLE_USERNAME`` and ``SCAILABLE_PASSWORD``, or ``SCAILABLE_REFRESH_TOKEN``;
        ``SCAILABLE_BASE_URL``, ``SCAILABLE_AUTH_URL``.
        """
        return cls(**from_environment("scailable", arguments, _PLAIN, _WAYS))


class Scailable(_Setup, WorkflowMethods, Namespaces):
    """Calls the Scailable Compute API.

    Give a token, a user's name and password, or a refresh token: with the latter two, tokens are got and renewed.

    Args:
        token: An access token, or a callable that returns one for each call. The current host takes one of Network
            Optix's cloud; how a program gets that is not documented.
        username: Name of a user of the legacy host.
        password: Password of that user.
        refresh_token: A refresh token, instead of a password or beside it.
        auth_url: Where users sign in; beside ``base_url``, with ``/auth`` for ``/cpt``, if left out.
        act_as: Whose things are meant: ``("organization", "<uuid>")``; your own if left out. For the current host.
        token_prefix: What stands before the token in the header. One public client found that the current host wants
            ``nxcdb-`` tokens without a prefix when uploading: ``""``.
        base_url: Another host; the legacy one is ``https://api.sclbl.net/cpt``.
        **options: See :class:`~deviceclouds.runtime.ClientOptions`.

    Raises:
        ConfigurationError: A setting cannot work.
    """


class AsyncScailable(_Setup, AsyncWorkflowMethods, AsyncNamespaces):
    """Calls the same API as :class:`Scailable`, with the same arguments; credentials may also be async callables."""


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Message of ``{"Message": "...", "Field": {"Name": "...", "Message": "..."}}``."""
    if not isinstance(body, dict):
        return None, None
    field = body.get("Field")
    words = [body.get("Message") or body.get("error")]
    if isinstance(field, dict) and field.get("Name"):
        words.append(f"{field['Name']}: {field.get('Message') or 'not acceptable'}")
    return None, "; ".join(str(word) for word in words if word) or None


def _check_prefix(prefix: str) -> None:
    if not isinstance(prefix, str) or not prefix.isascii() or not (prefix + "x").isprintable():
        raise ConfigurationError(
            f"token_prefix={prefix!r} is not usable; give text such as 'Bearer ', or ''",
            vendor="scailable",
        )


VARIABLES = "SCAILABLE_TOKEN, SCAILABLE_USERNAME and SCAILABLE_PASSWORD, or SCAILABLE_REFRESH_TOKEN"
RULES = VendorRules(read_error=read_error, variables=VARIABLES)


def _rules(act_as: ActAs | None) -> VendorRules:
    if act_as is None:
        return RULES
    if not isinstance(act_as, tuple) or len(act_as) != 2 or act_as[0] not in _KINDS:
        raise ConfigurationError(
            f"act_as={act_as!r} is not usable; give (kind, uuid) with one of {', '.join(_KINDS)}",
            vendor="scailable",
        )
    kind, uuid = act_as
    headers = {"X-Act-As-Kind": kind, "X-Act-As-ID": str(uuid)}
    return VendorRules(read_error=read_error, headers=headers, variables=VARIABLES)
