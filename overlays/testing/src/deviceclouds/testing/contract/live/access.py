"""The client of a live run, made from arguments or from the environment, so that a run knows where sign-ins go."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..results import EXIT_CREDENTIALS, EXIT_INPUT, ContractRunError

if TYPE_CHECKING:
    from deviceclouds.runtime._vendor import VendorRules

__all__ = ["arguments_for", "make_client", "variables_of"]

_ALSO = {
    "amnimo": "AMNIMO_ACCOUNT_ID, or AMNIMO_SUBSCRIPTION_ID",
    "proglove": "PROGLOVE_BASE_URL and PROGLOVE_CUSTOMER_ID",
}
"""Variables beside the credentials without which few operations can be called."""


def arguments_for(
    vendor: str,
    environment: Mapping[str, str],
    options: Mapping[str, Any],
    base_url: str | None,
) -> dict[str, Any]:
    """Constructor arguments: those given, completed from the environment, as ``from_env`` completes them.

    Args:
        vendor: Name of the vendor.
        environment: Variables by name.
        options: Arguments that were given; they win.
        base_url: Another address of the API.

    Raises:
        ContractRunError: There are no credentials, or the address is empty.
    """
    from deviceclouds.runtime._secret import Secret, hide

    if base_url is not None and not base_url.strip():
        raise ContractRunError(
            f"{vendor}: the base URL is empty; give one such as https://host/path"
        )
    module = _module(vendor)
    found = {name: value for name, value in options.items() if value is not None}
    if base_url is not None:
        found["base_url"] = base_url
    chosen = next((way for way in module._WAYS if way.variables.keys() & found.keys()), None)
    for way in module._WAYS if chosen is None else (chosen,):
        values = {
            name: Secret(text) if name in way.secret else text
            for name, variable in way.variables.items()
            if (text := environment.get(f"{vendor.upper()}_{variable}"))
        }
        if values:
            found = {**values, **found}
            chosen = way
            break
    plain = getattr(module, "_PLAIN", {"base_url": "BASE_URL"})
    for name, variable in plain.items():
        text = environment.get(f"{vendor.upper()}_{variable}")
        if text and name not in found:
            found[name] = text
    if chosen is None:
        raise ContractRunError(
            f"{vendor}: no credentials; set {variables_of(vendor)}", EXIT_CREDENTIALS
        )
    if vendor == "proglove":
        # Required there; without one, the constructor says where to find it.
        found.setdefault("base_url", "")
    secret = {name for way in module._WAYS for name in way.secret}
    return {name: hide(value) if name in secret else value for name, value in found.items()}


def make_client(vendor: str, arguments: Mapping[str, Any]) -> Any:
    """A sync client. Raises ContractRunError where its arguments cannot work."""
    from deviceclouds.runtime import ConfigurationError

    from ...sandbox.sandbox import CLIENTS

    kind = getattr(importlib.import_module(f"deviceclouds.{vendor}"), CLIENTS[vendor])
    problem = ""
    try:
        return kind(**arguments)
    except ConfigurationError as error:
        problem = str(error)
    of_the_address = bool(arguments.get("base_url")) and "base_url" in problem
    raise ContractRunError(problem, EXIT_INPUT if of_the_address else EXIT_CREDENTIALS)


def variables_of(vendor: str) -> str:
    """Names of the environment variables with a vendor's credentials and settings, for messages."""
    module = _module(vendor)
    rules: VendorRules = module.RULES
    more = _ALSO.get(vendor)
    return f"{rules.variables}{f'; also {more}' if more else ''}"


def _module(vendor: str) -> Any:
    return importlib.import_module(f"deviceclouds.{vendor}._client")
