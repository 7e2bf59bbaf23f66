"""The Enterprise Edition: signing in through msal over the user's own HTTP client; refusals and faults."""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import Session, reply
from tests.vendor_sessions import OpenSession

from .azure import ENTERPRISE, HOST, SECRET, Azure

CONSOLE = "console.aitrios.sony-semicon.com"


def get(one: Session) -> Any:
    return one.run(one.client.manage_devices.get_device("cam"))


def refusal(
    code: str = "invalid_client", words: str = "AADSTS7000215: wrong secret", status: int = 401
) -> httpx2.Response:
    return reply({"error": code, "error_description": words}, status)


def test_a_token_through_our_client(opened: OpenSession) -> None:
    azure = Azure()
    one = opened("aitrios", azure, **ENTERPRISE)
    one.http.headers["X-Own"] = "of the user's client"
    get(one)
    get(one)
    assert azure.hosts == [HOST, HOST, CONSOLE, CONSOLE]
    (form,) = azure.forms
    assert form["grant_type"] == "client_credentials"
    assert form["client_id"] == "caller"
    assert form["client_secret"] == SECRET
    assert form["scope"] == "api://console-app/.default"
    for request in one.cloud.requests[:2]:
        assert "x-own" not in request.headers
        assert request.extensions["timeout"]["connect"] == 10
    assert [str(r.url.query) for r in one.cloud.requests[2:]] == [
        str(b"grant_type=client_credentials")
    ] * 2


def test_it_is_renewed_early(opened: OpenSession) -> None:
    azure = Azure()
    one = opened("aitrios", azure, **ENTERPRISE)
    get(one)
    one.clock.time += 3599 - 180 - 1
    get(one)
    assert azure.tokens == 1
    one.clock.time += 1
    get(one)
    assert azure.tokens == 2


def test_a_refused_token_is_not_given_again(opened: OpenSession) -> None:
    """msal keeps tokens and would give out the refused one."""
    azure = Azure(refused=1)
    one = opened("aitrios", azure, **ENTERPRISE)
    get(one)
    assert azure.tokens == 2
    assert one.cloud.requests[-1].headers["authorization"] == "Bearer azure-token-2"


class TestRefusals:
    def test_wrong_credentials(self, opened: OpenSession) -> None:
        one = opened("aitrios", Azure(None, refusal()), **ENTERPRISE)
        with pytest.raises(rt.AuthenticationError) as caught:
            get(one)
        error = caught.value
        assert "AADSTS7000215: wrong secret [invalid_client]; check client_id=" in str(error)
        assert (error.code, error.status_code, error.operation) == (
            "invalid_client",
            401,
            "sign-in",
        )
        assert (error.vendor, error.attempts) == ("aitrios", 1)
        assert len(one.cloud.requests) == 2

    @pytest.mark.parametrize("said", [SECRET, "client-secret%2Fdo%2Bnot+show"])
    def test_a_secret_that_is_repeated(self, opened: OpenSession, said: str) -> None:
        words = f"the secret {said} is wrong\x1b[2J"
        one = opened("aitrios", Azure(None, refusal(words=words)), **ENTERPRISE)
        with pytest.raises(
            rt.AuthenticationError, match=r"the secret \*\*\* is wrong\\x1b"
        ) as caught:
            get(one)
        assert said not in str(vars(caught.value))

    def test_an_unknown_tenant(self, opened: OpenSession) -> None:
        one = opened("aitrios", Azure(refusal("invalid_tenant", status=400)), **ENTERPRISE)
        with pytest.raises(
            rt.AuthenticationError, match="no such tenant; check tenant_id="
        ) as caught:
            get(one)
        assert caught.value.status_code == 400
        assert len(one.cloud.requests) == 1

    @pytest.mark.parametrize("answers", [(), (None,)], ids=["tenant", "token"])
    @pytest.mark.parametrize(
        ("page", "told"),
        [
            (
                reply(b"<html>sign in</html>", content_type="text/html"),
                "is not what Azure AD sends",
            ),
            (reply(b"[]"), "is not what Azure AD sends"),
            (reply(b"no", 407), "is not what Azure AD sends"),
            (reply(b"", 302, location="https://elsewhere.test"), "a redirect"),
        ],
        ids=["page", "list", "proxy", "redirect"],
    )
    def test_a_proxy_in_between(
        self, opened: OpenSession, answers: Any, page: Any, told: str
    ) -> None:
        one = opened("aitrios", Azure(*answers, page), **ENTERPRISE)
        with pytest.raises(rt.DeviceCloudError, match=told):
            get(one)
        assert len(one.cloud.requests) == len(answers) + 1

    @pytest.mark.parametrize(
        "body", [{}, {"access_token": None}, {"access_token": 5}, {"expires_in": 1}]
    )
    def test_no_token_in_it(self, opened: OpenSession, body: Any) -> None:
        one = opened("aitrios", Azure(None, reply(body)), **ENTERPRISE)
        with pytest.raises(rt.DeviceCloudError, match=r"no token|msal cannot sign in"):
            get(one)

    def test_the_secret_goes_to_the_authority_only(self, opened: OpenSession) -> None:
        azure = Azure(endpoint="https://evil.test")
        one = opened("aitrios", azure, **ENTERPRISE)
        with pytest.raises(rt.ConfigurationError, match=r"names evil\.test as the place"):
            get(one)
        assert azure.hosts == [HOST]

    def test_nor_without_tls(self, opened: OpenSession) -> None:
        azure = Azure(endpoint=f"http://{HOST}")
        one = opened("aitrios", azure, **ENTERPRISE)
        with pytest.raises(rt.ConfigurationError):
            get(one)
        assert azure.hosts == [HOST]


class TestFaults:
    @pytest.mark.parametrize("place", [(), (None,)], ids=["tenant", "token"])
    @pytest.mark.parametrize(
        "fault",
        [httpx2.ConnectError("down"), reply({}, 503), reply({"error": "busy"}, 429)],
        ids=["connection", "503", "429"],
    )
    def test_tried_again(self, opened: OpenSession, place: Any, fault: Any) -> None:
        azure = Azure(*place, fault, *place, fault)
        one = opened("aitrios", azure, **ENTERPRISE)
        get(one)
        assert azure.tokens == 1
        assert len(one.clock.sleeps) == 2

    def test_retry_after(self, opened: OpenSession) -> None:
        one = opened("aitrios", Azure(None, reply({}, 429, retry_after="17")), **ENTERPRISE)
        get(one)
        assert one.clock.sleeps == [17]

    def test_given_up(self, opened: OpenSession) -> None:
        one = opened("aitrios", Azure(*[httpx2.ConnectError("down")] * 9), **ENTERPRISE)
        with pytest.raises(rt.ApiConnectionError) as caught:
            get(one)
        assert caught.value.attempts == 3
        assert len(one.cloud.requests) == 3


SIGN_INS: dict[str, Any] = {
    "fine": Azure,
    "refused": lambda: Azure(None, refusal(words=f"not {SECRET}")),
    "broken": lambda: Azure(None, reply(f"no json {SECRET}".encode())),
    "network": lambda: Azure(None, *[httpx2.ReadError("gone")] * 9),
    "elsewhere": lambda: Azure(endpoint="https://evil.test"),
    "odd": lambda: Azure(None, reply({"access_token": "azure-token-1", "expires_in": "soon"})),
}


@pytest.mark.parametrize("name", SIGN_INS)
def test_nothing_shows_the_secret(
    opened: OpenSession,
    name: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    one = opened("aitrios", SIGN_INS[name](), **ENTERPRISE)
    shown = ""
    try:
        get(one)
    except Exception as error:
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
        seen: list[Any] = [report]
        while seen:
            part = seen.pop()
            seen += [other for other in (part.__cause__, part.__context__) if other]
            ours = [f for f in part.stack if f"{os.sep}tests{os.sep}" not in f.filename]
            shown += "".join(f"{frame.name} {frame.locals}" for frame in ours) + str(part)
            assert not any(f"{os.sep}msal{os.sep}" in frame.filename for frame in part.stack)
        shown += f"{error!r} {vars(error)}"
    shown += caplog.text + "".join(capfd.readouterr()) + repr(one.client)
    for text in (SECRET, "do%2Bnot", "azure-token-1"):
        assert text not in shown


def test_nothing_is_written(
    opened: OpenSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    get(opened("aitrios", Azure(), **ENTERPRISE))
    assert list(tmp_path.rglob("*")) == []


def test_a_token_store_is_shared(opened: OpenSession) -> None:
    store, azure = rt.MemoryTokenStore(), Azure()
    get(opened("aitrios", azure, **ENTERPRISE, token_store=store))
    get(opened("aitrios", azure, **ENTERPRISE, token_store=store))
    assert azure.tokens == 1
