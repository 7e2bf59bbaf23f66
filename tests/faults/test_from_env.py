"""Credentials from the environment: all variables, what is given wins, what is missing is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import CLASSES, client_class, reply

from .accounts import ACCOUNTS, VENDORS, url_of
from .conftest import Open
from .planted import (
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    REFRESH_TOKEN,
    SECRET_KEY,
    STATIC_TOKEN,
    USERNAME,
)

pytestmark = pytest.mark.usefixtures("no_environment")

TOKENS = dict.fromkeys(VENDORS, "TOKEN") | {"proglove": "ID_TOKEN"}
SIGN_IN = {
    "aitrios": {"CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET},
    "amnimo": {"CLIENT_ID": CLIENT_ID, "SECRET_KEY": SECRET_KEY},
    "proglove": {"USERNAME": USERNAME, "PASSWORD": PASSWORD},
    "scailable": {"USERNAME": USERNAME, "PASSWORD": PASSWORD},
    "viziosense": {"EMAIL": USERNAME, "PASSWORD": PASSWORD},
}
NEEDED = {
    "amnimo": {"SUBSCRIPTION_ID": "sub-env", "ACCOUNT_ID": "acc-env"},
    "proglove": {"CUSTOMER_ID": "cust-env", "BASE_URL": "https://pg.test/env"},
}
GIVEN = {
    "aitrios": {"client_id": "given", "client_secret": "given-secret"},
    "amnimo": {"client_id": "given", "secret_key": "given-secret"},
    "proglove": {"username": "given", "password": "given-secret"},
    "scailable": {"username": "given", "password": "given-secret"},
    "viziosense": {"email": "given", "password": "given-secret"},
}


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> Any:
    def put(vendor: str, values: dict[str, str]) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"{vendor.upper()}_{name}", value)

    return put


def sent(request: Any) -> str:
    return f"{request.headers.get('authorization')} {request.content.decode()}"


@pytest.mark.parametrize("vendor", VENDORS)
def test_signing_in(opened: Open, environ: Any, vendor: str) -> None:
    environ(vendor, SIGN_IN[vendor] | NEEDED.get(vendor, {}))
    by_hand = opened(vendor)
    by_hand.get()
    one = opened(vendor, from_env=True)
    one.get()
    assert one.cloud.names == by_hand.cloud.names
    assert sent(one.cloud.steps[-1][1]) == sent(by_hand.cloud.steps[-1][1])
    assert one.cloud.tokens == by_hand.cloud.tokens


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_token_is_preferred(opened: Open, environ: Any, vendor: str) -> None:
    environ(vendor, SIGN_IN[vendor] | NEEDED.get(vendor, {}) | {TOKENS[vendor]: STATIC_TOKEN})
    one = opened(vendor, from_env=True)
    one.cloud.faults = [reply({})]
    one.get()
    assert one.cloud.steps == []
    assert one.cloud.tokens == [ACCOUNTS[vendor].prefix + STATIC_TOKEN]


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_given_wins(opened: Open, environ: Any, vendor: str) -> None:
    environ(vendor, SIGN_IN[vendor] | NEEDED.get(vendor, {}) | {TOKENS[vendor]: STATIC_TOKEN})
    one = opened(vendor, from_env=True, **GIVEN[vendor])
    one.get()
    direct = opened(vendor, **GIVEN[vendor])
    direct.get()
    assert sent(one.cloud.steps[-1][1]) == sent(direct.cloud.steps[-1][1])
    (name,) = [one for one in ("token", "id_token") if one.upper() == TOKENS[vendor]]
    other = opened(vendor, from_env=True, **{name: "given-token"})
    other.cloud.faults = [reply({})]
    other.get()
    assert other.cloud.tokens == [ACCOUNTS[vendor].prefix + "given-token"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_one_given_part_is_completed(opened: Open, environ: Any, vendor: str) -> None:
    """Of the same way to prove who calls; a token in the environment is another way."""
    environ(vendor, SIGN_IN[vendor] | NEEDED.get(vendor, {}) | {TOKENS[vendor]: STATIC_TOKEN})
    name = next(iter(GIVEN[vendor]))
    one = opened(vendor, from_env=True, **{name: GIVEN[vendor][name]})
    one.get()
    direct = opened(vendor, **{name: GIVEN[vendor][name]})
    direct.get()
    assert sent(one.cloud.steps[-1][1]) == sent(direct.cloud.steps[-1][1])


@pytest.mark.parametrize("vendor", VENDORS)
def test_none_is_not_given(opened: Open, environ: Any, vendor: str) -> None:
    environ(vendor, {TOKENS[vendor]: STATIC_TOKEN} | NEEDED.get(vendor, {}))
    nothing = dict.fromkeys([*GIVEN[vendor], TOKENS[vendor].lower(), "base_url"])
    one = opened(vendor, from_env=True, **nothing)
    one.cloud.faults = [reply({})]
    one.get()
    assert one.cloud.tokens == [ACCOUNTS[vendor].prefix + STATIC_TOKEN]


@pytest.mark.parametrize("vendor", VENDORS)
def test_empty_variables_are_missing(opened: Open, environ: Any, vendor: str) -> None:
    environ(vendor, SIGN_IN[vendor] | NEEDED.get(vendor, {}) | {TOKENS[vendor]: ""})
    one = opened(vendor, from_env=True)
    one.get()
    assert one.cloud.issued == 1
    environ(vendor, dict.fromkeys(SIGN_IN[vendor], ""))
    with pytest.raises(rt.ConfigurationError, match="needs credentials and the client has none"):
        opened(vendor, from_env=True).get()


@pytest.mark.parametrize("vendor", VENDORS)
def test_missing_credentials_are_named(opened: Open, environ: Any, vendor: str) -> None:
    environ(vendor, NEEDED.get(vendor, {}))
    one = opened(vendor, from_env=True)
    with pytest.raises(rt.ConfigurationError) as caught:
        one.get()
    error = caught.value
    for name in (TOKENS[vendor], *SIGN_IN[vendor]):
        assert f"{vendor.upper()}_{name}" in str(error)
    assert (error.vendor, error.attempts) == (vendor, 0)
    assert error.operation
    assert one.cloud.calls == []


@pytest.mark.parametrize(
    ("vendor", "name"), [(vendor, name) for vendor in VENDORS for name in SIGN_IN[vendor]]
)
def test_half_of_what_is_needed(opened: Open, environ: Any, vendor: str, name: str) -> None:
    environ(vendor, {name: SIGN_IN[vendor][name]} | NEEDED.get(vendor, {}))
    with pytest.raises(rt.ConfigurationError, match="only work together") as caught:
        opened(vendor, from_env=True)
    for needed in SIGN_IN[vendor]:
        assert f"{vendor.upper()}_{needed}" in str(caught.value)


def test_other_variables_of_aitrios(opened: Open, environ: Any) -> None:
    urls = {"TOKEN_URL": "https://p.test/oauth2/default/v1/token", "BASE_URL": "https://c.test"}
    environ("aitrios", SIGN_IN["aitrios"] | urls)
    one = opened("aitrios", from_env=True)
    one.get()
    assert url_of(one.cloud.steps[0][1]) == urls["TOKEN_URL"]
    assert url_of(one.cloud.calls[0]) == "https://c.test/api/v2/devices/d"
    environ("aitrios", {"APPLICATION_ID": "app"})
    with pytest.raises(rt.ConfigurationError, match="AITRIOS_APPLICATION_ID, AITRIOS_TENANT_ID"):
        opened("aitrios", from_env=True)


def test_other_variables_of_amnimo(opened: Open, environ: Any, cache_folder: Path) -> None:
    environ("amnimo", SIGN_IN["amnimo"] | NEEDED["amnimo"] | {"BASE_URL": "https://a.test/ex/"})
    one = opened("amnimo", from_env=True)
    one.get()
    assert url_of(one.cloud.steps[0][1]) == "https://a.test/ex/oauth2/token"
    assert url_of(one.cloud.calls[0]) == "https://a.test/ex/partitions/sub-env/cameras/c"
    assert list(cache_folder.rglob("*.json"))


def test_other_variables_of_proglove(opened: Open, environ: Any) -> None:
    cognito = {"COGNITO_URL": "https://sso.test/x.amazonaws.com"}
    environ("proglove", SIGN_IN["proglove"] | NEEDED["proglove"] | cognito)
    one = opened("proglove", from_env=True)
    one.get()
    lookup, request = (request for _, request in one.cloud.steps)
    assert url_of(lookup) == "https://pg.test/env/auth-information?id=cust-env"
    assert url_of(request) == "https://sso.test/x.amazonaws.com/"
    assert url_of(one.cloud.calls[0]) == "https://pg.test/env/cust-env/me"


def test_other_variables_of_scailable(opened: Open, environ: Any) -> None:
    urls = {"BASE_URL": "https://s.test/v1", "AUTH_URL": "https://s.test/sso"}
    environ("scailable", {"REFRESH_TOKEN": REFRESH_TOKEN} | urls)
    one = opened("scailable", from_env=True)
    one.get()
    ((_, request),) = one.cloud.steps
    assert url_of(request) == "https://s.test/sso/authenticate/refresh-token"
    assert request.headers["authorization"] == f"Bearer {REFRESH_TOKEN}"
    assert url_of(one.cloud.calls[0]) == "https://s.test/v1/function/u"
    given = opened("scailable", from_env=True, auth_url="https://t.test", base_url="https://u.test")
    given.cloud.steps.clear()
    given.get()
    assert url_of(given.cloud.steps[0][1]) == "https://t.test/authenticate/refresh-token"


def test_other_variables_of_viziosense(opened: Open, environ: Any) -> None:
    environ("viziosense", SIGN_IN["viziosense"] | {"BASE_URL": "https://v.test/api/v1/"})
    one = opened("viziosense", from_env=True)
    one.get()
    ((_, request),) = one.cloud.steps
    assert url_of(request) == "https://v.test/api/v1/login"
    assert json.loads(request.content)["email"] == USERNAME


def test_proglove_needs_an_address(kind: str, environ: Any) -> None:
    environ("proglove", SIGN_IN["proglove"])
    with pytest.raises(rt.ConfigurationError, match="PROGLOVE_BASE_URL"):
        client_class("proglove", kind).from_env()


@pytest.mark.parametrize("vendor", VENDORS)
def test_other_options_go_through(opened: Open, environ: Any, vendor: str) -> None:
    environ(vendor, {TOKENS[vendor]: STATIC_TOKEN} | NEEDED.get(vendor, {}))
    one = opened(vendor, from_env=True, retries=0, timeout=3, rate_limit=None)
    assert one.client._core.config.retries.attempts == 1
    assert one.client._core.config.timeout == (3, 3, 3, 3)
    assert one.client._core.limiter is None
    assert CLASSES[vendor] in repr(one.client)
    with pytest.raises(rt.ConfigurationError, match=r"timeout=-1 is not usable"):
        opened(vendor, from_env=True, timeout=-1)
