"""Signing in to the AITRIOS Console of the sandbox: the portal's tokens, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.testing import MOUNTS
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.testing.sandbox.clouds.aitrios.sign_in import TOKEN_PATH

from .aitrios_fixtures import DEVICE, sandbox
from .raw_http import raw_http

__all__ = ["sandbox"]

BASE = MOUNTS["aitrios"]


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer", "Basic ZGVtbzpkZW1v", "demo"])
def test_wrong_tokens_get_401(sandbox: Sandbox, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    with raw_http(sandbox) as raw:
        reply = raw.get(f"{BASE}/devices", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (401, "E.SC.API.0000002")


def test_a_client_signs_in_and_renews_what_was_revoked(sandbox: Sandbox) -> None:
    with sandbox.client("aitrios", client_id="demo", client_secret="demo") as console:
        assert console.manage_devices.get_device(DEVICE).device_name == "north-door"
        assert sandbox.world.tokens.count["aitrios"] == 1
        sandbox.revoke("aitrios")
        assert console.manage_devices.get_device(DEVICE).device_name == "north-door"
        assert sandbox.world.tokens.count["aitrios"] == 2
        sandbox.clock.advance(3600)
        assert console.manage_devices.get_device(DEVICE).device_name == "north-door"
        assert sandbox.world.tokens.count["aitrios"] == 3
    with (
        sandbox.client("aitrios", client_id="demo", client_secret="wrong") as stranger,
        pytest.raises(rt.AuthenticationError),
    ):
        stranger.manage_devices.get_device(DEVICE)


def test_tokens_expire_after_an_hour(sandbox: Sandbox) -> None:
    form = {"grant_type": "client_credentials", "scope": "system"}
    with raw_http(sandbox) as raw:
        granted = raw.post(TOKEN_PATH, data=form, auth=("demo", "demo")).json()
        assert granted["expires_in"] == 3600 and granted["token_type"] == "Bearer"
        headers = {"Authorization": f"bearer {granted['access_token']}"}
        sandbox.clock.advance(3599)
        assert raw.get(f"{BASE}/devices/{DEVICE}", headers=headers).status_code == 200
        sandbox.clock.advance(1)
        reply = raw.get(f"{BASE}/devices/{DEVICE}", headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (401, "E.SC.API.0000002")


def test_the_portal_refuses_as_it_was_seen_to(sandbox: Sandbox) -> None:
    form = {"grant_type": "client_credentials", "scope": "system"}
    both = {**form, "client_id": "demo", "client_secret": "demo"}
    cases: list[tuple[dict[str, Any], int, str, str]] = [
        ({"data": form, "auth": ("stranger", "demo")}, 400, "errorCode", "invalid_client"),
        ({"data": form}, 400, "errorCode", "invalid_client"),
        ({"data": form, "auth": ("demo", "wrong")}, 401, "error", "invalid_client"),
        ({"data": {**both, "client_secret": "x"}}, 401, "error", "invalid_client"),
        ({"data": {**both, "scope": "all"}}, 400, "error", "invalid_scope"),
        ({"data": {**both, "grant_type": "password"}}, 400, "error", "unsupported_grant_type"),
        ({"json": both}, 400, "error", "invalid_request"),
        ({"data": {**both, "more": "x" * 70_000}}, 400, "error", "invalid_request"),
        ({"content": b"a=%ff", "headers": FORM}, 400, "error", "invalid_request"),
        (
            {"content": b"scope=system&scope=system", "headers": FORM},
            400,
            "error",
            "invalid_request",
        ),
        (
            {"data": form, "headers": {"Authorization": "Basic %"}},
            400,
            "errorCode",
            "invalid_client",
        ),
    ]
    with raw_http(sandbox) as raw:
        for arguments, status, name, word in cases:
            reply = raw.post(TOKEN_PATH, **arguments)
            assert (reply.status_code, reply.json().get(name)) == (status, word), arguments
        assert raw.post(TOKEN_PATH, data=both).status_code == 200
    assert sandbox.world.tokens.count["aitrios"] == 1


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
