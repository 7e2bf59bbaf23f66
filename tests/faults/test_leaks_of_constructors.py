"""Constructors that fail, in every way they can: none shows what it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import client_class

from .accounts import ACCOUNTS, REFRESHING, VENDORS
from .planted import (
    MARK,
    REFRESH_TOKEN,
    STATIC_TOKEN,
    everything,
    found,
)

TOKENS = dict.fromkeys(VENDORS, "token") | {"proglove": "id_token"}

WAYS: list[tuple[str, dict[str, Any]]] = [
    *((vendor, ACCOUNTS[vendor].arguments) for vendor in VENDORS),
    ("scailable", REFRESHING),
    ("scailable", {"refresh_token": REFRESH_TOKEN}),
    *((vendor, {TOKENS[vendor]: STATIC_TOKEN}) for vendor in VENDORS),
]
WRONG: list[dict[str, Any]] = [
    {"base_url": "nonsense"},
    {"base_url": 5},
    {"timeout": -1},
    {"retries": -1},
    {"max_reply": 0},
    {"paths": {"x": "y"}},
    {"http_client": object()},
    {"rate_limit": 5},
    {"colour": "green"},
    {"token_url": "x"},
    {"tenant_id": "t"},
    {"auth_url": "x"},
    {"act_as": 5},
    {"token_prefix": "\n"},
    {"cognito_url": "x"},
    {"customer_id": "c", "base_url": "x"},
    {"token_calls_per_month": 0},
    {"client_id": ""},
    {"username": ""},
    {"email": ""},
    {"client_secret": f"{MARK}".encode()},
    {"secret_key": [MARK]},
    {"password": {"x": MARK}},
    {"refresh_token": f"{MARK}\n"},
    {"token": f"{MARK}\n"},
    {"token": f"{MARK}".encode()},
    {"id_token": (MARK,)},
    {"id_token": f" {MARK}"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: "-".join(wrong))
@pytest.mark.parametrize("from_env", [False, True], ids=["constructor", "from_env"])
def test_constructors_that_fail(kind: str, wrong: dict[str, Any], from_env: bool) -> None:
    failed = 0
    for vendor, arguments in WAYS:
        cls = client_class(vendor, kind)
        given = {"base_url": "https://x.test", **arguments, **wrong}
        error = error_of(cls.from_env if from_env else cls, given)
        if error is not None:
            failed += 1
            assert not found(everything(error)), (vendor, list(given))
    assert failed > 0


def error_of(make: Callable[..., Any], given: dict[str, Any]) -> Exception | None:
    """The error of a constructor; None where it works."""
    try:
        make(**given)
    except (rt.ConfigurationError, TypeError) as error:
        return error
    return None


def test_half_of_the_credentials(kind: str) -> None:
    for vendor, arguments in WAYS:
        cls = client_class(vendor, kind)
        for name in arguments:
            given = {other: value for other, value in arguments.items() if other != name}
            for way in (cls, cls.from_env):
                error = error_of(way, {"base_url": "https://x.test", **given})
                assert error is None or not found(everything(error)), (vendor, name)
