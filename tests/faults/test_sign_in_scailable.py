"""Scailable: signing in, and renewing with refresh tokens."""

from __future__ import annotations

import json
from typing import Any

import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .accounts import LIFE, REFRESHING, jwt, url_of
from .conftest import Open
from .planted import ISSUED, PASSWORD, REFRESH_TOKEN, USERNAME

AUTH = "https://api.sclbl.nxvms.com/auth/authenticate"
ONLY_REFRESH = {"username": None, "password": None, "refresh_token": REFRESH_TOKEN}


def bearer(number: int, now: float) -> str:
    return f"Bearer {jwt(number, now)}"


def test_what_is_sent(opened: Open) -> None:
    one = opened("scailable")
    began = one.clock.time
    one.get()
    one.get()
    ((step, request),) = one.cloud.steps
    assert (step, request.method, url_of(request)) == ("sign-in", "POST", f"{AUTH}/signin")
    assert request.headers["content-type"] == "application/json"
    assert "authorization" not in request.headers
    body = {"Username": USERNAME, "Password": PASSWORD, "KeepLoggedIn": True}
    assert json.loads(request.content) == body
    assert one.cloud.tokens == [bearer(1, began)] * 2


def test_a_refresh_token_renews(opened: Open) -> None:
    one = opened("scailable")
    for _ in range(3):
        one.get()
        one.clock.time += LIFE
    assert one.cloud.names == ["sign-in", "refresh", "refresh"]
    for number, (_, request) in enumerate(one.cloud.steps[1:], 1):
        assert (request.method, url_of(request)) == ("POST", f"{AUTH}/refresh-token")
        assert request.headers["authorization"] == f"Bearer {ISSUED}-refresh-{number}"
        assert request.content == b""


def test_a_refused_refresh_signs_in(opened: Open) -> None:
    one = opened("scailable")
    one.get()
    one.clock.time += LIFE
    one.cloud.token_faults = [reply({"Message": "expired"}, 401)]
    one.get()
    assert one.cloud.names == ["sign-in", "refresh", "sign-in"]


def test_a_refresh_token_alone(opened: Open) -> None:
    one = opened("scailable", **ONLY_REFRESH)
    one.get()
    ((step, request),) = one.cloud.steps
    assert step == "refresh"
    assert request.headers["authorization"] == f"Bearer {REFRESH_TOKEN}"
    one.clock.time += LIFE
    one.cloud.token_faults = [reply({"Message": "expired"}, 401)]
    with pytest.raises(rt.AuthenticationError, match="sign in again with username=") as caught:
        one.get()
    assert caught.value.operation == "refresh"
    assert one.cloud.names == ["refresh", "refresh"]


def test_a_refresh_token_beside_a_password(opened: Open) -> None:
    one = opened("scailable", **REFRESHING)
    one.cloud.token_faults = [reply({"Message": "expired"}, 401)]
    one.get()
    assert one.cloud.names == ["refresh", "sign-in"]


@pytest.mark.parametrize("refresh", [None, "", 5, "two\nlines", " x"])
def test_a_reply_without_a_usable_refresh_token(opened: Open, refresh: Any) -> None:
    one = opened("scailable")
    token = jwt(7, one.clock.time)
    one.cloud.token_faults = [reply({"AccessToken": token, "RefreshToken": refresh})]
    one.cloud.faults = [reply({})]
    one.get()
    one.clock.time += LIFE
    one.get()
    assert one.cloud.names == ["sign-in", "sign-in"]


def test_a_refresh_that_gives_no_new_one_keeps_the_old(opened: Open) -> None:
    one = opened("scailable", **ONLY_REFRESH)
    one.cloud.token_faults = [reply({"AccessToken": jwt(7, one.clock.time)})]
    one.cloud.faults = [reply({})]
    one.get()
    one.clock.time += LIFE
    one.get()
    sent = [request.headers["authorization"] for _, request in one.cloud.steps]
    assert sent == [f"Bearer {REFRESH_TOKEN}"] * 2


@pytest.mark.parametrize("ahead", [0, -90_000, 90_000])
def test_tokens_are_renewed_early_by_their_own_word(opened: Open, ahead: int) -> None:
    """Whatever the cloud's clock says."""
    one = opened("scailable")
    one.cloud.token_faults = [reply({"AccessToken": jwt(7, one.clock.time + ahead)})]
    one.cloud.faults = [reply({})] * 9
    one.get()
    one.clock.time += LIFE - 181
    one.get()
    assert one.cloud.issued == 1
    one.clock.time += 1
    one.get()
    assert one.cloud.issued == 2


ODD = [
    "opaque",
    "a.b.c",
    "a.e30.c",
    "..",
    "a.bnVsbA.c",
    "a.eyJleHAiOiAieCJ9.c",
    "a.eyJleHAiOiAxfQ.c",
]


@pytest.mark.parametrize("token", ODD)
def test_tokens_that_say_nothing_are_used_until_refused(opened: Open, token: str) -> None:
    one = opened("scailable")
    one.cloud.token_faults = [reply({"AccessToken": token})]
    one.cloud.faults = [reply({}), reply({})]
    one.get()
    one.clock.time += 1e8
    one.get()
    assert one.cloud.tokens == [f"Bearer {token}"] * 2
    one.get()
    assert one.cloud.issued == 2


@pytest.mark.parametrize(
    ("urls", "auth"),
    [
        ({"base_url": "https://api.sclbl.net/cpt"}, "https://api.sclbl.net/auth"),
        ({"base_url": "https://h.test/x/cpt/"}, "https://h.test/x/auth"),
        ({"auth_url": "https://sso.test/auth/"}, "https://sso.test/auth"),
        ({"base_url": "https://h.test/api", "auth_url": "https://a.test"}, "https://a.test"),
    ],
)
def test_where_to_sign_in(opened: Open, urls: dict[str, str], auth: str) -> None:
    one = opened("scailable", **urls)
    one.get()
    assert url_of(one.cloud.steps[0][1]) == f"{auth}/authenticate/signin"


@pytest.mark.parametrize("base_url", ["https://h.test/api", "https://h.test/cpt/v2", "https://cpt"])
def test_an_address_that_does_not_tell_where_to_sign_in(opened: Open, base_url: str) -> None:
    with pytest.raises(rt.ConfigurationError, match="auth_url= is needed"):
        opened("scailable", base_url=base_url)


def test_acting_for_somebody(opened: Open) -> None:
    one = opened("scailable", act_as=("organization", "0b1f"))
    one.get()
    (call,) = one.cloud.calls
    assert call.headers["x-act-as-kind"] == "organization"
    assert call.headers["x-act-as-id"] == "0b1f"
    ((_, request),) = one.cloud.steps
    assert "x-act-as-kind" not in request.headers
    own = one.client.function.get_function("u", extra_headers={"X-Act-As-ID": "other"})
    one.run(own)
    assert one.cloud.calls[1].headers["x-act-as-id"] == "other"


@pytest.mark.parametrize("act_as", ["organization", ("boss", "u"), ("user",), 5, ["user", "u"]])
def test_what_is_nobody(opened: Open, act_as: Any) -> None:
    with pytest.raises(rt.ConfigurationError, match=r"act_as=.* is not usable"):
        opened("scailable", act_as=act_as)


def test_another_prefix(opened: Open) -> None:
    one = opened("scailable", token_prefix="")
    one.cloud.faults = [reply({})] * 2
    one.get()
    assert one.cloud.tokens == [jwt(1, one.clock.time)]


@pytest.mark.parametrize("prefix", ["Bearer\n", "Bëarer ", None, 5, "\x00"])
def test_what_is_no_prefix(opened: Open, prefix: Any) -> None:
    with pytest.raises(rt.ConfigurationError, match=r"token_prefix=.* is not usable"):
        opened("scailable", token_prefix=prefix)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"password": None}, "SCAILABLE_USERNAME, SCAILABLE_PASSWORD"),
        ({"password": ""}, "only work together"),
        ({"username": None}, "only work together"),
        ({"username": None, "refresh_token": "r"}, "only work together"),
        ({"username": None, "password": "", "refresh_token": ""}, "only work together"),
        ({"token": "t"}, "give token=, or username= and password=, or refresh_token="),
        ({"refresh_token": "r\n"}, "look for a line break"),
        ({"refresh_token": 5}, "refresh_token= is text, not int"),
        ({"auth_url": "x"}, "auth_url='x' is no URL"),
    ],
)
def test_what_cannot_work(opened: Open, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(rt.ConfigurationError, match=words) as caught:
        opened("scailable", **arguments)
    assert caught.value.vendor == "scailable"
