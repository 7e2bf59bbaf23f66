"""What the constructors of all vendors share."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from ._config import (
    DEFAULT_TIMEOUT,
    ClientConfig,
    Timeout,
    read_base_url,
    read_max_reply,
    read_timeout,
)
from ._core import Core
from ._errors import ConfigurationError
from ._operation import Operation
from ._request import read_route
from ._retry import RetryPolicy, read_retries
from ._secret import Secret, hide

if TYPE_CHECKING:
    from ._auth import AuthStrategy
    from ._clock import Clock
    from ._events import Event
    from ._flow import CallPlan
    from ._limits import RateLimit
    from ._tokens import TokenStore
    from ._vendor import VendorRules
    from ._watch import Watch, WatchMaker

__all__ = [
    "ClientOptions",
    "Credentials",
    "from_environment",
    "make_core",
    "model_exports",
    "refuse_unknown",
]


class ClientOptions(TypedDict, total=False):
    """What every client's constructor takes beside credentials."""

    timeout: Timeout | None
    """Seconds for each phase of a call, or (connect, read, write, pool) seconds. Always finite."""
    retries: int | RetryPolicy | None
    """How often a call that may be repeated is tried again, or a policy."""
    http_client: Any
    """An httpx2 or httpx client of your own (sync or async, as the class); it is not closed for you."""
    rate_limit: RateLimit | None
    """Requests a second the client keeps to; None for no bound. Only amnimo has one of its own accord."""
    token_store: TokenStore | None
    """Where tokens the client gets are kept and shared; None for nowhere but in this client."""
    on_event: Callable[[Event], object] | None
    """A plain function, called at once with an :class:`~deviceclouds.runtime.Event` for each thing that happens in a
    call; an exception of it ends the call. In an async client it must not block."""
    tracing: Any
    """True for OpenTelemetry spans of the global tracer provider, or a provider; off when left out."""
    max_reply: int | None
    """Largest reply that is read, in bytes, decompressed; 256 MiB when left out."""
    clock: Clock | None
    """Another clock, for tests."""
    paths: Mapping[str, str] | None
    """Other routes by ``namespace.method``: ``{"devices.update_device": "PATCH /devices/{device_uuid}"}``."""


def refuse_unknown(vendor: str, options: ClientOptions) -> None:
    """Raises TypeError for arguments no constructor takes. Constructors do this before anything else can fail."""
    unknown = options.keys() - ClientOptions.__optional_keys__
    if unknown:
        for name in unknown:
            # A secret by a wrong name, perhaps; this dictionary is in the constructor's frame, too.
            del options[name]  # type: ignore[misc]  # none of the names it should have
        raise TypeError(f"{vendor}: unexpected arguments: {', '.join(sorted(unknown))}")


def make_core(
    vendor: str,
    base_url: str,
    options: ClientOptions,
    *,
    auth: Mapping[str, AuthStrategy | None],
    rules: VendorRules,
    path_defaults: Mapping[str, str | None] | None = None,
) -> Core:
    """Checks the settings of a new client.

    Args:
        vendor: Name of the vendor.
        base_url: Where its API is.
        options: The common options.
        auth: Strategies by security scheme; None where the user gave no credentials for it.
        rules: How the vendor says what.
        path_defaults: Values for parameters a call may leave out.

    Raises:
        ConfigurationError: A setting cannot work.
    """
    given = options.get("paths") or {}
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise ConfigurationError(
            "paths is a mapping such as {'namespace.method': 'METHOD /path'}", vendor=vendor
        )
    paths = dict(given)
    for name, route in paths.items():
        read_route(_find_operation(vendor, name), route)
    config = ClientConfig(
        vendor=vendor,
        base_url=read_base_url(base_url, vendor),
        timeout=read_timeout(options.get("timeout"), DEFAULT_TIMEOUT, vendor),
        retries=read_retries(options.get("retries"), RetryPolicy(), vendor),
        path_defaults={k: v for k, v in (path_defaults or {}).items() if v is not None},
        paths=paths,
        max_reply=read_max_reply(options.get("max_reply"), vendor),
    )
    limiter = None
    if options.get("rate_limit") is not None:
        from ._limits import read_rate_limit

        limiter = read_rate_limit(options.get("rate_limit"), vendor)
    return Core(
        config,
        {k: v for k, v in auth.items() if v is not None},
        rules,
        limiter=limiter,
        watch=_watch_maker(vendor, options),
    )


def _watch_maker(vendor: str, options: ClientOptions) -> WatchMaker:
    tracing, on_event = options.get("tracing"), options.get("on_event")
    logger = logging.getLogger(f"deviceclouds.{vendor}")
    if (tracing is not None and tracing is not False) or on_event is not None:
        from ._watch import watch_with

        return watch_with(vendor, logger, tracing, on_event)
    logged, numbers = logger.isEnabledFor, count(1)

    def make(operation: Operation[Any], plan: CallPlan) -> Watch | None:
        # Most calls are watched by nobody: they pay for this question only.
        if not logged(logging.INFO):
            return None
        from ._logging import LogWatch

        return LogWatch(logger, next(numbers), operation, plan)

    return make


def _find_operation(vendor: str, name: str) -> Operation[Any]:
    namespace, _, method = name.partition(".")
    try:
        table = import_module(f"deviceclouds._generated.{vendor}.operations.{namespace}")
    except ModuleNotFoundError:
        table = None
    operation = getattr(table, method.upper() or "-", None)
    if not isinstance(operation, Operation):
        raise ConfigurationError(
            f"paths names {name!r}, which is no operation; write 'namespace.method'", vendor=vendor
        )
    return operation


class Credentials(NamedTuple):
    """One way to prove who calls: arguments that belong together, by the environment variables they are read from."""

    variables: Mapping[str, str]
    """Argument to variable, without the vendor's prefix."""
    secret: frozenset[str]
    """The arguments that are wrapped at once."""


def from_environment(
    vendor: str,
    given: Any,
    plain: Mapping[str, str],
    ways: Sequence[Credentials],
) -> dict[str, Any]:
    """Constructor arguments: those given, completed from the environment. Empty variables count as missing.

    Of several ways to prove who calls, only one is read: the one an argument was given for, else the first that has
    a variable set.

    Args:
        vendor: Name of the vendor; in capitals it begins the names of the variables.
        given: Arguments the caller gave; they win. None counts as not given. It is emptied: the frame of
            ``from_env()``, which holds it, is part of the traceback of every error.
        plain: Argument to variable, for what is no credential.
        ways: Ways to prove who calls, the preferred first.
    """
    for name in set(plain).union(*(way.variables for way in ways)) & given.keys():
        if given[name] is None:
            del given[name]
    found: dict[str, Any] = {name: _read(vendor, variable) for name, variable in plain.items()}
    chosen = next((way for way in ways if way.variables.keys() & given.keys()), None)
    for way in ways if chosen is None else (chosen,):
        values = {
            name: Secret(text) if name in way.secret else text
            for name, variable in way.variables.items()
            if (text := _read(vendor, variable)) is not None
        }
        if values:
            found |= values
            break
    found = {**{name: value for name, value in found.items() if value is not None}, **given}
    given.clear()
    return {
        name: hide(v) if any(name in w.secret for w in ways) else v for name, v in found.items()
    }


def _read(vendor: str, variable: str) -> str | None:
    return os.environ.get(f"{vendor.upper()}_{variable}") or None


def model_exports(vendor: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a vendor's public ``models`` module."""
    package = f"deviceclouds._generated.{vendor}.models"

    def get(name: str) -> Any:
        try:
            return getattr(import_module(package), name)
        except AttributeError:
            raise AttributeError(
                f"module 'deviceclouds.{vendor}.models' has no attribute {name!r}"
            ) from None

    def names() -> list[str]:
        return dir(import_module(package))

    return get, names
