"""The token is in nothing that is printed: reprs, errors, tracebacks, even those with local variables."""

from __future__ import annotations

import importlib
import traceback
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.amnimo.models import AccessToken
from deviceclouds.runtime._request import build_request, prepare
from deviceclouds.runtime._secret import SecretHeaders

from .conftest import OpenSession
from .made import CONFIG, UPLOAD
from .support import CLASSES, TOKEN, Session, reply


def told(one: Session) -> list[str]:
    client = one.client
    parts = [client, client._core, client._core.config, client._http, client._caller]
    parts += [client.cameras, client.with_raw_response, *client._core.auth.values()]
    return [repr(part) for part in parts] + [str(vars(client)), str(vars(client._core))]


def test_reprs_of_a_client(opened: OpenSession) -> None:
    one = opened("amnimo", reply({}), client_id="me", secret_key="hush-key")
    one.run(one.client.cameras.get_camera("c"))
    for text in told(one):
        assert TOKEN not in text
        assert "hush-key" not in text
    assert repr(one.client).endswith(f"{one.client._core.config.base_url}>")


def test_reprs_of_requests_and_replies() -> None:
    parts = prepare(UPLOAD, {"uuid": "u", "file": b"x"}, CONFIG, {"X-Key": TOKEN})
    request = build_request(UPLOAD, parts, SecretHeaders(Authorization=TOKEN), (1, 1, 1, 1))
    assert repr(request) == "<Request PUT https://host.test/api/function/u>"
    assert TOKEN not in repr(parts) + repr(parts.extra_headers) + repr(request.headers)
    assert TOKEN in str(dict(request.headers))


def test_the_query_is_not_shown(opened: OpenSession) -> None:
    one = opened("proglove", httpx2.ConnectError("refused"), retries=0)
    with pytest.raises(rt.ApiConnectionError) as caught:
        one.run(one.client.events.list_events(next_token="hush").first_page())
    assert "hush" not in str(caught.value)
    assert "pg.test" in str(caught.value)


def failing(kind: str) -> Any:
    def explode(request: httpx2.Request) -> httpx2.Response:
        raise OSError("something else")

    return {
        "status": reply({"message": "no"}, 401),
        "page": reply(b"<html>"),
        "connect": httpx2.ConnectError("refused"),
        "timeout": httpx2.ReadTimeout("slow"),
        "other": explode,
    }[kind]


@pytest.mark.parametrize("way", ["static", "callable", "basic"])
@pytest.mark.parametrize("failure", ["status", "page", "connect", "timeout", "other"])
def test_tracebacks_with_local_variables(opened: OpenSession, way: str, failure: str) -> None:
    ways: dict[str, dict[str, Any]] = {
        "static": {},
        "callable": {"token": _token},
        "basic": {"client_id": "me", "secret_key": "hush-key"},
    }
    options = ways[way]
    one = opened("amnimo", failing(failure), retries=1, **options)
    call = one.client.auth.issue_token if way == "basic" else one.client.cameras.list_thumbnails
    arguments = {"grant_type": "client_credentials"} if way == "basic" else {"camera_id": "c"}
    with pytest.raises(Exception, match=r".") as caught:
        one.run(call(**arguments))
    shown = everything(caught.value)
    assert "send_flow" in shown or failure == "page"
    for secret in (TOKEN, "hush-key", "bWU6aHVzaC1rZXk="):
        assert secret not in shown


def _token() -> str:
    return TOKEN


def test_tracebacks_of_unusable_tokens(opened: OpenSession) -> None:
    with pytest.raises(rt.ConfigurationError) as caught:
        opened("amnimo", token=f"{TOKEN}\n")
    assert "token_headers" in everything(caught.value)
    assert TOKEN not in everything(caught.value)
    one = opened("amnimo", token=lambda: f"{_token()}\n")
    with pytest.raises(rt.ConfigurationError) as caught:
        one.run(one.client.cameras.get_camera("c"))
    assert TOKEN not in everything(caught.value)


def test_tracebacks_of_bad_headers(opened: OpenSession) -> None:
    one = opened("amnimo")
    with pytest.raises(rt.InvalidRequestError) as caught:
        one.run(one.client.cameras.get_camera(".."))
    assert TOKEN not in everything(caught.value)


def everything(error: BaseException) -> str:
    """All a traceback printer can show of an error; frames of tests and of the mock cloud left out."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    texts = ["".join(traceback.format_exception(error)), str(error), repr(error), str(vars(error))]
    pending: list[Any] = [report]
    while pending:
        one = pending.pop()
        frames = [frame for frame in one.stack if "/tests/runtime/" not in frame.filename]
        texts += [f"{frame.name}: {frame.locals}" for frame in frames]
        pending += [other for other in (one.__cause__, one.__context__) if other is not None]
    return "\n".join(texts)


@pytest.mark.parametrize("vendor", sorted(CLASSES))
def test_a_client_that_could_not_be_made_can_be_shown(opened: OpenSession, vendor: str) -> None:
    with pytest.raises(rt.ConfigurationError) as caught:
        opened(vendor, timeout=-1)
    assert CLASSES[vendor] in everything(caught.value)


def test_models_hide_secret_fields() -> None:
    one = AccessToken.from_dict({"access_token": "hush"})
    assert one.access_token == "hush"
    assert "hush" not in repr(one) + str(one) + f"{one}" + repr([one])
    assert "access_token=***" in repr(one)
    assert one.to_dict()["access_token"] == "hush"


def test_messages_about_secret_fields_do_not_show_them(opened: OpenSession) -> None:
    one = opened("viziosense")
    with pytest.raises(rt.InvalidRequestError) as caught:
        one.run(one.client.login.login(email="a@b.test", password=["hush"]))
    assert str(caught.value).endswith("password must be text, not list")


@pytest.mark.parametrize("vendor", sorted(CLASSES))
@pytest.mark.parametrize("prefix", ["", "Async"])
def test_a_failing_constructor_shows_no_credential(
    vendor: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "ID_TOKEN" if vendor == "proglove" else "TOKEN"
    monkeypatch.setenv(f"{vendor.upper()}_{name}", TOKEN)
    monkeypatch.setenv(f"{vendor.upper()}_BASE_URL", "nonsense://")
    cls = getattr(importlib.import_module(f"deviceclouds.{vendor}"), prefix + CLASSES[vendor])
    with pytest.raises(rt.ConfigurationError) as direct:
        cls(**{name.lower(): TOKEN, "base_url": "nonsense://"})
    with pytest.raises(rt.ConfigurationError) as from_env:
        cls.from_env()
    for caught in (direct, from_env):
        # Our own frames only: the first one is this test, which knows the token.
        frames = list(traceback.walk_tb(caught.tb.tb_next))
        assert frames
        assert TOKEN not in "".join(repr(frame.f_locals) for frame, _ in frames)
        assert TOKEN not in str(caught.value)
