"""The Enterprise Edition: signing in through msal over the user's own HTTP client, and what is sent because of it."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios import Aitrios, AsyncAitrios
from deviceclouds.aitrios._msal_http import asked_in_thread
from deviceclouds.testing._calls import example_invocations

from tests.runtime.support import TOKEN, FakeClock, Session, reply
from tests.vendor_sessions import OpenSession

from .azure import ENTERPRISE, HOST, SECRET, TENANT, Azure

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


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"tenant_id": "a/b"}, "is no tenant"),
        ({"tenant_id": "../common"}, "is no tenant"),
        ({"tenant_id": "a?b"}, "is no tenant"),
        ({"tenant_id": "a#b"}, "is no tenant"),
        ({"tenant_id": "a\n"}, "is no tenant"),
        ({"tenant_id": ""}, "is no tenant"),
        ({"tenant_id": "Common"}, "stands for many tenants"),
        ({"application_id": "api://console-app"}, "is no id; give it without api://"),
        ({"application_id": "a b"}, "is no id"),
        ({"application_id": ""}, "is no id"),
        ({"tenant_id": None}, "needs both application_id= and tenant_id="),
        ({"application_id": None}, "needs both"),
        ({"client_secret": None}, "only work together"),
        ({"token_url": "https://token.test"}, "token_url= is of the portal"),
        ({"token": TOKEN}, "not both"),
    ],
)
@pytest.mark.parametrize("make", [Aitrios, AsyncAitrios])
def test_settings_that_cannot_work(make: Any, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(rt.ConfigurationError, match=told) as caught:
        make(**{**ENTERPRISE, **wrong})
    assert caught.value.vendor == "aitrios"
    report = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [f for f in report.stack if f"{os.sep}tests{os.sep}" not in f.filename]
    assert SECRET not in "".join(str(frame.locals) for frame in ours)


@pytest.mark.parametrize("tenant", [TENANT, "example.onmicrosoft.com"])
def test_tenants_that_are_some(tenant: str) -> None:
    settings: dict[str, Any] = {**ENTERPRISE, "tenant_id": tenant}
    Aitrios(**settings).close()


def test_msal_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msal", None)
    with pytest.raises(rt.ConfigurationError) as caught:
        Aitrios(**ENTERPRISE)
    assert "install the extra [enterprise] of deviceclouds-aitrios" in str(caught.value)
    Aitrios(token="t").close()


def test_msal_is_loaded_when_a_token_is_needed() -> None:
    code = (
        "import sys; from deviceclouds.aitrios import Aitrios;"
        "Aitrios(client_id='a', client_secret='b', application_id='c', tenant_id='d').close();"
        "assert not {'msal', 'asyncio', 'requests'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


class Slow:
    """Answers for Azure AD when it is told to."""

    def __init__(self) -> None:
        self.azure = Azure()
        self.asked = asyncio.Event()
        self.go_on = asyncio.Event()

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == HOST:
            self.asked.set()
            await self.go_on.wait()
        return self.azure(request)


def test_the_event_loop_goes_on(runner: asyncio.Runner) -> None:
    async def run() -> None:
        slow = Slow()
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(slow)) as http:
            client = AsyncAitrios(**ENTERPRISE, http_client=http, clock=FakeClock())
            calls = [
                asyncio.ensure_future(client.manage_devices.get_device("cam")) for _ in range(8)
            ]
            await slow.asked.wait()  # the loop is free while msal waits in its thread
            slow.go_on.set()
            await asyncio.gather(*calls)
        assert slow.azure.tokens == 1

    runner.run(run())


def test_cancelled_while_signing_in(runner: asyncio.Runner) -> None:
    async def run() -> None:
        slow = Slow()
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(slow)) as http:
            client = AsyncAitrios(**ENTERPRISE, http_client=http, clock=FakeClock())
            call = asyncio.ensure_future(client.manage_devices.get_device("cam"))
            await slow.asked.wait()
            call.cancel()
            await asyncio.wait([call])
            assert call.cancelled()
            slow.go_on.set()
            # Whoever comes next signs in anew, and what was cancelled sends nothing more.
            await client.manage_devices.get_device("cam")
        assert slow.azure.hosts == [HOST, HOST, CONSOLE]

    runner.run(run())
    for thread in threading.enumerate():
        if thread.name.startswith("deviceclouds-msal"):
            thread.join(timeout=30)
            assert not thread.is_alive()


def test_a_thread_whose_caller_is_gone_sends_no_more(runner: asyncio.Runner) -> None:
    """Whatever msal makes of a request that was cancelled."""
    sent: list[Any] = []
    ended = threading.Event()

    def ask(send: Any) -> None:
        for number in range(3):
            with suppress(BaseException):
                send(number)
        ended.set()

    async def run() -> None:
        asked = asyncio.Event()

        async def send(request: Any) -> Any:
            sent.append(request)
            asked.set()
            await asyncio.Event().wait()

        task = asyncio.ensure_future(asked_in_thread(ask, send))
        await asked.wait()
        task.cancel()
        await asyncio.wait([task])
        while not ended.is_set():
            await asyncio.sleep(0)

    runner.run(run())
    assert sent == [0]


def test_a_loop_that_ends_while_signing_in() -> None:
    """``asyncio.run`` cancels what is left, and waits for no thread of ours."""

    async def run() -> None:
        slow = Slow()
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(slow))
        client = AsyncAitrios(**ENTERPRISE, http_client=http, clock=FakeClock())
        call = asyncio.ensure_future(client.manage_devices.get_device("cam"))
        await slow.asked.wait()
        assert not call.done()

    asyncio.run(run())


def test_threads_share_one_sign_in() -> None:
    azure, lock = Azure(), threading.Lock()

    def answer(request: httpx2.Request) -> httpx2.Response:
        with lock:
            return azure(request)

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as http:
        client = Aitrios(**ENTERPRISE, http_client=http)
        threads = [
            threading.Thread(target=client.manage_devices.get_device, args=("cam",))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert azure.tokens == 1
    assert azure.hosts.count(CONSOLE) == 8


def test_a_token_store_is_shared(opened: OpenSession) -> None:
    store, azure = rt.MemoryTokenStore(), Azure()
    get(opened("aitrios", azure, **ENTERPRISE, token_store=store))
    get(opened("aitrios", azure, **ENTERPRISE, token_store=store))
    assert azure.tokens == 1


INVOCATIONS = {call.label: call for call in example_invocations("aitrios")}
WITHOUT = {
    "connector.get_ir_hub_connector",
    "connector.get_storage_connector",
    "insight.get_inferences",
    "train_model.delete_model_bundle",
    "train_model.get_model_bundle_versions",
    "train_model.get_model_bundles",
    "train_model.import_model_bundle",
}


def queries(**options: Any) -> dict[str, str]:
    """The query of each operation's example call, by name of the operation."""
    found = {}
    with Aitrios(**options) as client:
        for call in INVOCATIONS.values():
            operation = call.operation
            names = [p.name for p in operation.parameters if p.location == "path"]
            given = {**dict(zip(names, call.path_arguments, strict=True)), **call.arguments}
            plan = client._core.plan(operation, given, {}, FakeClock())
            found[operation.name] = plan.parts.url.partition("?")[2]
            plan.parts.close()
    assert len(found) == 94
    return found


def test_grant_type_where_it_is_declared() -> None:
    sent = queries(**ENTERPRISE)
    with_it = {name for name, query in sent.items() if "grant_type=client_credentials" in query}
    assert sent.keys() - with_it == WITHOUT
    assert not any("grant_type" in sent[name] for name in WITHOUT)
    assert all(query.count("grant_type=") <= 1 for query in sent.values())


@pytest.mark.parametrize(
    "options", [{"token": TOKEN}, {"client_id": "a", "client_secret": "b"}], ids=["token", "portal"]
)
def test_no_grant_type_in_the_developer_edition(options: dict[str, Any]) -> None:
    assert not any("grant_type" in query for query in queries(**options).values())


def test_the_callers_grant_type_wins(opened: OpenSession) -> None:
    one = opened("aitrios", Azure(), **ENTERPRISE)
    one.run(one.client.manage_devices.get_device("cam", grant_type="other"))
    assert one.cloud.requests[-1].url.query == b"grant_type=other"


def test_grant_type_on_further_pages(opened: OpenSession) -> None:
    class Paged(Azure):
        def _console(self, request: httpx2.Request) -> httpx2.Response:
            more = "starting_after" not in request.url.params
            return reply({"continuation_token": "next" if more else None, "devices": []})

    one = opened("aitrios", Paged(), **ENTERPRISE)
    pager = one.client.manage_devices.get_devices()
    if one.kind == "sync":
        assert list(pager) == []
    else:

        async def walk() -> list[Any]:
            return [item async for item in pager]

        assert one.run(walk()) == []
    sent = [dict(request.url.params) for request in one.cloud.requests[2:]]
    assert [query["grant_type"] for query in sent] == ["client_credentials"] * 2
