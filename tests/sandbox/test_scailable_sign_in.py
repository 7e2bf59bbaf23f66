"""Signing in to Scailable's cloud in the sandbox, tokens that end, time limits, requests nobody should send."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.testing.sandbox import app as sandbox_app

from .raw_http import raw_http

AUTH = "/scailable/auth/authenticate"
GOOD = {"Username": "demo", "Password": "demo", "KeepLoggedIn": True}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["scailable"], strict=True, size=0) as sandbox:
        sandbox.clock.freeze()
        yield sandbox


@pytest.fixture
def raw(sandbox: Sandbox) -> Iterator[httpx2.Client]:
    with raw_http(sandbox) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def works(raw: httpx2.Client, token: str) -> bool:
    reply = raw.get("/scailable/cpt/configuration", headers=bearer(token))
    if reply.status_code == 401:
        assert reply.json() == {"AuthorizationInvalid": True, "Message": "Not authorized"}
    return reply.status_code == 200


def test_a_client_signs_in_and_renews(sandbox: Sandbox) -> None:
    with sandbox.client("scailable", username="demo", password="demo") as client:
        client.service.get_configuration()
        assert sandbox.world.tokens.count == {"scailable": 1}
        sandbox.clock.advance(3601)
        client.service.get_configuration()
        sandbox.revoke("scailable")
        client.service.get_configuration()
        sandbox.clock.advance(31 * 86400)
        client.service.get_configuration()
        assert sandbox.world.tokens.count == {"scailable": 4}


def test_a_refresh_token_is_enough(sandbox: Sandbox, raw: httpx2.Client) -> None:
    refresh = raw.post(f"{AUTH}/signin", json=GOOD).json()["RefreshToken"]

    async def run() -> Any:
        async with sandbox.async_client("scailable", refresh_token=refresh) as client:
            return await client.service.get_configuration()

    assert asyncio.run(run()).max_upload_size == 104857600


def test_wrong_credentials(sandbox: Sandbox) -> None:
    for wrong in ({"username": "root"}, {"password": "wrong"}):
        arguments = {"username": "demo", "password": "demo", **wrong}
        with (
            sandbox.client("scailable", **arguments) as client,
            pytest.raises(rt.AuthenticationError),
        ):
            client.service.get_configuration()


def test_replies_of_the_sign_in(raw: httpx2.Client, sandbox: Sandbox) -> None:
    tokens = raw.post(f"{AUTH}/signin", json={"Email": "demo", "Password": "demo"}).json()
    assert tokens.keys() == {"AccessToken", "RefreshToken"}
    assert works(raw, tokens["AccessToken"])
    assert not works(raw, tokens["RefreshToken"])
    again = raw.post(f"{AUTH}/refresh-token", headers=bearer(tokens["RefreshToken"])).json()
    assert again.keys() == {"AccessToken"}
    assert works(raw, again["AccessToken"])
    headers, body = bearer(tokens["RefreshToken"]), {"GrantType": "RefreshToken"}
    other = raw.post(f"{AUTH}/refresh-token", headers=headers, json=body).json()
    assert other.keys() == {"RefreshToken"}
    sandbox.clock.advance(3600)
    assert not works(raw, again["AccessToken"])
    for token in (tokens["AccessToken"], "", "x"):
        assert raw.post(f"{AUTH}/refresh-token", headers=bearer(token)).status_code == 401


def test_signing_out(raw: httpx2.Client) -> None:
    tokens = raw.post(f"{AUTH}/signin", json=GOOD).json()
    for name in ("AccessToken", "RefreshToken"):
        reply = raw.post(f"{AUTH}/signout", headers=bearer(tokens[name]))
        assert (reply.status_code, reply.json()["Message"]) == (200, "Done")
        assert raw.post(f"{AUTH}/signout", headers=bearer(tokens[name])).status_code == 401
    assert not works(raw, tokens["AccessToken"])
    assert (
        raw.post(f"{AUTH}/refresh-token", headers=bearer(tokens["RefreshToken"])).status_code == 401
    )
    assert raw.post(f"{AUTH}/signout", headers=bearer("demo")).status_code == 200
    assert works(raw, "demo")


@pytest.mark.parametrize("value", ["demo", "Basic ZGVtbzpkZW1v", "Bearer", "Bearer x", ""])
def test_other_headers_are_refused(raw: httpx2.Client, value: str) -> None:
    reply = raw.get("/scailable/cpt/catalogues", headers={"Authorization": value})
    assert reply.status_code == 401
    assert reply.json()["AuthorizationInvalid"] is True


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"Password": "demo"}, 400, "Username"),
        ({"Username": "demo"}, 400, "Password"),
        ({"Username": "demo", "Password": ["demo"]}, 400, "Password"),
        ({"Username": {"a": 1}, "Password": "demo"}, 400, "Username"),
        ({"Username": "demo", "Password": "x"}, 401, None),
        ({}, 400, "Username"),
    ],
)
def test_sign_ins_that_are_refused(
    raw: httpx2.Client, body: dict[str, Any], status: int, field: str | None
) -> None:
    reply = raw.post(f"{AUTH}/signin", json=body)
    assert reply.status_code == status
    assert reply.json().get("Field", {}).get("Name") == field
    assert reply.json()["Message"]


@pytest.mark.parametrize(
    ("method", "call", "content", "status"),
    [
        ("POST", "signin", b"{", 400),
        ("POST", "signin", b"[]", 400),
        ("POST", "signin", b"\xff", 400),
        ("POST", "signin", b"[" * 60_000, 400),
        ("POST", "signin", b"x" * 70_000, 413),
        ("POST", "refresh-token", b"5", 400),
        ("GET", "signin", b"", 405),
        ("DELETE", "signout", b"", 405),
        ("POST", "nothing", b"", 404),
        ("POST", "%2e%2e/signin", b"", 404),
    ],
)
def test_bad_calls_of_the_sign_in(
    raw: httpx2.Client, method: str, call: str, content: bytes, status: int
) -> None:
    reply = raw.request(method, f"{AUTH}/{call}", content=content)
    assert (reply.status_code, reply.json().keys()) == (status, {"Message"})


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "/catalogues", b"{", 400),
        ("POST", "/catalogues", b'{"Name": 5}', 400),
        ("POST", "/catalogues", b'{"Name": "\\ud800"}', 400),
        ("POST", "/functions/link", b"[]", 400),
        ("GET", "/function/no-uuid", b"", 400),
        ("GET", "/functions?Limit=abc", b"", 400),
        ("GET", "/functions?Catalogue=x", b"", 400),
        ("GET", "/functions?OrderBy=Name,Nothing", b"", 400),
        ("GET", "/functions?Width=%FF", b"", 400),
        ("GET", "/functions?Nothing=1", b"", 400),
        ("GET", "/function/..%2F..%2Fx", b"", 400),
        ("GET", "/nothing", b"", 404),
        ("PUT", "/catalogues", b"{}", 405),
    ],
)
def test_bad_requests_get_the_vendors_error(
    raw: httpx2.Client, method: str, path: str, content: bytes, status: int
) -> None:
    headers = {**bearer("demo"), "Content-Type": "application/json"} if content else bearer("demo")
    reply = raw.request(method, f"/scailable/cpt{path}", headers=headers, content=content)
    assert (reply.status_code, reply.json().keys()) == (status, {"Message"})


def test_odd_texts_are_kept(raw: httpx2.Client) -> None:
    name = "\u0000💩'\";--" * 100
    made = raw.post("/scailable/cpt/catalogues", headers=bearer("demo"), json={"Name": name})
    found = raw.get(f"/scailable/cpt/catalogue/{made.json()['UUID']}", headers=bearer("demo"))
    assert found.json()["Name"] == name


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []

    class NoWaiting:
        @staticmethod
        async def sleep(seconds: float) -> None:
            found.append(seconds)

    monkeypatch.setattr(sandbox_app, "asyncio", NoWaiting)
    return found


def test_the_server_gives_up_at_its_time_limit(
    sandbox: Sandbox, raw: httpx2.Client, naps: list[float]
) -> None:
    sandbox.fail("scailable", "get_configuration", kind="latency", latency=1.5)
    reply = raw.get("/scailable/cpt/configuration", headers=bearer("demo"))
    assert (reply.status_code, naps) == (504, [1])
    assert "time limit of 1 s" in reply.json()["Message"]
    sandbox.fail("scailable", "list_catalogues", kind="latency", latency=1.5)
    reply = raw.get("/scailable/cpt/catalogues", headers=bearer("demo"))
    assert (reply.status_code, naps) == (200, [1, 1.5])


def test_what_came_too_late_is_done(
    sandbox: Sandbox, raw: httpx2.Client, naps: list[float]
) -> None:
    sandbox.fail("scailable", "create_catalogue", kind="latency", latency=6)
    url = "/scailable/cpt/catalogues"
    assert raw.post(url, headers=bearer("demo"), json={"Name": "Late"}).status_code == 504
    assert "Late" in {one["Name"] for one in raw.get(url, headers=bearer("demo")).json()}


def test_a_client_tries_again_after_a_time_limit(sandbox: Sandbox, naps: list[float]) -> None:
    sandbox.fail("scailable", "get_configuration", kind="latency", latency=2)
    with sandbox.client("scailable") as client:
        assert client.service.get_configuration().supported_file_types == ["onnx"]
    assert [entry.status for entry in sandbox.journal.entries] == [504, 200]
