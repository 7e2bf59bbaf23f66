"""Credentials: asked for at each request, checked before they go into a header, missing ones named."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.amnimo import Amnimo
from deviceclouds.runtime._secret import Secret, SecretHeaders

from .conftest import OpenSession
from .support import DEFAULTS, Cloud, FakeClock, Session, reply


def authorization(one: Session) -> list[str]:
    return [request.headers["authorization"] for request in one.cloud.requests]


def get(one: Session) -> Any:
    return one.run(one.client.cameras.get_camera("c"))


def test_a_callable_is_asked_for_each_request(opened: OpenSession) -> None:
    tokens = iter(["first", "second", "third"])
    one = opened("amnimo", reply({}, 503), reply({}), token=lambda: next(tokens))
    get(one)
    get(one)
    assert authorization(one) == ["Bearer first", "Bearer second", "Bearer third"]


def test_an_async_callable_in_an_async_client(runner: asyncio.Runner) -> None:
    async def token() -> str:
        await asyncio.sleep(0)
        return "later"

    one = Session("async", runner, "amnimo", Cloud([reply({})], FakeClock()), token=token)
    get(one)
    assert authorization(one) == ["Bearer later"]
    one.run(one.http.aclose())


def test_an_async_callable_in_a_sync_client(runner: asyncio.Runner) -> None:
    async def token() -> str:
        return "never"

    one = Session("sync", runner, "amnimo", Cloud([reply({})], FakeClock()), token=token)
    with pytest.raises(rt.ConfigurationError, match="use the Async class or a plain function"):
        get(one)
    assert one.cloud.requests == []
    one.http.close()


def test_errors_of_a_callable_come_through(opened: OpenSession) -> None:
    def token() -> str:
        raise LookupError("no vault")

    one = opened("amnimo", token=token)
    with pytest.raises(LookupError, match="no vault"):
        get(one)
    assert one.cloud.requests == []


UNUSABLE = ["hush\n", "hush\r\nX: y", "", " ", "hush\x00", "hüsh", "hush\u2028", "hush ", " hush"]


@pytest.mark.parametrize("token", UNUSABLE)
@pytest.mark.parametrize("vendor", sorted(DEFAULTS))
def test_unusable_tokens_are_refused_by_the_constructor(
    opened: OpenSession, vendor: str, token: str
) -> None:
    (name,) = (name for name in DEFAULTS[vendor] if name.endswith("token"))
    for given in (token, Secret(token)):
        with pytest.raises(rt.ConfigurationError, match="look for a line break") as caught:
            opened(vendor, **{name: given})
        assert "hush" not in str(caught.value)
        assert "hüsh" not in str(caught.value)
        assert caught.value.vendor == vendor


@pytest.mark.parametrize("token", UNUSABLE)
def test_unusable_tokens_of_a_callable_are_refused_unsent(opened: OpenSession, token: str) -> None:
    one = opened("amnimo", token=lambda: token)
    with pytest.raises(rt.ConfigurationError, match="look for a line break") as caught:
        get(one)
    assert "hush" not in str(caught.value)
    assert "hüsh" not in str(caught.value)
    assert caught.value.vendor == "amnimo"
    assert one.cloud.requests == []


@pytest.mark.parametrize("token", [None, 5, b"bytes", ["a"]])
def test_a_callable_that_gives_no_text_is_refused(opened: OpenSession, token: Any) -> None:
    one = opened("amnimo", token=lambda: token)
    with pytest.raises(rt.ConfigurationError, match="the token is empty"):
        get(one)
    assert one.cloud.requests == []


@pytest.mark.parametrize("vendor", sorted(DEFAULTS))
def test_missing_credentials(opened: OpenSession, vendor: str) -> None:
    calls: dict[str, Any] = {
        "aitrios": lambda c: c.manage_devices.get_device("d"),
        "amnimo": lambda c: c.cameras.get_camera("c"),
        "proglove": lambda c: c.users.get_me(),
        "scailable": lambda c: c.function.get_function("u"),
        "viziosense": lambda c: c.devices.get_device("d"),
    }
    one = opened(vendor, **{name: None for name in DEFAULTS[vendor] if name.endswith("token")})
    with pytest.raises(rt.ConfigurationError, match="needs credentials and the client has none"):
        one.run(calls[vendor](one.client))
    assert one.cloud.requests == []


def test_credentials_of_another_scheme_are_not_sent(opened: OpenSession) -> None:
    # A token is no client id: the operation that takes the latter gets neither.
    one = opened("amnimo")
    with pytest.raises(rt.ConfigurationError, match="none that fit"):
        one.run(one.client.auth.issue_token(grant_type="client_credentials"))
    assert one.cloud.requests == []


def test_a_client_id_is_sent_for_tokens_only(opened: OpenSession) -> None:
    one = opened(
        "amnimo",
        reply({"access_token": "made"}),
        reply({}),
        token=None,
        client_id="me",
        secret_key="hush-hush",
        token_store=rt.MemoryTokenStore(),
    )
    get(one)
    basic = "Basic " + base64.b64encode(b"me:hush-hush").decode()
    assert authorization(one) == [basic, "Bearer made"]


def test_operations_without_security_send_no_credentials(opened: OpenSession) -> None:
    one = opened("viziosense", reply({}))
    one.run(one.client.login.login(email="a@b.test", password="hush"))
    assert "authorization" not in one.cloud.request.headers


def test_from_env(opened: OpenSession, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setenv("AMNIMO_TOKEN", "from-env")
    monkeypatch.setenv("AMNIMO_SUBSCRIPTION_ID", "s-env")
    monkeypatch.setenv("AMNIMO_BASE_URL", "https://env.test/x/")
    monkeypatch.setenv("AMNIMO_CLIENT_ID", "")
    one = opened("amnimo", reply({}))
    made = type(one.client).from_env(http_client=one.http)
    one.run(made.cameras.get_camera("c"))
    assert str(one.cloud.request.url) == "https://env.test/x/partitions/s-env/cameras/c"
    assert authorization(one) == ["Bearer from-env"]


def test_a_secret_tells_nothing() -> None:
    import copy
    import pickle

    secret = Secret("hush")
    for text in (repr(secret), str(secret), f"{secret}", repr([secret]), str(dir(secret))):
        assert "hush" not in text
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            leak(secret)
    headers = SecretHeaders(Authorization="hush")
    assert "hush" not in f"{headers} {headers!r}"
    assert dict(headers) == {"Authorization": "hush"}


@pytest.mark.parametrize("token", [5, b"bytes", ["x"]])
def test_what_is_no_token_is_refused_by_the_constructor(token: Any) -> None:
    with pytest.raises(rt.ConfigurationError, match="a token is text or a callable") as caught:
        Amnimo(token=token)
    assert caught.value.vendor == "amnimo"


@pytest.mark.parametrize("paths", [["GET /x"], {5: "GET /x"}])
def test_what_is_no_table_of_paths_is_refused(paths: Any) -> None:
    with pytest.raises(rt.ConfigurationError, match="paths is a mapping such as"):
        Amnimo(token="t", paths=paths)
