"""Environment variables with which the clients' ``from_env()`` calls a sandbox."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from ..._load import MOUNTS
from ...sandbox.sandbox import SIGN_INS, demo_arguments
from ...sandbox.tokens import DEMO

__all__ = ["changed_environment", "sandbox_environment"]

_SIGN_IN = {
    "aitrios": ("TOKEN", "CLIENT_ID", "CLIENT_SECRET"),
    "amnimo": ("TOKEN", "CLIENT_ID", "SECRET_KEY"),
    "proglove": ("ID_TOKEN", "USERNAME", "PASSWORD"),
    "scailable": ("TOKEN", "USERNAME", "PASSWORD"),
    "viziosense": ("TOKEN", "EMAIL", "PASSWORD"),
}
"""Every credential, not one way only: the tested program may read them itself."""

_OTHERS = frozenset(("AITRIOS_APPLICATION_ID", "AITRIOS_TENANT_ID", "SCAILABLE_REFRESH_TOKEN"))
"""Variables that would lead a client elsewhere."""

_ADDRESS = {"aitrios": "TOKEN_URL", "proglove": "COGNITO_URL", "scailable": "AUTH_URL"}
_NO_PROXY = ("NO_PROXY", "no_proxy")
_PLAIN = ("account_id", "subscription_id", "customer_id")


def sandbox_environment(vendors: Iterable[str], url: str) -> dict[str, str]:
    """The variables, by name.

    Args:
        vendors: Names of the vendors.
        url: Scheme, host and port of the sandbox.
    """
    found: dict[str, str] = {}
    for vendor in vendors:
        base_url = url + MOUNTS[vendor]
        values = dict.fromkeys(_SIGN_IN[vendor], DEMO) | {"BASE_URL": base_url}
        if vendor in _ADDRESS:
            values[_ADDRESS[vendor]] = url + SIGN_INS[vendor]
        arguments = demo_arguments(vendor, base_url, url)
        values |= {name.upper(): arguments[name] for name in _PLAIN if name in arguments}
        found |= {f"{vendor.upper()}_{name}": value for name, value in values.items()}
    # A proxy cannot reach this machine's loopback. Programs differ in which spelling they read, and which one wins.
    given = ",".join(os.environ.get(name, "") for name in _NO_PROXY).split(",")
    exceptions = [name.strip() for name in given if name.strip()]
    found |= dict.fromkeys(_NO_PROXY, ",".join(dict.fromkeys((*exceptions, "127.0.0.1"))))
    return found


@contextmanager
def changed_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Sets variables, takes away what would be in their way, and puts everything back."""
    before = {name: os.environ.get(name) for name in (*variables, *_OTHERS)}
    for name in _OTHERS:
        os.environ.pop(name, None)
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
