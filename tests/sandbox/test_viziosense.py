"""VizioSense's cloud in the sandbox: every operation, sign-in, lists, changes, pictures, webhooks as they are kept."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.testing import example_request
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.sandbox import Sandbox, SandboxClock
from deviceclouds.testing.sandbox.clouds import cloud_of
from deviceclouds.testing.sandbox.world import World
from deviceclouds.viziosense.models import WebhookData, WebhookHeader, WebhookParameter

from .raw_http import raw_http
from .viziosense_fixtures import DEVICE, sandbox

__all__ = ["sandbox"]

SPEC = load_spec("viziosense")
NOBODY = "11111111-2222-4333-8444-555555555555"
BASE = "/viziosense/api/v1"
BEARER = {"Authorization": "Bearer demo"}
CREDENTIALS = {"email": "demo", "password": "demo"}

pytestmark = pytest.mark.filterwarnings("ignore::deviceclouds.runtime.UnverifiedOperationWarning")


def offline(client: Any) -> Any:
    return next(iter(client.devices.list_devices(is_online="Offline")))


@pytest.mark.parametrize("operation_id", SPEC.operations)
def test_the_specifications_own_call_of_each_operation_works(
    sandbox: Sandbox, operation_id: str
) -> None:
    call = example_request(SPEC, operation_id)
    content = call.content
    if operation_id == "login":
        # The example's password is none of the sandbox's.
        content = b'{"email":"demo","password":"demo"}'
    with raw_http(sandbox) as raw:
        reply = raw.request(call.method, BASE + call.url, headers=call.headers, content=content)
    assert reply.status_code == 200, reply.text
    assert sandbox.journal.operations("viziosense") == {operation_id}
    assert not sandbox.world.own_problems


def test_tokens_of_a_login_end_with_400_and_4000(sandbox: Sandbox) -> None:
    with raw_http(sandbox) as raw:
        reply = raw.post(f"{BASE}/login", json=CREDENTIALS).json()["data"]
        headers = {"Authorization": f"Bearer {reply['access_token']}"}
        assert raw.get(f"{BASE}/devices", headers=headers).status_code == 200
        sandbox.clock.advance(reply["expires_in"])
        ended = raw.get(f"{BASE}/devices", headers=headers)
        assert ended.status_code == 400
        assert ended.json() == {"httpError": 4000, "message": "Access token error"}
        # The refresh token is none of access, and the long-lived one does not end.
        refresh = {"Authorization": f"Bearer {reply['refresh_token']}"}
        assert raw.get(f"{BASE}/devices", headers=refresh).status_code == 400
        assert raw.get(f"{BASE}/devices", headers=BEARER).status_code == 200


def test_a_client_signs_in_anew_when_its_token_has_ended(sandbox: Sandbox) -> None:
    with sandbox.client("viziosense", **CREDENTIALS) as client:
        client.devices.get_device(DEVICE)
        sandbox.revoke("viziosense")
        client.devices.get_device(DEVICE)
        sandbox.clock.advance(3600)
        client.devices.get_device(DEVICE)
    statuses = [(entry.operation_id, entry.status) for entry in sandbox.journal.entries]
    assert statuses == [
        ("login", 200),
        ("get_device", 200),
        ("get_device", 400),
        ("login", 200),
        ("get_device", 200),
        ("login", 200),
        ("get_device", 200),
    ]


@pytest.mark.parametrize("email", ["demo", "demo@example.com"])
def test_who_signs_in(client: Any, email: str) -> None:
    found = client.login.login(email=email, password="demo").data
    assert found.user.email == "demo@example.com"
    assert (found.token_type, found.expires_in) == ("Bearer", 3600)


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"email": "else@example.com"}, {"email": ""}]
)
def test_others_do_not_sign_in(sandbox: Sandbox, wrong: dict[str, str]) -> None:
    with raw_http(sandbox) as raw:
        reply = raw.post(f"{BASE}/login", json={**CREDENTIALS, **wrong})
    assert (reply.status_code, reply.json()["httpError"]) == (403, 4003)
    assert sandbox.world.tokens.count == {}


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer", "demo", "Basic ZGVtbzpkZW1v"])
def test_other_tokens_are_refused(sandbox: Sandbox, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    with raw_http(sandbox) as raw:
        reply = raw.get(f"{BASE}/devices", headers=headers)
    assert (reply.status_code, reply.json()["httpError"]) == (400, 4000)


def test_all_pages(client: Any, sandbox: Sandbox) -> None:
    found = list(client.devices.list_devices())
    assert len({device.uuid for device in found}) == len(found) == 80
    assert len(sandbox.journal.entries) == 4
    with raw_http(sandbox) as raw:

        def meta(page: int) -> dict[str, int]:
            answer = raw.get(f"{BASE}/devices?page={page}", headers=BEARER).json()
            assert len(answer["data"]) == (20 if page < 5 else 0)
            return dict(answer["meta"])

        assert meta(2) == {
            "current_page": 2,
            "from": 21,
            "last_page": 4,
            "per_page": 20,
            "total": 80,
            "to": 40,
            "total_pages": 4,
        }
        assert "from" not in meta(5)
        assert meta(10**30)["last_page"] == 4


def test_orders(client: Any) -> None:
    names = [device.name for device in client.devices.list_devices(sort="name")]
    assert names == sorted(names)
    back = [device.name for device in client.devices.list_devices(sort="-name")]
    assert back == names[::-1]
    states = [device.is_online for device in client.devices.list_devices(sort="is_online")]
    assert states == sorted(states)
    assert len(set(states)) == 2
    with pytest.raises(rt.BadRequestError, match="sort"):
        client.devices.list_devices(sort="nothing").first_page()


def test_filters(client: Any) -> None:
    parts = [list(client.devices.list_devices(is_online=s)) for s in ("Online", "Offline")]
    assert [{device.is_online for device in part} for part in parts] == [{1}, {0}]
    assert sum(map(len, parts)) == 80
    groups = ("lobby", "parking", "yard", "platform")
    of_group = [{d.uuid for d in client.devices.list_devices(group=g)} for g in groups]
    assert [len(group) for group in of_group] == [20] * 4
    assert len(set().union(*of_group)) == 80
    both = client.devices.list_devices(group="lobby", is_online="Offline", sort="name")
    assert {d.uuid for d in both} == of_group[0] & {d.uuid for d in parts[1]} != set()
    assert list(client.devices.list_devices(group="none")) == []
    with pytest.raises(rt.BadRequestError, match="is_online"):
        client.devices.list_devices(is_online="maybe").first_page()


def test_changes_are_seen_later(client: Any) -> None:
    before = client.devices.get_device(DEVICE)
    changed = client.devices.update_device(DEVICE, name="Zzz", geo_city="Nice")
    assert (changed.name, changed.geo_city, changed.geo_country) == ("Zzz", "Nice", "France")
    assert client.devices.get_device(DEVICE) == changed != before
    assert list(client.devices.list_devices(sort="name"))[-1] == changed


def test_the_rest_stays_as_it_is(client: Any) -> None:
    before = client.devices.get_device(DEVICE)
    wanted = {"uuid": NOBODY, "client_identifier": "x", "refreshed": "x", "is_online": 0}
    assert client.devices.update_device(DEVICE, **wanted) == before


def test_unknown_devices(client: Any) -> None:
    for call in (
        client.devices.get_device,
        client.devices.update_device,
        client.devices.request_image,
    ):
        with pytest.raises(rt.NotFoundError, match="no such device"):
            call(NOBODY)


def test_the_state_is_looked_at_each_minute(sandbox: Sandbox, client: Any) -> None:
    before = client.devices.get_device(DEVICE).refreshed
    assert before == f"{sandbox.clock.datetime():%Y-%m-%d %H:%M}:00"
    sandbox.clock.advance(60)
    assert client.devices.get_device(DEVICE).refreshed > before


def test_pictures_come_after_20_seconds_and_end_after_30_minutes(
    sandbox: Sandbox, client: Any
) -> None:
    addresses = client.devices.request_image(DEVICE).data
    assert ["_raw_image" in a for a in addresses] == [True, False]
    with raw_http(sandbox) as raw:

        def statuses() -> list[int]:
            return [raw.get(address).status_code for address in addresses]

        assert statuses() == [404, 404]
        sandbox.clock.advance(19.9)
        assert statuses() == [404, 404]
        sandbox.clock.advance(0.1)
        assert statuses() == [200, 200]
        files = [raw.get(address) for address in addresses]
        assert files[0].content != files[1].content
        for file in files:
            assert file.headers["content-type"] == "image/jpeg"
            assert file.content.startswith(b"\xff\xd8")
        sandbox.clock.advance(30 * 60 - 21)
        assert statuses() == [200, 200]
        sandbox.clock.advance(1)
        assert statuses() == [403, 403]
        other = addresses[0].replace("_raw_image", "_annotated_image")
        assert raw.get(other).status_code == 403


def test_our_client_captures_pictures(sandbox: Sandbox, client: Any, tmp_path: Path) -> None:
    before = sandbox.clock.now()
    found = client.capture_image(DEVICE)
    assert sandbox.clock.now() - before == pytest.approx(20, abs=0.01)
    assert found.raw != found.annotated
    files = client.capture_image(DEVICE, tmp_path)
    assert files.raw.read_bytes() != found.raw
    assert sorted(tmp_path.iterdir()) == sorted(files)


def test_an_async_client_captures_pictures(sandbox: Sandbox) -> None:
    async def take() -> Any:
        async with sandbox.async_client("viziosense") as client:
            assert len([one async for one in client.devices.list_devices()]) == 80
            return await client.capture_image(DEVICE, annotated=False)

    assert asyncio.run(take()).raw.startswith(b"\xff\xd8")


def test_a_device_that_is_offline_sends_no_picture(client: Any) -> None:
    with pytest.raises(rt.WaitTimeoutError, match="404"):
        client.capture_image(offline(client).uuid)


def test_webhooks_are_kept_as_they_were_added(client: Any) -> None:
    before = client.webhooks.list_webhooks().data
    data = WebhookData(
        headers=[WebhookHeader(name="X-Key", value="k")],
        params=[WebhookParameter(name="a", value="b")],
    )
    reply = client.webhooks.add_webhook(
        device_uuid=DEVICE,
        url="https://mine.test/x",
        webhook_type="keepalive",
        status=0,
        actions="keepalive",
        data=data,
    )
    assert reply.error == []
    *rest, added = client.webhooks.list_webhooks().data
    assert rest == before
    assert added.id not in [one.id for one in before]
    assert (added.url, added.webhook_type, added.status) == ("https://mine.test/x", "keepalive", 0)
    assert added.data == data
    of_device = client.webhooks.list_webhooks(device_uuid=DEVICE).data
    assert [one.id for one in of_device] == [7, added.id]


def test_webhooks_are_changed(client: Any) -> None:
    def urls() -> dict[int, tuple[str, str, int]]:
        found = client.webhooks.list_webhooks(device_uuid=DEVICE).data
        return {one.id: (one.url, str(one.webhook_type), one.status) for one in found}

    mine = {"device_uuid": DEVICE, "url": "https://mine.test/x"}
    client.webhooks.add_webhook(webhook_type="keepalive", **mine)
    # By the address.
    client.webhooks.update_webhook(status=0, **mine)
    assert urls()[13] == ("https://mine.test/x", "keepalive", 0)
    # By the type.
    other = "https://mine.test/y"
    client.webhooks.update_webhook(device_uuid=DEVICE, webhook_type="keepalive", url=other)
    assert urls()[13] == (other, "keepalive", 0)
    assert urls()[7][0] == "https://receiver.example.com/viziosense"
    # There are two, and nothing to tell which one is meant.
    with pytest.raises(rt.NotFoundError):
        client.webhooks.update_webhook(device_uuid=DEVICE, url="https://mine.test/z")
    with pytest.raises(rt.NotFoundError):
        client.webhooks.update_webhook(url=other, status=1)


def test_webhooks_that_cannot_be(client: Any) -> None:
    for url in (
        "ftp://mine.test",
        "mine.test",
        "",
        "https://",
        "http://[",
        "https://m/" + "x" * 2048,
    ):
        with pytest.raises(rt.BadRequestError, match="url"):
            client.webhooks.add_webhook(url=url, webhook_type="payload")
    with pytest.raises(rt.BadRequestError, match="url is missing"):
        client.webhooks.add_webhook(webhook_type="payload")
    with pytest.raises(rt.NotFoundError):
        client.webhooks.add_webhook(url="https://mine.test", device_uuid=NOBODY)
    many = WebhookData(headers=[WebhookHeader(name="x", value="y")] * 51)
    with pytest.raises(rt.BadRequestError, match="at most 50"):
        client.webhooks.add_webhook(url="https://mine.test", data=many)
    assert len(client.webhooks.list_webhooks().data) == 6


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code"),
    [
        ("POST", "/login", b"{", 400, None),
        ("POST", "/login", b'{"email": 1, "password": "demo"}', 400, None),
        ("POST", "/login", b"[" * 100_000, 400, None),
        ("PUT", f"/devices/{DEVICE}", b'{"name": 1}', 400, None),
        ("PUT", f"/devices/{DEVICE}", b"\xff", 400, None),
        ("GET", "/devices?page=0", b"", 400, None),
        ("GET", "/devices?page=x", b"", 400, None),
        ("GET", "/nothing", b"", 404, None),
        ("GET", "/devices/..%2f..%2fx", b"", 404, None),
        ("GET", "/devices/%2e%2e", b"", 404, None),
        ("DELETE", "/devices", b"", 405, 4005),
    ],
)
def test_bad_requests_get_the_vendors_error(
    sandbox: Sandbox, method: str, path: str, content: bytes, status: int, code: int | None
) -> None:
    headers = {**BEARER, "Content-Type": "application/json"} if content else BEARER
    with raw_http(sandbox) as raw:
        reply = raw.request(method, BASE + path, headers=headers, content=content)
    assert reply.status_code == status, reply.text
    assert reply.json().get("httpError") == code
    assert reply.json()["message"]


def test_the_same_seed_makes_the_same_fleet() -> None:
    def fleet(seed: int) -> Any:
        world = World(seed=seed, clock=SandboxClock(1.8e9, frozen=True))
        cloud: Any = cloud_of("viziosense", world)
        return list(cloud._fleet.records)

    assert fleet(1) == fleet(1) != fleet(2)


def test_what_there_is_at_a_glance(sandbox: Sandbox) -> None:
    assert sandbox.clouds["viziosense"].fleet() == {"sensors": 80, "webhooks": 6}
