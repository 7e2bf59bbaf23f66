"""Signing in to ProGlove's cloud in the sandbox, tokens that end, and requests nobody should send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.testing.sandbox import Sandbox

from .raw_http import raw_http

COGNITO = "/proglove-cognito/"
HEADERS = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
}
PASSWORD = {"USERNAME": "demo", "PASSWORD": "demo"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["proglove"], strict=True, size=0) as sandbox:
        sandbox.clock.freeze()
        yield sandbox


@pytest.fixture
def raw(sandbox: Sandbox) -> Iterator[httpx2.Client]:
    with raw_http(sandbox) as client:
        yield client


def ask(raw: httpx2.Client, flow: str, parameters: dict[str, Any], **more: Any) -> httpx2.Response:
    body = {"AuthFlow": flow, "ClientId": "sandboxclient", "AuthParameters": parameters, **more}
    return raw.post(COGNITO, headers=HEADERS, json=body)


def signed_in(raw: httpx2.Client) -> dict[str, Any]:
    result: dict[str, Any] = ask(raw, "USER_PASSWORD_AUTH", PASSWORD).json()["AuthenticationResult"]
    return result


def me(raw: httpx2.Client, value: str) -> httpx2.Response:
    return raw.get("/proglove/demo0001/me", headers={"Authorization": value})


def test_a_client_signs_in_and_renews(sandbox: Sandbox) -> None:
    with sandbox.client("proglove", username="demo", password="demo") as client:
        assert client.users.get_me().email == "demo@example.com"
        assert sandbox.world.tokens.count == {"proglove": 1}
        sandbox.clock.advance(3601)
        assert client.users.get_me().email == "demo@example.com"
        assert sandbox.world.tokens.count == {"proglove": 2}
        sandbox.revoke("proglove")
        client.users.get_me()
        sandbox.clock.advance(31 * 86400)  # longer than a refresh token lives
        client.users.get_me()
        assert sandbox.world.tokens.count == {"proglove": 4}


def test_an_async_client_signs_in(sandbox: Sandbox) -> None:
    async def run() -> str:
        async with sandbox.async_client("proglove", username="demo", password="demo") as client:
            return str((await client.users.get_me()).email)

    assert asyncio.run(run()) == "demo@example.com"


@pytest.mark.parametrize("options", [{"password": "wrong"}, {"username": "root"}])
def test_wrong_credentials(sandbox: Sandbox, options: dict[str, str]) -> None:
    arguments = {"username": "demo", "password": "demo", **options}
    with (
        sandbox.client("proglove", **arguments) as client,
        pytest.raises(rt.AuthenticationError, match="Incorrect username or password"),
    ):
        client.users.get_me()


def test_the_pool_is_named(raw: httpx2.Client) -> None:
    found = raw.get("/proglove/auth-information", params={"id": "demo0001"})
    assert found.json() == {
        "region": "eu-west-1",
        "customer_id": "demo0001",
        "user_pool_client_id": "sandboxclient",
        "user_pool_id": "eu-west-1_Sandbox",
    }
    assert raw.get("/proglove/auth-information?id=other").status_code == 404
    nobody = raw.get("/proglove/auth-information")
    assert (nobody.status_code, nobody.json().keys()) == (400, {"title", "details"})
    assert raw.post("/proglove/auth-information?id=demo0001").status_code in (404, 405)


def test_the_reply_of_a_sign_in(raw: httpx2.Client) -> None:
    reply = ask(raw, "USER_PASSWORD_AUTH", PASSWORD)
    assert reply.headers["content-type"] == "application/x-amz-json-1.1"
    result = reply.json()["AuthenticationResult"]
    assert result.keys() == {"AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"}
    assert (result["ExpiresIn"], result["TokenType"]) == (3600, "Bearer")
    for flow in ("REFRESH_TOKEN", "REFRESH_TOKEN_AUTH"):
        again = ask(raw, flow, {"REFRESH_TOKEN": result["RefreshToken"]}).json()
        assert "RefreshToken" not in again["AuthenticationResult"]
        assert me(raw, again["AuthenticationResult"]["IdToken"]).status_code == 200


@pytest.mark.parametrize("path", ["/proglove-cognito", "/proglove-cognito/login"])
def test_other_addresses_of_the_sign_in(raw: httpx2.Client, path: str) -> None:
    body = {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": "sandboxclient",
        "AuthParameters": PASSWORD,
    }
    assert raw.post(path, headers=HEADERS, json=body).status_code == 200


def test_only_the_id_token_as_it_is(raw: httpx2.Client, sandbox: Sandbox) -> None:
    tokens = signed_in(raw)
    assert me(raw, tokens["IdToken"]).status_code == 200
    with_word = me(raw, f"Bearer {tokens['IdToken']}")
    assert with_word.status_code == 403
    assert "Bearer" in with_word.json()["details"]
    for other in (tokens["AccessToken"], tokens["RefreshToken"], "nonsense"):
        refused = me(raw, other)
        assert (refused.status_code, refused.json()["message"]) == (401, "Unauthorized")
    missing = raw.get("/proglove/demo0001/me")
    assert (missing.status_code, missing.json()["title"]) == (401, "Unauthorized")
    sandbox.clock.advance(3600)
    expired = me(raw, tokens["IdToken"])
    assert (expired.status_code, expired.json()["message"]) == (
        401,
        "The incoming token has expired",
    )


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"AuthFlow": "USER_SRP_AUTH"}, "InvalidParameterException"),
        ({"AuthFlow": 5}, "InvalidParameterException"),
        ({"ClientId": "other"}, "ResourceNotFoundException"),
        ({"AuthParameters": {"USERNAME": "demo"}}, "InvalidParameterException"),
        ({"AuthParameters": {"USERNAME": "demo", "PASSWORD": 5}}, "InvalidParameterException"),
        ({"AuthParameters": []}, "InvalidParameterException"),
        ({"AuthParameters": {**PASSWORD, "PASSWORD": "\u0000"}}, "NotAuthorizedException"),
        (
            {"AuthFlow": "REFRESH_TOKEN", "AuthParameters": {"REFRESH_TOKEN": "x"}},
            "NotAuthorizedException",
        ),
        ({"AuthFlow": "REFRESH_TOKEN"}, "InvalidParameterException"),
    ],
)
def test_cognitos_errors(raw: httpx2.Client, change: dict[str, Any], kind: str) -> None:
    reply = ask(raw, "USER_PASSWORD_AUTH", PASSWORD, **change)
    assert (reply.status_code, reply.json()["__type"]) == (400, kind)
    assert reply.json()["message"]


def test_an_expired_refresh_token(raw: httpx2.Client, sandbox: Sandbox) -> None:
    token = signed_in(raw)["RefreshToken"]
    sandbox.clock.advance(31 * 86400)
    reply = ask(raw, "REFRESH_TOKEN", {"REFRESH_TOKEN": token})
    assert "expired" in reply.json()["message"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"AuthFlow": NaN}', b"[" * 50_000, b"x" * 100_000,
     b'{"AuthFlow":"\\ud800"}'],
)  # fmt: skip
def test_bodies_that_are_none(raw: httpx2.Client, content: bytes) -> None:
    reply = raw.post(COGNITO, headers=HEADERS, content=content)
    assert (reply.status_code, reply.json()["__type"]) == (400, "SerializationException")


def test_other_calls_of_cognito(raw: httpx2.Client) -> None:
    body = {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": "sandboxclient",
        "AuthParameters": PASSWORD,
    }
    plain = {**HEADERS, "Content-Type": "application/json"}
    assert raw.post(COGNITO, headers=plain, json=body).json()["__type"] == "SerializationException"
    other = {**HEADERS, "X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp"}
    assert (
        raw.post(COGNITO, headers=other, json=body).json()["__type"] == "UnknownOperationException"
    )
    assert raw.get(COGNITO, headers=HEADERS).status_code in (404, 405)


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "/demo0001/users", b"{", 400),
        ("POST", "/demo0001/users", b'{"email": 5}', 400),
        ("POST", "/demo0001/gateways", b"[]", 400),
        (
            "POST",
            "/demo0001/job-analysis",
            b'{"job_config_id":"x","start_time":1e999,"end_time":2}',
            400,
        ),
        ("GET", "/demo0001/events?limit=501", b"", 400),
        ("GET", "/demo0001/events?limit=abc", b"", 400),
        ("GET", "/demo0001/events?unknown=1", b"", 400),
        ("GET", "/demo0001/gateways?next_token=%FF", b"", 400),
        ("GET", "/demo0001/gateways?next_token=bm9uc2Vuc2U", b"", 400),
        ("GET", "/demo0001/users?next_token=%F0%9F%92%A9", b"", 400),
        ("GET", "/demo0001/users/..%2F..%2Fme", b"", 404),
        ("GET", "/demo0001/nothing", b"", 404),
        ("PUT", "/demo0001/users", b"{}", 405),
        ("GET", "/demo0001/device-configs/%00", b"", 404),
        ("POST", "/provisioning", b'{"token": ""}', 403),
        ("POST", "/provisioning", b'{"token": "\\ud800"}', 400),
    ],
)
def test_bad_requests_get_the_vendors_error(
    raw: httpx2.Client, method: str, path: str, content: bytes, status: int
) -> None:
    headers = {"Authorization": "demo"}
    if content:
        headers["Content-Type"] = "application/json"
    reply = raw.request(method, f"/proglove{path}", headers=headers, content=content)
    assert (reply.status_code, reply.json().keys()) == (status, {"title", "details"})
    assert reply.json()["title"]
    assert "Traceback" not in reply.text


def test_odd_texts_are_kept(raw: httpx2.Client) -> None:
    new = {"first_name": "\u0000", "last_name": "💩" * 1000, "role": "USER_ROLE", "email": "../x"}
    headers = {"Authorization": "demo", "Content-Type": "application/json"}
    made = raw.post("/proglove/demo0001/users", headers=headers, content=json.dumps(new)).json()
    found = raw.get(f"/proglove/demo0001/users/{made['id']}", headers=headers).json()
    assert found == made
    assert found["last_name"] == new["last_name"]
