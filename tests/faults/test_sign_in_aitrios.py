"""AITRIOS: client credentials of the portal."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import access, url_of
from .conftest import Open
from .planted import CLIENT_ID, CLIENT_SECRET

TOKEN_URL = "https://auth.aitrios.sony-semicon.com/oauth2/default/v1/token"
BASIC = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


def test_what_is_sent(opened: Open) -> None:
    one = opened("aitrios")
    one.get()
    one.get()
    ((step, request),) = one.cloud.steps
    assert (step, request.method, url_of(request)) == ("sign-in", "POST", TOKEN_URL)
    assert request.headers["authorization"] == BASIC
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["accept"] == "application/json"
    assert request.content == b"grant_type=client_credentials&scope=system"
    assert one.cloud.tokens == [f"Bearer {access(1)}"] * 2
    host = "https://console.aitrios.sony-semicon.com"
    assert {url_of(r) for r in one.cloud.calls} == {f"{host}/api/v2/devices/d"}


def test_a_grant_type_is_never_sent_without_the_enterprise_edition(opened: Open) -> None:
    one = opened("aitrios")
    one.get()
    lists: dict[str, Any] = {"devices": [], "deploy_configs": [], "models": []}
    one.cloud.faults = [reply(lists)] * 3
    for call in (
        one.client.manage_devices.get_devices,
        one.client.deploy.get_deploy_configurations,
        one.client.train_model.get_models,
    ):
        one.run(call().first_page())
    assert [request.url.query for request in one.cloud.calls] == [b""] * 4


@pytest.mark.parametrize(
    "base_url", ["https://eu.test", "https://eu.test/", "https://eu.test/api/v2/"]
)
def test_another_console_and_another_portal(opened: Open, base_url: str) -> None:
    url = "https://portal.test/oauth2/default/v1/token"
    one = opened("aitrios", base_url=base_url, token_url=url + "/")
    one.get()
    assert url_of(one.cloud.steps[0][1]) == url
    assert url_of(one.cloud.calls[0]) == "https://eu.test/api/v2/devices/d"


@pytest.mark.parametrize(
    ("said", "lives"),
    [(3600, 3600), ("3600", 3600), (None, 3600), (0, 3600), (-5, 3600), ("soon", 3600), (100, 100)],
)
def test_how_long_a_token_is_used(opened: Open, said: Any, lives: int) -> None:
    one = opened("aitrios")
    body = {"access_token": access(0), "expires_in": said}
    one.cloud.token_faults = [reply(body)]
    one.cloud.faults = [reply({})] * 9
    one.get()
    one.clock.time += lives - min(180, lives / 10) - 1
    one.get()
    assert one.cloud.issued == 1
    one.clock.time += 1
    one.get()
    assert one.cloud.issued == 2
    assert one.cloud.tokens == [f"Bearer {access(0)}"] * 2 + [f"Bearer {access(1)}"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"client_secret": None}, "client_id= and client_secret= .* only work together"),
        ({"client_id": None}, "AITRIOS_CLIENT_ID, AITRIOS_CLIENT_SECRET"),
        ({"client_secret": ""}, "only work together"),
        ({"client_id": ""}, "only work together"),
        ({"client_secret": 5}, "client_secret= is text, not int"),
        ({"client_secret": b"x"}, "client_secret= is text, not bytes"),
        ({"token": "t"}, "give token= or client credentials, not both"),
        ({"application_id": "a"}, "needs both application_id= and tenant_id="),
        ({"tenant_id": "t"}, "AITRIOS_APPLICATION_ID, AITRIOS_TENANT_ID"),
        ({"application_id": "a", "tenant_id": "t", "token_url": TOKEN_URL}, "token_url= is of the"),
        ({"token_url": "nonsense"}, "token_url='nonsense' is no URL"),
        ({"token_url": "https://me:pw@x.test/"}, "token_url must hold no query, fragment or cred"),
    ],
)
def test_what_cannot_work(opened: Open, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(rt.ConfigurationError, match=words) as caught:
        opened("aitrios", **arguments)
    assert caught.value.vendor == "aitrios"


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (
            {"errorCode": "invalid_client", "errorSummary": "Invalid value"},
            400,
            "400 Invalid value",
        ),
        ({"error": "invalid_client", "error_description": "No."}, 401, "401 No."),
        ({"error": "invalid_client"}, 401, "401 the credentials were refused"),
    ],
)
def test_refused_credentials(opened: Open, body: Any, status: int, text: str) -> None:
    one = opened("aitrios")
    one.cloud.token_faults = [reply(body, status, x_request_id="r-1")]
    with pytest.raises(rt.AuthenticationError) as caught:
        one.get()
    error = caught.value
    assert (error.vendor, error.operation, error.status_code) == ("aitrios", "sign-in", status)
    assert (error.code, error.request_id, error.attempts) == ("invalid_client", "r-1", 1)
    assert error.message == (
        f"{text}; check client_id= and client_secret= against the portal's page of client"
        " applications [invalid_client]"
    )
    assert (error.body, error.content) == (None, b"")
    assert one.cloud.calls == []
