"""VizioSense: signing in with email and password, again when the token is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import LIFE, access, url_of
from .conftest import Open
from .planted import PASSWORD, USERNAME


def test_what_is_sent(opened: Open) -> None:
    one = opened("viziosense")
    one.get()
    one.get()
    ((step, request),) = one.cloud.steps
    assert (step, request.method) == ("login.login", "POST")
    assert url_of(request) == "https://api.viziosense.com/api/v1/login"
    assert request.headers["content-type"] == "application/json"
    assert "authorization" not in request.headers
    assert json.loads(request.content) == {"email": USERNAME, "password": PASSWORD}
    assert one.cloud.tokens == [f"Bearer {access(1)}"] * 2


def test_a_refused_token_signs_in_again(opened: Open) -> None:
    one = opened("viziosense")
    one.get()
    one.cloud.revoke()
    one.get()
    assert one.cloud.names == ["login.login"] * 2
    assert one.cloud.tokens == [f"Bearer {access(number)}" for number in (1, 1, 2)]


def test_an_expiring_token_is_renewed_early(opened: Open) -> None:
    one = opened("viziosense")
    one.get()
    one.clock.time += LIFE - 180
    one.get()
    assert one.cloud.tokens == [f"Bearer {access(number)}" for number in (1, 2)]


@pytest.mark.parametrize(
    "refusal", [reply({"httpError": 4001, "message": "x"}, 400), reply({}, 400), reply({}, 403)]
)
def test_other_refusals_are_no_expired_token(opened: Open, refusal: Any) -> None:
    one = opened("viziosense")
    one.cloud.faults = [refusal]
    with pytest.raises((rt.BadRequestError, rt.PermissionDeniedError)):
        one.get()
    assert one.cloud.issued == 1


def test_another_route(opened: Open) -> None:
    one = opened(
        "viziosense",
        paths={"login.login": "PUT /v2/login"},
        base_url="https://api.staging.viziosense.ai/api/v1/",
    )
    one.get()
    ((_, request),) = one.cloud.steps
    address = "https://api.staging.viziosense.ai/api/v1/v2/login"
    assert (request.method, url_of(request)) == ("PUT", address)


def test_a_token_whose_end_is_not_known(opened: Open) -> None:
    one = opened("viziosense")
    one.cloud.token_faults = [reply({"data": {"access_token": "endless", "expires_in": None}})]
    one.cloud.faults = [reply({})] * 2
    one.get()
    one.clock.time += 1e9
    one.get()
    assert one.cloud.issued == 1


@pytest.mark.parametrize(
    "body", [{}, {"data": None}, {"data": []}, {"data": {"access_token": 5}}, {"access_token": "t"}]
)
def test_a_reply_without_a_token(opened: Open, body: Any) -> None:
    one = opened("viziosense")
    one.cloud.token_faults = [reply(body)]
    with pytest.raises(rt.DecodeError, match="holds no token"):
        one.get()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"password": None}, "VIZIOSENSE_EMAIL, VIZIOSENSE_PASSWORD"),
        ({"email": None}, "only work together"),
        ({"password": ""}, "only work together"),
        ({"password": ["x"]}, "password= is text, not list"),
        ({"token": "t"}, "give token= or email= and password=, not both"),
    ],
)
def test_what_cannot_work(opened: Open, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(rt.ConfigurationError, match=words) as caught:
        opened("viziosense", **arguments)
    assert caught.value.vendor == "viziosense"
