"""Clouds that repeat credentials in what they say: nothing of ours shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import ACCOUNTS, VENDORS
from .conftest import Open
from .echoing import echo, said
from .planted import (
    MARK,
    everything,
    found,
)

TOKENS = dict.fromkeys(VENDORS, "token") | {"proglove": "id_token"}


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_token_endpoint_that_repeats_them(opened: Open, vendor: str, status: int) -> None:
    one = opened(vendor, retries=0)
    one.cloud.token_faults = [None] if vendor == "proglove" else []
    one.cloud.token_faults += [lambda request: echo(request, status)] * 2
    with pytest.raises(rt.ApiStatusError) as caught:
        one.get()
    assert "you sent" in str(caught.value)
    assert not found(everything(caught.value))


@pytest.mark.parametrize("vendor", ["proglove", "scailable"])
def test_a_refresh_that_repeats_them(opened: Open, vendor: str) -> None:
    one = opened(vendor, retries=0)
    one.get()
    one.cloud.revoke()
    one.cloud.token_faults = [echo]
    with pytest.raises(rt.ServerError) as caught:
        one.get()
    assert caught.value.operation == "refresh"
    assert "you sent" in str(caught.value)
    assert not found(everything(caught.value))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
@pytest.mark.parametrize("vendor", VENDORS)
def test_an_api_that_repeats_them(opened: Open, vendor: str, status: int) -> None:
    one = opened(vendor, retries=0)
    one.cloud.faults = [lambda request: echo(request, status)] * 2
    with pytest.raises(rt.ApiStatusError) as caught:
        one.get()
    assert "you sent" in str(caught.value)
    assert "***" in str(caught.value.body)
    assert not found(everything(caught.value))


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_static_token_with_signs_that_are_escaped(opened: Open, vendor: str) -> None:
    token = f"{MARK}/a+b=c|d"
    keep = ("base_url", "customer_id", "subscription_id")
    given = {k: v for k, v in ACCOUNTS[vendor].arguments.items() if k in keep}
    account = ACCOUNTS[vendor].__class__(
        **{**vars(ACCOUNTS[vendor]), "arguments": {**given, TOKENS[vendor]: token}}
    )
    one = opened(account, retries=0)
    escaped = token.replace("/", "\\/").encode()
    one.cloud.faults = [reply(b'{"message": "%s", "Message": "%s"}' % (escaped, escaped), 500)]
    with pytest.raises(rt.ServerError) as caught:
        one.get()
    assert not found(everything(caught.value))


def test_a_page_that_repeats_them(opened: Open) -> None:
    """Status 200, as from a wrong host that shows what it got."""
    calls: list[tuple[str, Callable[[Any], Any]]] = [
        ("aitrios", lambda c: c.manage_devices.get_device("d")),
        ("aitrios", lambda c: c.manage_devices.get_devices().first_page()),
        ("scailable", lambda c: c.function.list_functions().first_page()),
    ]
    for vendor, call in calls:
        one = opened(vendor)
        one.cloud.faults = [lambda request: reply(f"<pre>{said(request)}".encode())]
        with pytest.raises(rt.DecodeError) as caught:
            one.run(call(one.client))
        assert b"you sent" in caught.value.content
        assert not found(everything(caught.value))


def test_a_warning_that_repeats_them(opened: Open) -> None:
    def warn(request: httpx2.Request) -> httpx2.Response:
        return reply({"result": "WARNING", "code": said(request), "message": said(request)})

    one = opened("aitrios")
    one.cloud.faults = [warn]
    with pytest.raises(rt.PartialFailureError, match="you sent") as caught:
        one.run(one.client.train_model.delete_model("m"))
    assert not found(everything(caught.value))
