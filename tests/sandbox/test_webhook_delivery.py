"""Webhooks of the sandbox are really delivered: what, when, to whom, and to whom never."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from deviceclouds.testing._serve import Server
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.testing.sandbox.deliveries import Delivered
from deviceclouds.viziosense import webhooks as received
from deviceclouds.viziosense.models import WebhookData, WebhookHeader, WebhookParameter

from .raw_http import raw_http

DEVICE = "5f1c2b7e-8f5d-4f43-9a53-0d4c1b2f7a10"
SECRET = "not-a-real-secret.1"
HOOK = "https://mine.test/hook"

pytestmark = pytest.mark.filterwarnings("ignore::deviceclouds.runtime.UnverifiedOperationWarning")


class Receiver:
    """Keeps what arrives, and answers with a status; ``read`` holds what our own parser made of it."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.read: list[Any] = []
        self._endpoint = received.create_endpoint(self.read.append, secret=None)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        target = f"{scope['path']}?{scope['query_string'].decode()}"
        self.requests.append((scope["method"], target, headers, body))

        async def again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def answer(reply: Any) -> None:
            if reply["type"] == "http.response.start":
                # What the parser refuses must not pass.
                assert reply["status"] == 200
                reply = {**reply, "status": self.status}
            await send(reply)

        await self._endpoint(scope, again, answer)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["viziosense"], strict=True, frozen=True) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Any]:
    with sandbox.client("viziosense") as client:
        yield client


@pytest.fixture
def add(client: Any) -> Callable[..., None]:
    """Adds a webhook of the first device."""

    def added(kind: str = "payload", **options: Any) -> None:
        given = {"url": HOOK, "webhook_type": kind, "device_uuid": DEVICE, "actions": kind}
        client.webhooks.add_webhook(**{**given, **options})

    return added


@pytest.fixture
def receiver(sandbox: Sandbox) -> Receiver:
    made = Receiver()
    sandbox.receive_webhooks("https://mine.test", made)
    return made


def own(found: list[Delivered]) -> list[Delivered]:
    """Without the seeded webhooks, which go to nobody."""
    return [one for one in found if one.webhook > 12]


def passed(sandbox: Sandbox, seconds: float) -> list[Delivered]:
    sandbox.clock.advance(seconds)
    return own(sandbox.deliver_webhooks())


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


def test_other_machines_get_nothing(
    sandbox: Sandbox, add: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> Any:
        raise AssertionError("a name was looked up, or a connection opened")

    urls = (
        "http://192.0.2.1/x",
        "http://receiver.example.com/x",
        "http://127.0.0.1.example.com/",
        "http://localhost.example.com/",
        "http://127.0.0.1@receiver.example.com/",
        "http://receiver.example.com#@127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0.0.0.0/",
        "http://[::ffff:192.0.2.1]/",
        "http://mine.test.example.com/",
        "https://mine.testament/",
        "https://mine.test@receiver.example.com/",
        "https://mine.test:99/",
    )
    sandbox.receive_webhooks("https://mine.test", Receiver())
    for url in urls:
        add("keepalive", url=url)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    found = passed(sandbox, 600)
    assert len(found) == len(urls)
    assert {one.status for one in found} == {None}
    assert all(one.problem and one.problem.startswith("not sent: this is not") for one in found)
    # It is told once.
    assert passed(sandbox, 6000) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_over_a_socket(sandbox: Sandbox, add: Callable[..., None], host: str) -> None:
    receiver = Receiver()
    with Server(receiver) as server:
        add("keepalive", url=f"http://{host}:{server.port}/hook")
        add(url=f"http://{host}:{server.port}/hook")
        found = passed(sandbox, 1200)
    assert {one.status for one in found} == {200}
    assert len(receiver.read) == len(found) > 3


def test_a_host_that_is_allowed(add: Callable[..., None], sandbox: Sandbox) -> None:
    with Sandbox(["viziosense"], allow_hosts=["My-Own.test"]) as open_one:
        assert open_one.webhooks.may_reach("http://my-own.test:8080/x")
        assert not open_one.webhooks.may_reach("http://other.test/x")
        assert not open_one.webhooks.may_reach("file:///my-own.test/x")
    assert not sandbox.webhooks.may_reach("http://my-own.test:8080/x")


def test_redirects_are_not_followed(sandbox: Sandbox, add: Callable[..., None]) -> None:
    asked: list[str] = []

    async def redirects(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        headers = [(b"location", b"/elsewhere"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 307, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    with Server(redirects) as server:
        add("keepalive", url=f"{server.url}/hook")
        (found,) = passed(sandbox, 600)
    assert (found.status, asked) == (307, ["/hook"])


def test_a_receiver_that_fails(sandbox: Sandbox, add: Callable[..., None]) -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError(SECRET)

    sandbox.receive_webhooks("https://mine.test", fails)
    add("keepalive")
    (found,) = passed(sandbox, 600)
    assert (found.status, found.problem) == (None, "the receiver failed: RuntimeError")
    sandbox.receive_webhooks("https://mine.test", Receiver(status=500))
    (found,) = passed(sandbox, 600)
    # It is not sent again.
    assert (found.status, found.problem) == (500, None)
    entry = sandbox.journal.entries[-1]
    assert (entry.vendor, entry.operation_id, entry.status, entry.ok) == (
        "viziosense",
        None,
        500,
        False,
    )
    assert passed(sandbox, 0) == []


def test_nobody_listens(sandbox: Sandbox, add: Callable[..., None]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        add("keepalive", url=f"http://127.0.0.1:{taken.getsockname()[1]}/")
        (found,) = passed(sandbox, 600)
    assert found.problem == "the receiver failed: ConnectError"


def test_a_receiver_that_never_answers(
    sandbox: Sandbox, add: Callable[..., None], monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    monkeypatch.setattr("deviceclouds.testing.sandbox.webhooks._STEP_SECONDS", 0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        add("keepalive", url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        add("keepalive")
        found = passed(sandbox, 6000)
    problems = Counter(one.problem for one in found)
    # One waits, the others are given up; who answers gets all.
    assert problems[None] == 10
    assert problems["the receiver did not answer within 0.05 s"] == 1
    assert problems["not sent: the receiver did not answer the one before in time"] == 9


def test_an_endless_answer_holds_nobody_up(sandbox: Sandbox, add: Callable[..., None]) -> None:
    async def endless(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"1000000000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await receive()
        while (await receive())["type"] != "http.disconnect":
            pass

    with Server(endless) as server:
        add("keepalive", url=f"{server.url}/")
        assert [one.status for one in passed(sandbox, 1200)] == [200, 200]


def test_bad_headers_break_nothing(
    sandbox: Sandbox, add: Callable[..., None], receiver: Receiver
) -> None:
    headers = [
        WebhookHeader(name="a\r\nb", value="c"),
        WebhookHeader(name="x", value="a\r\nInjected: 1"),
        WebhookHeader(name="ünicode", value="ü\N{SNOWMAN}"),
    ]
    seen = Receiver()
    with Server(seen) as server:
        for header in headers:
            data = WebhookData(headers=[header])
            add("keepalive", url=f"{server.url}/", data=data)
        add("keepalive", url=f"{server.url}/")
        found = passed(sandbox, 600)
    assert Counter(one.status for one in found) == {None: 3, 200: 1}
    assert len(seen.requests) == 1


def test_after_a_reset_webhooks_are_those_of_the_beginning(
    sandbox: Sandbox, add: Callable[..., None], receiver: Receiver
) -> None:
    add("keepalive")
    sandbox.reset()
    assert passed(sandbox, 3600) == []
    add("keepalive")
    assert len(passed(sandbox, 600)) == 1


def test_after_closing_nothing_is_sent(
    sandbox: Sandbox, add: Callable[..., None], receiver: Receiver
) -> None:
    add("keepalive")
    sandbox.close()
    assert passed(sandbox, 3600) == []
    assert receiver.requests == []
    assert not [t for t in threading.enumerate() if t.name == "deviceclouds-webhooks"]


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


def test_a_prefix_that_is_no_address(sandbox: Sandbox) -> None:
    for prefix in ("", "mine.test", "ftp://mine.test", "https://"):
        with pytest.raises(ValueError, match="url_prefix"):
            sandbox.receive_webhooks(prefix, Receiver())


def test_jumps_without_webhooks_are_cheap(sandbox: Sandbox) -> None:
    for _ in range(50):
        sandbox.clock.advance(3600)
    found = sandbox.deliver_webhooks()
    # The seeded ones go to nobody, which is told once for each.
    assert sorted(one.webhook for one in found) == [7, 8, 9, 10]
    assert httpx2.URL(found[0].receiver).host == "receiver.example.com"
