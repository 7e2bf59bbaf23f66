"""Webhooks of the sandbox are really delivered: what, when, and to whom."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from deviceclouds.testing._serve import Server
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.viziosense import webhooks as received
from deviceclouds.viziosense.models import WebhookData, WebhookHeader, WebhookParameter

from .raw_http import raw_http
from .viziosense_fixtures import DEVICE, sandbox
from .webhook_fixtures import HOOK, SECRET, Receiver, add, own, passed, receiver

__all__ = ["add", "receiver", "sandbox"]

pytestmark = pytest.mark.filterwarnings("ignore::deviceclouds.runtime.UnverifiedOperationWarning")


def test_a_keepalive_every_ten_minutes(
    sandbox: Sandbox, add: Callable[..., None], receiver: Receiver
) -> None:
    add("keepalive")
    found = passed(sandbox, 3600)
    assert [later.due - one.due for one, later in pairwise(found)] == [600] * 5
    assert len(found) == 6
    assert {(one.method, one.status, one.problem) for one in found} == {("GET", 200, None)}
    target = f"/hook?source=VIZIOSENSE&id={DEVICE}"
    assert [(request[0], request[1]) for request in receiver.requests] == [("GET", target)] * 6
    assert {read.id for read in receiver.read} == {DEVICE}
    assert passed(sandbox, 0) == []
    assert sum(len(passed(sandbox, 60)) for _ in range(30)) == 3


def test_parking_payloads_when_something_changes(
    sandbox: Sandbox, add: Callable[..., None], receiver: Receiver
) -> None:
    add()
    found = passed(sandbox, 7200)
    gaps = [later.due - one.due for one, later in pairwise(found)]
    assert len(found) > 30
    assert min(gaps) >= 30
    assert len(set(gaps)) > 3
    assert [read.timestamp for read in receiver.read] == [one.due for one in found]
    before = None
    for read in receiver.read:
        assert type(read).__name__ == "ParkPayload"
        assert read.stream_id == DEVICE
        spots = {spot.id: spot for spot in read.payload}
        assert len(spots) == 6
        states = {key: spot.is_active for key, spot in spots.items()}
        assert states != before
        before = states
        for spot in spots.values():
            assert bool(spot.cls) == spot.is_active
            assert spot.event_ts <= read.timestamp
    assert {spot.is_active for read in receiver.read for spot in read.payload} == {True, False}


def test_a_spot_changes_when_it_says_so(
    sandbox: Sandbox, add: Callable[..., None], receiver: Receiver
) -> None:
    add()
    passed(sandbox, 7200)
    for read, following in pairwise(receiver.read):
        for spot, later in zip(read.payload, following.payload, strict=True):
            changed = spot.is_active != later.is_active
            assert (later.event_ts > spot.event_ts) == changed
            assert not changed or later.event_ts > read.timestamp - 30


def test_alerts_fire_and_clear(sandbox: Sandbox, client: Any, receiver: Receiver) -> None:
    counting = client.devices.list_devices(sort="uuid")
    devices = [one.uuid for one in counting if one.name.startswith(("Hall", "Gate", "Platform"))]
    for device in devices[:12]:
        client.webhooks.add_webhook(url=HOOK, device_uuid=device, actions="payload,alert")
    passed(sandbox, 3 * 3600)
    alerts: list[Any] = [
        one for read in receiver.read if isinstance(read, received.Alert) for one in read.alert
    ]
    assert len(alerts) > 50
    fired: dict[str, Any] = {}
    cleared = 0
    for alert in alerts:
        assert alert.device_uuid in devices
        if alert.type == "FIRING":
            assert alert.actual_value > alert.rule_summary.trigger_value
            assert (alert.state, alert.previous_uuid) == ("LIMIT_REACHED", None)
            assert alert.uuid not in fired
            fired[alert.uuid] = alert
        elif alert.previous_uuid in fired:
            cleared += 1
            before = fired[alert.previous_uuid]
            assert alert.actual_value < alert.rule_summary.clearing_value
            assert (alert.state, alert.type) == ("LIMIT_CLEARED", "CLEARING")
            assert before.device_uuid == alert.device_uuid
            assert before.timestamp < alert.timestamp
            assert before.reference_marker == alert.reference_marker
    assert cleared > 20


def test_our_parser_reads_whatever_all_devices_send(
    sandbox: Sandbox, client: Any, receiver: Receiver
) -> None:
    for kind in ("keepalive", "payload"):
        client.webhooks.add_webhook(url=HOOK, webhook_type=kind, actions=f"{kind} alert")
    found = [one for _ in range(4) for one in passed(sandbox, 600)]
    assert {one.status for one in found} == {200}
    assert len(receiver.read) == len(found) > 500
    kinds = Counter(type(one).__name__ for one in receiver.read)
    assert kinds.keys() == {"Keepalive", "ParkPayload", "Payload", "Alert"}
    online = {one.uuid for one in client.devices.list_devices(is_online="Online")}
    alive = {one.id for one in receiver.read if isinstance(one, received.Keepalive)}
    assert alive == online
    types = {one.type for one in receiver.read if hasattr(one, "stream_id")}
    assert types == {"VPM", "VYD", "VCZ", "VCB", "VCW"}


def test_headers_and_parameters_are_added(
    sandbox: Sandbox, add: Callable[..., None], receiver: Receiver
) -> None:
    data = WebhookData(
        headers=[
            WebhookHeader(name="X-Key", value="k v"),
            WebhookHeader(name="Host", value="elsewhere.test"),
            WebhookHeader(name="Content-Length", value="7"),
        ],
        params=[WebhookParameter(name="a b", value="ä&"), WebhookParameter(name="c")],
    )
    add("keepalive", url=f"{HOOK}?own=1#part", data=data)
    add(url=HOOK, data=data)
    passed(sandbox, 600)
    extra = "a+b=%C3%A4%26&c="
    targets = {request[0]: request[1] for request in receiver.requests}
    assert targets["GET"] == f"/hook?own=1&source=VIZIOSENSE&id={DEVICE}&{extra}"
    assert targets["POST"] == f"/hook?{extra}"
    for method, _, headers, body in receiver.requests:
        assert headers["x-key"] == "k v"
        assert headers["host"] == "mine.test"
        if method == "POST":
            assert headers["content-type"] == "application/json"
            assert int(headers["content-length"]) == len(body)


def test_our_endpoint_checks_the_secret(sandbox: Sandbox, add: Callable[..., None]) -> None:
    read: list[Any] = []
    for prefix, secret in (("https://a.test", SECRET), ("https://b.test", "another-secret-key")):
        sandbox.receive_webhooks(prefix, received.create_endpoint(read.append, secret=secret))
    header = WebhookHeader(name="X-Webhook-Secret", value=SECRET)
    for prefix in ("https://a.test", "https://b.test"):
        add("keepalive", url=prefix, data=WebhookData(headers=[header]))
    found = passed(sandbox, 600)
    assert sorted((one.receiver, one.status) for one in found) == [
        ("https://a.test", 200),
        ("https://b.test", 403),
    ]
    assert len(read) == 1
    assert SECRET not in repr((found, sandbox.webhooks.log, sandbox.journal.entries))


def test_webhooks_that_rest(
    sandbox: Sandbox, client: Any, add: Callable[..., None], receiver: Receiver
) -> None:
    add("keepalive", status=0)
    assert passed(sandbox, 3600) == []
    client.webhooks.update_webhook(device_uuid=DEVICE, url=HOOK, status=1)
    assert passed(sandbox, 0) == []
    assert len(passed(sandbox, 1200)) == 2
    client.webhooks.update_webhook(device_uuid=DEVICE, url=HOOK, status=0)
    assert passed(sandbox, 1200) == []


def test_devices_that_are_offline_send_nothing(
    sandbox: Sandbox, client: Any, receiver: Receiver
) -> None:
    offline = next(iter(client.devices.list_devices(is_online="Offline")))
    client.webhooks.add_webhook(url=HOOK, webhook_type="keepalive", device_uuid=offline.uuid)
    assert passed(sandbox, 3600) == []


def test_a_jump_sends_without_being_asked(
    sandbox: Sandbox, add: Callable[..., None], receiver: Receiver
) -> None:
    add("keepalive")
    arrived = threading.Event()
    receiver.read = type("Told", (list,), {"append": lambda self, one: arrived.set()})()
    receiver._endpoint = received.create_endpoint(receiver.read.append, secret=None)
    sandbox.clock.advance(600)
    assert arrived.wait(10)
    (one,) = own(sandbox.deliver_webhooks())
    assert one in sandbox.webhooks.log
    assert own(sandbox.deliver_webhooks()) == []


def test_a_long_jump_sends_the_newest(
    sandbox: Sandbox, client: Any, add: Callable[..., None], receiver: Receiver
) -> None:
    add("keepalive")
    for _ in range(2):
        client.webhooks.add_webhook(url=HOOK, webhook_type="payload")
    found = passed(sandbox, 10 * 366 * 86400)
    assert 990 < len(found) <= len(receiver.requests) <= 1000
    now = sandbox.clock.now()
    assert max(one.due for one in found) > now - 600
    assert [one.due for one in found] == sorted(one.due for one in found)


def test_a_running_clock_delivers_while_it_is_served() -> None:
    receiver = Receiver()
    with Sandbox(["viziosense"]) as sandbox, Server(receiver) as own_server:
        # The last moment before one is due.
        with sandbox.client("viziosense") as client:
            client.webhooks.add_webhook(
                url=f"{own_server.url}/x", webhook_type="keepalive", device_uuid=DEVICE
            )
            sandbox.clock.advance(600)
            (first,) = own(sandbox.deliver_webhooks())
            sandbox.clock.advance(first.due + 599.5 - sandbox.clock.now())
        assert own(sandbox.deliver_webhooks()) == []
        arrived = threading.Event()
        receiver._endpoint = received.create_endpoint(lambda _: arrived.set(), secret=None)
        with sandbox.serve():
            assert arrived.wait(10)


def test_the_control_tells_and_sends(
    sandbox: Sandbox, add: Callable[..., None], receiver: Receiver
) -> None:
    add("keepalive")
    sandbox.clock.advance(600)
    with raw_http(sandbox) as raw:
        sent = raw.post("/_sandbox/webhooks").json()
        assert [one["kind"] for one in sent if one["webhook"] > 12] == ["keepalive"]
        assert raw.get("/_sandbox/webhooks").json() == sent
        assert (
            raw.post("/_sandbox/webhooks", headers={"Origin": "http://x.test"}).status_code == 403
        )
        entries = raw.get("/_sandbox/journal").json()
    assert [one["path"] for one in entries if one["ok"]][
        -1
    ] == "keepalive of webhook 13 to https://mine.test"


def test_jumps_without_webhooks_are_cheap(sandbox: Sandbox) -> None:
    for _ in range(50):
        sandbox.clock.advance(3600)
    found = sandbox.deliver_webhooks()
    # The seeded ones go to nobody, which is told once for each.
    assert sorted(one.webhook for one in found) == [7, 8, 9, 10]
    assert httpx2.URL(found[0].receiver).host == "receiver.example.com"
