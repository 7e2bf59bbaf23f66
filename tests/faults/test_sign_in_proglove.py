"""ProGlove: the customer's user pool is looked up, Cognito gives an IdToken, and a refresh token renews it."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import LIFE, POOL, access, url_of
from .clouds import Opened
from .conftest import Open
from .planted import ISSUED, MARK, PASSWORD, USERNAME

COGNITO = "https://cognito-idp.eu-west-1.amazonaws.com/"
WRONG = {"__type": "com.amazon.coral#NotAuthorizedException", "message": "Incorrect password."}


def sent(one: Opened) -> list[Any]:
    """The bodies of the requests to Cognito."""
    return [json.loads(r.content) for name, r in one.cloud.steps if name != "auth-information"]


def test_what_is_sent(opened: Open) -> None:
    one = opened("proglove")
    one.get()
    one.get()
    (first, lookup), (second, request) = one.cloud.steps
    assert (first, lookup.method) == ("auth-information", "GET")
    assert url_of(lookup) == "https://pg.test/latest/auth-information?id=cust"
    assert "authorization" not in lookup.headers
    assert (second, request.method, url_of(request)) == ("sign-in", "POST", COGNITO)
    assert request.headers["content-type"] == "application/x-amz-json-1.1"
    target = "AWSCognitoIdentityProviderService.InitiateAuth"
    assert request.headers["x-amz-target"] == target
    assert "authorization" not in request.headers
    assert json.loads(request.content) == {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": "pool-client",
        "AuthParameters": {"USERNAME": USERNAME, "PASSWORD": PASSWORD},
    }
    # The IdToken is the whole header.
    assert one.cloud.tokens == [access(1)] * 2
    assert url_of(one.cloud.calls[0]) == "https://pg.test/latest/cust/me"


def test_the_refresh_token_is_kept(opened: Open) -> None:
    one = opened("proglove")
    for _ in range(4):
        one.get()
        one.clock.time += LIFE
    refresh = {"REFRESH_TOKEN": f"{ISSUED}-refresh-1"}
    assert one.cloud.names == ["auth-information", "sign-in", "refresh", "refresh", "refresh"]
    assert [body["AuthParameters"] for body in sent(one)[1:]] == [refresh] * 3
    assert {body["AuthFlow"] for body in sent(one)[1:]} == {"REFRESH_TOKEN"}
    assert one.cloud.tokens == [access(number) for number in (1, 2, 3, 4)]


def test_a_refused_refresh_falls_back_to_the_password(opened: Open) -> None:
    one = opened("proglove")
    one.get()
    one.clock.time += LIFE
    one.cloud.token_faults = [reply(WRONG, 400)]
    one.get()
    assert one.cloud.names[2:] == ["refresh", "sign-in"]
    assert one.cloud.tokens == [access(1), access(2)]


@pytest.mark.parametrize("fault", [httpx2.ConnectError("no"), reply({}, 500)])
def test_a_refresh_that_fails_otherwise_does_not(opened: Open, fault: Any) -> None:
    one = opened("proglove", retries=0)
    one.get()
    one.clock.time += LIFE
    one.cloud.token_faults = [fault]
    with pytest.raises((rt.ApiConnectionError, rt.ServerError)) as caught:
        one.get()
    assert caught.value.operation == "refresh"
    assert one.cloud.names[2:] == ["refresh"]


@pytest.mark.parametrize("status", [401, 403])
def test_either_refusal_renews(opened: Open, status: int) -> None:
    one = opened("proglove")
    one.get()
    one.cloud.revoke()
    one.cloud.faults = [reply({"message": "x"}, status)]
    one.get()
    assert one.cloud.names == ["auth-information", "sign-in", "refresh"]


def test_a_challenge_is_no_token(opened: Open) -> None:
    one = opened("proglove")
    body = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": f"{MARK}-session"}
    one.cloud.token_faults = [None, reply(body, x_amzn_requestid="r-9")]
    with pytest.raises(rt.AuthenticationError, match=r"\(NEW_PASSWORD_REQUIRED\)") as caught:
        one.get()
    error = caught.value
    assert (error.operation, error.status_code, error.code) == ("sign-in", 200, error.code)
    assert (error.request_id, error.attempts) == ("r-9", 1)
    assert MARK not in str(error) + str(vars(error))
    assert one.cloud.calls == []


def test_a_wrong_password(opened: Open) -> None:
    one = opened("proglove")
    one.cloud.token_faults = [None, *[reply(WRONG, 400)] * 9]
    with pytest.raises(rt.AuthenticationError) as caught:
        one.get()
    assert (caught.value.code, caught.value.status_code) == ("NotAuthorizedException", 400)
    assert caught.value.message == (
        "400 Incorrect password.; check username= and password= by signing in to the web portal"
        " [NotAuthorizedException]"
    )
    # Cognito locks accounts: a loop of calls must not be one of passwords.
    for _ in range(20):
        with pytest.raises(rt.AuthenticationError, match="not tried again for another 5 s"):
            one.get()
    assert one.cloud.issued == 1
    one.clock.time += 5
    with pytest.raises(rt.AuthenticationError) as caught:
        one.get()
    assert (one.cloud.issued, caught.value.attempts) == (2, 1)
    one.clock.time += 9
    with pytest.raises(rt.AuthenticationError, match="for another 1 s"):
        one.get()


@pytest.mark.parametrize("code", ["TooManyRequestsException", "LimitExceededException"])
def test_too_many_requests_have_status_400(opened: Open, code: str) -> None:
    one = opened("proglove", retries=2)
    busy = reply({"__type": code, "message": "slow down"}, 400)
    one.cloud.token_faults = [None, busy, busy]
    one.get()
    assert one.cloud.issued == 3
    assert len(one.clock.sleeps) == 2
    one = opened("proglove", retries=0)
    one.cloud.token_faults = [None, busy]
    with pytest.raises(rt.RateLimitError, match="400 slow down") as caught:
        one.get()
    assert (caught.value.operation, caught.value.code) == ("sign-in", code)


HOSTILE = [
    "evil.test/",
    "eu-west-1.evil.test",
    "eu-west-1@evil.test",
    "eu-west-1/..",
    "eu-west-1\n",
    "EU-WEST-1",
    "",
    "x",
    None,
    5,
    ["eu-west-1"],
    "eu-west-1#",
    "eu-west-1:443",
    "\u0435u-west-1",
]


@pytest.mark.parametrize("region", HOSTILE)
def test_a_region_that_leads_elsewhere_is_refused(opened: Open, region: Any) -> None:
    one = opened("proglove")
    one.cloud.token_faults = [reply({**POOL, "region": region}, x_amzn_requestid="r-2")]
    with pytest.raises(rt.DecodeError, match="does not name region and client") as caught:
        one.get()
    error = caught.value
    assert (error.vendor, error.operation) == ("proglove", "auth-information")
    assert (error.status_code, error.request_id, error.attempts) == (200, "r-2", 1)
    assert one.cloud.names == ["auth-information"]


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "ap-southeast-12"])
def test_regions(opened: Open, region: str) -> None:
    one = opened("proglove")
    one.cloud.token_faults = [reply({**POOL, "region": region})]
    one.get()
    assert one.cloud.steps[1][1].url.host == f"cognito-idp.{region}.amazonaws.com"


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"", b"null", json.dumps({"region": "eu-west-1"}).encode()]
)
def test_a_lookup_that_says_nothing(opened: Open, body: bytes) -> None:
    one = opened("proglove")
    one.cloud.token_faults = [reply(body)]
    with pytest.raises(rt.DecodeError, match="check base_url= and customer_id="):
        one.get()
    assert one.cloud.names == ["auth-information"]


def test_another_cognito(opened: Open) -> None:
    one = opened("proglove", cognito_url="https://sso.test/x.amazonaws.com/")
    one.get()
    assert url_of(one.cloud.steps[1][1]) == "https://sso.test/x.amazonaws.com/"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"password": None}, "PROGLOVE_USERNAME, PROGLOVE_PASSWORD"),
        ({"username": ""}, "only work together"),
        ({"password": ""}, "only work together"),
        ({"password": 1234}, "password= is text, not int"),
        ({"customer_id": None}, "PROGLOVE_CUSTOMER_ID"),
        ({"id_token": "t"}, "give id_token= or username= and password=, not both"),
        ({"base_url": ""}, "PROGLOVE_BASE_URL"),
        ({"base_url": None}, "PROGLOVE_BASE_URL"),
        ({"base_url": 5}, "base_url=5 is no URL"),
        ({"cognito_url": "x"}, "cognito_url='x' is no URL"),
    ],
)
def test_what_cannot_work(opened: Open, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(rt.ConfigurationError, match=words) as caught:
        opened("proglove", **arguments)
    assert caught.value.vendor == "proglove"
