"""Secrets sown in arguments, headers and replies: none of them in a log record of any library, an event or a span."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios.models import AzureStorage

from .conftest import OpenSession
from .raw_server import RawServer, http
from .support import client_class, reply
from .watching import SIGN_IN, Spans, Told, console

HUSH = "hush"
"""Is part of every secret here, and of nothing else."""

SPELLINGS = (HUSH, "aHVza")
"""As it is, and as it stands in HTTP Basic after a name of two letters."""

SIGNED = "https://store.test/a/b?sig=hush-signature&se=2030"


class Scene(NamedTuple):
    """A call in which secrets travel."""

    vendor: str
    call: Callable[[Any], Any]
    reply: Any = None
    """A reply, or what gives it."""
    options: dict[str, Any] = {}


def tokens(body: dict[str, Any], path: str) -> Callable[[httpx2.Request], httpx2.Response]:
    """Gives a token at one path, and nothing elsewhere."""
    return lambda request: reply(body if path in str(request.url) else {})


def device(client: Any) -> Any:
    return client.manage_devices.get_device("d", extra_headers={"X-Api-Key": "hush-header"})


OAUTH = {"access_token": "hush-access", "refresh_token": "hush-refresh", "expires_in": 60}

SCENES = {
    "token": Scene("aitrios", device, reply({}), {"token": "hush-token"}),
    "token callable": Scene("aitrios", device, reply({}), {"token": lambda: "hush-token"}),
    "client credentials": Scene("aitrios", device, console(reply({})), SIGN_IN),
    "password login": Scene(
        "viziosense",
        lambda c: c.devices.get_device("d"),
        tokens({"data": OAUTH}, "login"),
        {"token": None, "email": "me@x.test", "password": "hush-password"},
    ),
    "login by hand": Scene(
        "viziosense",
        lambda c: c.login.login(email="me@x.test", password="hush-password"),
        reply({"data": OAUTH, **OAUTH}),
    ),
    "basic": Scene(
        "amnimo",
        lambda c: c.auth.issue_token(grant_type="client_credentials"),
        reply(OAUTH),
        {
            "token": None,
            "client_id": "me",
            "secret_key": "hush",
            "token_store": rt.MemoryTokenStore(),
        },
    ),
    "basic for a token": Scene(
        "amnimo",
        lambda c: c.cameras.get_camera("c"),
        reply(OAUTH),
        {
            "token": None,
            "client_id": "me",
            "secret_key": "hush",
            "token_store": rt.MemoryTokenStore(),
        },
    ),
    "sign-in": Scene(
        "scailable",
        lambda c: c.catalogue.list_catalogues(),
        lambda request: reply(
            {"AccessToken": "hush-access", "RefreshToken": "hush-refresh", **OAUTH}
            if "/auth" in request.url.path
            else []
        ),
        {
            "token": None,
            "username": "me",
            "password": "hush-password",
            "base_url": "https://s.test/cpt",
        },
    ),
    "cognito": Scene(
        "proglove",
        lambda c: c.users.get_me(),
        lambda request: reply(
            {"AuthenticationResult": {"IdToken": "hush-id", "RefreshToken": "hush-refresh"}}
            if "cognito" in request.url.host
            else {"region": "eu-west-1", "user_pool_client_id": "web"}
        ),
        {"id_token": None, "username": "me", "password": "hush-password"},
    ),
    "query": Scene(
        "aitrios",
        lambda c: c.provisioning.get_qr_code_for_provisioning(
            wifi_ssid="net", wifi_pass="hush-wifi", proxy_pass="hush-proxy"
        ),
        reply({"result": "SUCCESS", "contents": "hush-qr", "expiration_date": "2030"}),
    ),
    "body": Scene(
        "aitrios",
        lambda c: c.connector.update_storage_connector(
            body=AzureStorage(endpoint=SIGNED, connection_string="hush-connection")
        ),
        reply({"result": "SUCCESS", "hush-unknown": "hush"}),
    ),
    "free-form body": Scene(
        "aitrios",
        lambda c: c.device_command.execute_device_command(
            "d", command_name="x", parameters={"hush": "hush"}
        ),
        reply({"result": "SUCCESS", "command_response": {"hush": "hush"}}),
    ),
    "signed addresses": Scene(
        "aitrios",
        lambda c: c.insight.get_images("d", "s").first_page(),
        reply({"data": [{"name": "n", "sas_url": SIGNED}], "continuation_token": SIGNED}),
    ),
    "signed address": Scene(
        "proglove",
        lambda c: c.downloads.generate_download_url(
            eula_version="1", asset_type="MARK_FIRMWARE", agreed_by="me"
        ),
        reply({"download_url": SIGNED}),
    ),
    "token in a body": Scene(
        "proglove", lambda c: c.gateways.provision(token="hush-token"), reply({"pkcs12": "hush"})
    ),
}


def everything(caplog: pytest.LogCaptureFixture, told: Told, spans: Spans) -> list[str]:
    """All that was written, with all that handlers can get hold of."""
    logged = [f"{record.getMessage()} {vars(record)!r}" for record in caplog.records]
    return [*logged, *map(repr, told), *(span.to_json() for span in spans.all)]


def check(texts: list[str]) -> None:
    for text in texts:
        assert not any(spelling in text for spelling in SPELLINGS), text


def travelled(scene: Scene, requests: list[httpx2.Request]) -> bool:
    """Whether there was a secret to show."""
    texts = [f"{r.url.raw_path!r}{r.headers.raw}{r.content!r}" for r in requests]
    if isinstance(scene.reply, httpx2.Response):
        texts.append(scene.reply.text)
    return any(spelling in text for text in texts for spelling in SPELLINGS)


def test_the_spellings_are_found() -> None:
    with pytest.raises(AssertionError):
        check(["Authorization: Basic " + base64.b64encode(b"me:hush-client").decode()])


@pytest.mark.parametrize("outcome", ["as it should be", "refused", "broken", "no JSON"])
@pytest.mark.parametrize("name", SCENES)
def test_nothing_shows_a_secret(
    opened: OpenSession, caplog: pytest.LogCaptureFixture, name: str, outcome: str
) -> None:
    scene, told, spans = SCENES[name], Told(), Spans()
    answer = {
        "as it should be": scene.reply,
        "refused": reply(
            {"message": "hush", "code": "hush", "error": "hush", "Message": "hush"},
            400,
            set_cookie="hush",
            location=SIGNED,
        ),
        "broken": httpx2.ReadError("broken"),
        "no JSON": reply(b"<html>hush"),
    }[outcome]
    caplog.set_level(logging.DEBUG)
    options = {**scene.options, "on_event": told, "tracing": spans.provider, "retries": 1}
    one = opened(scene.vendor, answer, **options)
    try:
        one.run(scene.call(one.client))
    except rt.DeviceCloudError:
        assert outcome != "as it should be"
    ours = [r for r in caplog.records if r.name == f"deviceclouds.{scene.vendor}"]
    assert len(ours) >= 3
    assert len(told) >= 3
    assert len(spans.all) >= 2
    if outcome == "as it should be":
        assert travelled(scene, one.cloud.requests)
    check(everything(caplog, told, spans))


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_the_http_librarys_own_log(
    kind: str, runner: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Over a real socket, so that httpcore2 writes as well. It shows headers of replies: that is documented."""
    caplog.set_level(logging.DEBUG)
    told, spans = Told(), Spans()
    content = b'{"result": "SUCCESS", "contents": "hush-qr"}'
    with RawServer(http(content, "Set-Cookie: id=hush-cookie")) as server:
        options = {"token": "hush-token", "on_event": told, "tracing": spans.provider}
        client = client_class("aitrios", kind)(base_url=server.url, **options)

        async def call_async() -> None:
            async with client:
                await SCENES["query"].call(client)

        if kind == "async":
            runner.run(call_async())
        else:
            with client:
                SCENES["query"].call(client)
        (arrived,) = server.arrived
    assert "wifi_pass=hush-wifi" in arrived.target
    assert arrived.headers["authorization"] == "Bearer hush-token"
    writers = {record.name.partition(".")[0] for record in caplog.records}
    assert {"deviceclouds", "httpx2", "httpcore2"} <= writers
    theirs = [record for record in caplog.records if "hush-cookie" in record.getMessage()]
    assert [record.name for record in theirs] == ["httpcore2.http11"]
    caplog.records.remove(theirs[0])
    check(everything(caplog, told, spans))
