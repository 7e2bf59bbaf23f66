"""To whom the sandbox sends webhooks and to whom never, and receivers that fail."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from deviceclouds.testing._serve import Server
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.viziosense.models import WebhookData, WebhookHeader

from .viziosense_fixtures import sandbox
from .webhook_fixtures import SECRET, Receiver, add, passed, receiver

__all__ = ["add", "receiver", "sandbox"]

pytestmark = pytest.mark.filterwarnings("ignore::deviceclouds.runtime.UnverifiedOperationWarning")


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


def test_a_prefix_that_is_no_address(sandbox: Sandbox) -> None:
    for prefix in ("", "mine.test", "ftp://mine.test", "https://"):
        with pytest.raises(ValueError, match="url_prefix"):
            sandbox.receive_webhooks(prefix, Receiver())
