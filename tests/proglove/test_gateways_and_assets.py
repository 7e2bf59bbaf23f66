"""A gateway from registration to certificate, and downloads with a licence."""

from __future__ import annotations

import base64
import json
import pickle
import stat
import traceback
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import TOKEN, reply
from tests.vendor_sessions import OpenSession

KEY = b"private-key-do-not-show"
GATEWAY = {
    "id": "4f6b",
    "class": "gateway",
    "type": "mobile",
    "firmware": "1",
    "created": 1,
    "last_updated": 1,
    "name": "Dock 4",
}
PROVISIONED = {
    "certificate_common_name": "cn",
    "gateway": GATEWAY,
    "pkcs12": base64.b64encode(KEY).decode(),
    "mqtt_endpoint": "mqtt.test",
}
PREPARED = {"registration_path": "/provisioning", "token": "one-time-token-5512"}
NEW = {"name": "Dock 4", "usecase": "Picking", "station": "Dock"}


def test_a_new_gateway(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("proglove", reply(GATEWAY), reply(PREPARED), reply(PROVISIONED))
    found = one.run(one.client.provision_gateway(**NEW))
    sent = [(r.method, r.url.path) for r in one.cloud.requests]
    assert sent == [
        ("POST", "/cust/gateways"),
        ("POST", "/cust/gateways/4f6b/prepare-provisioning"),
        ("POST", "/provisioning"),
    ]
    assert json.loads(one.cloud.requests[2].content) == {"token": PREPARED["token"]}
    assert "authorization" not in one.cloud.requests[2].headers
    assert (found.gateway.name, found.mqtt_endpoint, found.mqtt_topic_prefix) == (
        "Dock 4",
        "mqtt.test",
        None,
    )
    assert found.pkcs12 == KEY
    target = found.save(tmp_path / "gateway.p12")
    assert target.read_bytes() == KEY
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["gateway.p12"]


def test_a_gateway_that_is_there(opened: OpenSession) -> None:
    one = opened("proglove", reply(PREPARED), reply(PROVISIONED))
    one.run(one.client.provision_gateway(gateway_id="4f6b", customer_id="other"))
    assert [r.url.path for r in one.cloud.requests] == [
        "/other/gateways/4f6b/prepare-provisioning",
        "/provisioning",
    ]


def test_a_failure_after_the_registration_names_the_gateway(opened: OpenSession) -> None:
    one = opened("proglove", reply(GATEWAY), reply({"title": "Broken"}, 500))
    with pytest.raises(rt.ServerError) as caught:
        one.run(one.client.provision_gateway(**NEW))
    assert "provision_gateway(gateway_id='4f6b')" in "".join(caught.value.__notes__)
    assert len(one.cloud.requests) == 2  # nothing of it is repeated


@pytest.mark.parametrize("pkcs12", ["", "not base64!", 5, None])
def test_a_reply_without_a_certificate(opened: OpenSession, pkcs12: Any) -> None:
    one = opened("proglove", reply(PREPARED), reply({**PROVISIONED, "pkcs12": pkcs12}))
    with pytest.raises(rt.DecodeError, match="no certificate"):
        one.run(one.client.provision_gateway(gateway_id="4f6b"))


def test_the_certificate_does_not_show(opened: OpenSession) -> None:
    one = opened("proglove", reply(PREPARED), reply(PROVISIONED))
    found = one.run(one.client.provision_gateway(gateway_id="4f6b"))
    assert str(PROVISIONED["pkcs12"]) not in f"{found!r} {found}"
    with pytest.raises(TypeError, match="private key"):
        pickle.dumps(found)


class Storage:
    """The API gives a signed address, the storage what it is told to."""

    address = "https://storage.test/apps/connect%20app.apk?sig=signature-4711"

    def __init__(self, status: int = 200, content: bytes = b"apk" * 1000) -> None:
        self.status = status
        self.content = content

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "pg.test":
            return reply({"download_url": self.address})
        return httpx2.Response(self.status, content=self.content)


ASSET = {"asset_type": "connect_app", "agreed_by": "jo@example.com", "eula_version": "1"}


def arguments(target: Path) -> tuple[Any, Any, dict[str, Any]]:
    from deviceclouds.proglove.models import AssetType

    return (
        next(iter(AssetType)),
        target,
        {k: v for k, v in ASSET.items() if k != "asset_type"},
    )


def test_an_asset(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("proglove", Storage())
    kind, target, given = arguments(tmp_path)
    found = one.run(one.client.download_asset(kind, target, **given))
    assert found == tmp_path / "connect app.apk"
    assert found.read_bytes() == b"apk" * 1000
    assert one.cloud.requests[0].headers["authorization"] == TOKEN
    assert "authorization" not in one.cloud.requests[1].headers
    assert one.cloud.requests[1].url.raw_path == b"/apps/connect%20app.apk?sig=signature-4711"


def test_an_address_that_has_had_its_time(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("proglove", Storage(403, b"sig=signature-4711 has expired"))
    kind, target, given = arguments(tmp_path / "app.apk")
    with pytest.raises(rt.PermissionDeniedError, match="ask the cloud for a new one") as caught:
        one.run(one.client.download_asset(kind, target, **given))
    assert list(tmp_path.iterdir()) == []
    report = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    shown = "".join(
        f"{frame.name} {frame.locals}" for frame in report.stack if "/tests/" not in frame.filename
    )
    assert "signature-4711" not in shown + str(vars(caught.value))
