"""What the constructors of all vendors share."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypedDict

from ._config import DEFAULT_TIMEOUT, ClientConfig, Timeout, read_base_url, read_timeout
from ._core import Core
from ._errors import ConfigurationError
from ._flow import ErrorReader
from ._operation import Operation
from ._request import read_route
from ._retry import RetryPolicy, read_retries
from ._secret import Secret

if TYPE_CHECKING:
    from ._auth import AuthStrategy

__all__ = ["ClientOptions", "environment", "make_core", "model_exports", "secret_environment"]


class ClientOptions(TypedDict, total=False):
    """What every client's constructor takes beside credentials."""

    timeout: Timeout | None
    """Seconds for each phase of a call, or (connect, read, write, pool) seconds. Always finite."""
    retries: int | RetryPolicy | None
    """How often a call that may be repeated is tried again, or a policy."""
    http_client: Any
    """An httpx2 or httpx client of your own (sync or async, as the class); it is not closed for you."""
    paths: Mapping[str, str] | None
    """Other routes by ``namespace.method``: ``{"devices.update_device": "PATCH /devices/{device_uuid}"}``."""


def make_core(
    vendor: str,
    base_url: str,
    options: ClientOptions,
    *,
    auth: Mapping[str, AuthStrategy | None],
    read_error: ErrorReader,
    path_defaults: Mapping[str, str | None] | None = None,
) -> Core:
    """Checks the settings of a new client.

    Args:
        vendor: Name of the vendor.
        base_url: Where its API is.
        options: The common options.
        auth: Strategies by security scheme; None where the user gave no credentials for it.
        read_error: Reads the vendor's error bodies.
        path_defaults: Values for path parameters a call may leave out.

    Raises:
        ConfigurationError: A setting cannot work.
    """
    unknown = options.keys() - ClientOptions.__optional_keys__
    if unknown:
        raise TypeError(f"{vendor}: unexpected arguments: {', '.join(sorted(unknown))}")
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
    )
    return Core(config, {k: v for k, v in auth.items() if v is not None}, read_error)


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


def environment(vendor: str, *names: str) -> list[str | None]:
    """Values of environment variables; empty ones count as missing."""
    prefix = vendor.upper()
    return [os.environ.get(f"{prefix}_{name}") or None for name in names]


def secret_environment(vendor: str, name: str) -> Secret | None:
    """A credential from the environment, wrapped before any frame can show it; None if it is empty or missing."""
    variable = f"{vendor.upper()}_{name}"
    return Secret(os.environ[variable]) if os.environ.get(variable) else None


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
