"""The endpoint, called through an ASGI transport: who is believed, what is answered, what reaches the handler."""

from __future__ import annotations

import asyncio
import functools
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx2
import pytest
from deviceclouds.runtime import ConfigurationError, Secret
from deviceclouds.viziosense.webhooks import (
    Delivery,
    Keepalive,
    WebhookEndpoint,
    create_endpoint,
)
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from .deliveries import (
    CLASSES,
    CLEARING,
    DEVICE,
    EXAMPLES,
    HEADER,
    KEEPALIVE,
    OTHER,
    PARK,
    SECRET,
    ask,
    body,
)
from .test_webhooks import BAD, MARK


class Inbox:
    """A handler that keeps what it is given."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.threads: list[int] = []

    def sync(self, delivery: Delivery) -> None:
        self.taken.append(delivery)
        self.threads.append(threading.get_ident())

    async def waits(self, delivery: Delivery) -> None:
        await asyncio.sleep(0)
        self.sync(delivery)

    async def __call__(self, delivery: Delivery) -> None:
        await self.waits(delivery)

    @property
    def kinds(self) -> list[str]:
        return [type(delivery).__name__ for delivery in self.taken]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def open_endpoint(inbox: Inbox) -> WebhookEndpoint:
    return create_endpoint(inbox.waits, secret=None)


def test_every_kind_of_delivery(inbox: Inbox, open_endpoint: WebhookEndpoint) -> None:
    replies = [ask(open_endpoint, "POST", "/", content=body(value)) for _, value in EXAMPLES]
    replies.append(ask(open_endpoint, "GET", KEEPALIVE))
    assert [(reply.status_code, reply.content) for reply in replies] == [(200, b"")] * 5
    assert {reply.headers["content-length"] for reply in replies} == {"0"}
    assert inbox.kinds == [cls for cls, _ in EXAMPLES] + ["Keepalive"]
    assert set(inbox.kinds) == {*CLASSES.values(), "Keepalive"}


def handlers(inbox: Inbox) -> Iterator[Callable[[Any], object]]:
    def with_more(more: int, delivery: Delivery) -> None:
        inbox.sync(delivery)

    async def waits_with_more(more: int, delivery: Delivery) -> None:
        await inbox.waits(delivery)

    yield inbox.sync
    yield inbox.waits
    yield inbox
    yield functools.partial(with_more, 1)
    yield functools.partial(waits_with_more, 1)
    yield lambda delivery: inbox.sync(delivery)
    yield lambda delivery: inbox.waits(delivery)


def test_handlers_of_every_kind(inbox: Inbox) -> None:
    for number, handler in enumerate(handlers(inbox), 1):
        reply = ask(create_endpoint(handler, secret=None), "GET", KEEPALIVE)
        assert (reply.status_code, len(inbox.taken)) == (200, number)
        assert isinstance(inbox.taken[-1], Keepalive)


def test_plain_functions_do_not_hold_up_others(inbox: Inbox) -> None:
    ask(create_endpoint(inbox.sync, secret=None), "GET", KEEPALIVE)
    ask(create_endpoint(inbox.waits, secret=None), "GET", KEEPALIVE)
    assert [number == threading.get_ident() for number in inbox.threads] == [False, True]


def test_coroutines_need_no_thread(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio, "to_thread", None)
    for handler in (inbox, inbox.waits, functools.partial(inbox.waits)):
        assert ask(create_endpoint(handler, secret=None), "GET", KEEPALIVE).status_code == 200


@pytest.mark.parametrize("kind", ["sync", "waits"])
def test_what_a_handler_raises_goes_to_the_server(kind: str) -> None:
    def fails(delivery: Delivery) -> None:
        raise LookupError("no room")

    async def fails_too(delivery: Delivery) -> None:
        raise LookupError("no room")

    endpoint = create_endpoint(fails if kind == "sync" else fails_too, secret=None)
    with pytest.raises(LookupError, match="no room"):
        ask(endpoint, "GET", KEEPALIVE)


@pytest.mark.parametrize(("content", "told"), BAD, ids=[told[:30] for _, told in BAD])
def test_bad_bodies(
    inbox: Inbox, open_endpoint: WebhookEndpoint, content: bytes, told: str
) -> None:
    reply = ask(open_endpoint, "POST", "/", content=content)
    if len(content) > 1024 * 1024:
        assert (reply.status_code, reply.text) == (413, "at most 1048576 bytes\n")
    else:
        assert reply.status_code == 400
        assert told in reply.text
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text.count("\n") == 1
    assert len(reply.text) < 300
    assert MARK not in reply.text
    assert "answer 400" not in reply.text
    assert inbox.taken == []


@pytest.mark.parametrize(
    "url", ["/", "/?source=VIZIOSENSE", f"/?source=x&id={MARK}", "/?id=%FF", f"/?{'x' * 9000}"]
)
def test_bad_queries(inbox: Inbox, open_endpoint: WebhookEndpoint, url: str) -> None:
    reply = ask(open_endpoint, "GET", url)
    assert reply.status_code == 400
    assert MARK not in reply.text
    assert inbox.taken == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "ODD"])
def test_other_methods(inbox: Inbox, open_endpoint: WebhookEndpoint, method: str) -> None:
    reply = ask(open_endpoint, method, KEEPALIVE, content=body(OTHER))
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, POST")
    assert inbox.taken == []


def test_size_limit(inbox: Inbox) -> None:
    content = body(OTHER)
    exact = create_endpoint(inbox, secret=None, max_bytes=len(content))
    small = create_endpoint(inbox, secret=None, max_bytes=len(content) - 1)
    assert ask(exact, "POST", "/", content=content).status_code == 200
    assert ask(small, "POST", "/", content=content).status_code == 413
    assert len(inbox.taken) == 1


def test_a_body_without_a_length_is_not_read_to_its_end(inbox: Inbox) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b" " * 100

    async def send() -> int:
        endpoint = create_endpoint(inbox, secret=None, max_bytes=1000)
        transport = httpx2.ASGITransport(app=endpoint)
        async with httpx2.AsyncClient(transport=transport, base_url="http://own.test") as client:
            return (await client.post("/", content=chunks())).status_code

    assert asyncio.run(send()) == 413
    assert sent < 20


async def call(endpoint: WebhookEndpoint, scope: dict[str, Any], *received: dict[str, Any]) -> Any:
    """Speak ASGI with an endpoint; return what it sent."""
    waiting, sent = list(received), []

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await endpoint({"headers": [], "query_string": b"", "path": "/"} | scope, receive, send)
    return sent


POST = {"type": "http", "method": "POST"}


@pytest.mark.parametrize("declared", [b"many", b"-5", b"", b"\xb2", b"9" * 10_000, b"0"])
def test_odd_lengths(inbox: Inbox, open_endpoint: WebhookEndpoint, declared: bytes) -> None:
    """A server sorts them out before; this must not fail where one does not."""
    scope = POST | {"headers": [(b"content-length", declared)]}
    request = {"type": "http.request", "body": body(OTHER)}
    start, _ = asyncio.run(call(open_endpoint, scope, request))
    assert start["status"] == (413 if declared.startswith(b"9") else 200)


def test_a_body_that_breaks_off(inbox: Inbox, open_endpoint: WebhookEndpoint) -> None:
    first = {"type": "http.request", "body": body(OTHER), "more_body": True}
    start, _ = asyncio.run(call(open_endpoint, POST, first, {"type": "http.disconnect"}))
    assert start["status"] == 400
    assert inbox.taken == []


def test_what_is_no_request(open_endpoint: WebhookEndpoint) -> None:
    assert asyncio.run(call(open_endpoint, {"type": "lifespan"})) == []
    (closed,) = asyncio.run(call(open_endpoint, {"type": "websocket"}))
    assert closed == {"type": "websocket.close", "code": 1008}


def guarded(inbox: Inbox, **options: Any) -> WebhookEndpoint:
    return create_endpoint(inbox, secret=SECRET, **options)


RIGHT: list[tuple[dict[str, Any], str, dict[str, str]]] = [
    ({}, "/hook", HEADER),
    ({"name": "Authorization"}, "/hook", {"authorization": SECRET}),
    ({"place": "query"}, f"/hook?a=1&secret={SECRET}", {}),
    ({"place": "query", "name": "t"}, f"/hook?t={SECRET}", {}),
    ({"place": "path"}, f"/hook/{SECRET}", {}),
    ({"place": "path"}, f"/{SECRET}", {}),
]
WRONG: list[tuple[dict[str, Any], str, Any]] = [
    ({}, "/hook", {}),
    ({}, "/hook", {"X-Webhook-Secret": ""}),
    ({}, "/hook", {"X-Webhook-Secret": SECRET[:-1]}),
    ({}, "/hook", {"X-Webhook-Secret": f"{SECRET}1"}),
    ({}, "/hook", {"X-Webhook-Secret": SECRET.upper()}),
    ({}, "/hook", [("X-Webhook-Secret", "x"), ("X-Webhook-Secret", SECRET)]),
    ({}, "/hook", {"X-Webhook-Secret": "caf\u00e9".encode("latin-1")}),
    ({}, "/hook", {"X-Webhook-Secret": "\u65e5".encode()}),
    ({}, f"/hook/{SECRET}?secret={SECRET}", {"Authorization": SECRET}),
    ({"name": "Authorization"}, "/hook", HEADER),
    ({"place": "query"}, "/hook", HEADER),
    ({"place": "query"}, f"/hook/{SECRET}", {}),
    ({"place": "query"}, f"/hook?secret={SECRET}&secret={SECRET}", {}),
    ({"place": "query"}, f"/hook?secret=%FF&secret={SECRET}", {}),
    ({"place": "query"}, "/hook?secret=%E6%97%A5", {}),
    ({"place": "query"}, f"/hook?token={SECRET}", {}),
    ({"place": "path"}, "/hook", HEADER),
    ({"place": "path"}, f"/hook/{SECRET}/", {}),
    ({"place": "path"}, f"/hook/{SECRET}/more", {}),
    ({"place": "path"}, f"/hook?secret={SECRET}", {}),
    ({"place": "path"}, "/hook/%E6%97%A5", {}),
]


@pytest.mark.parametrize(("options", "url", "headers"), RIGHT)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_believed(
    inbox: Inbox, options: dict[str, Any], url: str, headers: dict[str, str], method: str
) -> None:
    if method == "GET":
        url += f"{'&' if '?' in url else '?'}source=VIZIOSENSE&id={DEVICE}"
    reply = ask(guarded(inbox, **options), method, url, headers=headers, content=body(PARK))
    assert reply.status_code == 200
    assert inbox.kinds == ["Keepalive" if method == "GET" else "ParkPayload"]
    assert SECRET not in repr(inbox.taken)


@pytest.mark.parametrize(("options", "url", "headers"), WRONG)
def test_who_is_not(inbox: Inbox, options: dict[str, Any], url: str, headers: Any) -> None:
    for method in ("POST", "GET", "PUT"):
        reply = ask(guarded(inbox, **options), method, url, headers=headers, content=b"{")
        assert (reply.status_code, reply.text) == (403, "the secret is missing or wrong\n")
    assert inbox.taken == []


def test_strangers_are_refused_before_their_body_is_read(inbox: Inbox) -> None:
    start, _ = asyncio.run(call(guarded(inbox), POST))  # a receive would fail
    assert start["status"] == 403


def test_secrets_are_compared_in_constant_time(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr("hmac.compare_digest", compare)
    assert ask(guarded(inbox), "GET", KEEPALIVE, headers=HEADER).status_code == 403
    assert compared == [(SECRET.encode(), SECRET.encode())]


def test_secrets_do_not_show(inbox: Inbox) -> None:
    endpoint = create_endpoint(inbox, secret=Secret(SECRET))
    assert repr(endpoint) == "<WebhookEndpoint, secret in header>"
    assert SECRET not in repr(vars(endpoint))
    assert repr(create_endpoint(inbox, secret=None)) == "<WebhookEndpoint, open to all>"
    assert ask(endpoint, "GET", KEEPALIVE, headers=HEADER).status_code == 200


BAD_SETTINGS: list[tuple[dict[str, Any], str]] = [
    ({"secret": ""}, "0 characters, fewer than 16"),
    ({"secret": "x" * 15}, "15 characters, fewer than 16"),
    ({"secret": f"{MARK}\n-and-more-of-it"}, "printable ASCII"),
    ({"secret": f"{MARK}\u65e5-and-more-of-it"}, "printable ASCII"),
    ({"secret": f"{MARK}/and-more-of-it", "place": "path"}, "in the path may only hold letters"),
    ({"secret": f"{MARK} and-more-of-it", "place": "query"}, "in the query may only hold letters"),
    ({"secret": SECRET, "place": "cookie"}, "not one of header, query, path"),
    ({"secret": SECRET, "handler": None}, "the handler cannot be called"),
    ({"secret": SECRET, "name": "X Secret"}, "'X Secret' cannot be the name of a header"),
    ({"secret": SECRET, "name": "\u65e5"}, "cannot be the name of a header"),
    ({"secret": SECRET, "name": "id", "place": "query"}, "'id' cannot be the name of a query"),
    ({"secret": SECRET, "name": "", "place": "query"}, "'' cannot be the name of a query"),
    ({"secret": SECRET, "name": "x", "place": "path"}, "'x' cannot be the name of a path"),
]


@pytest.mark.parametrize(("settings", "told"), BAD_SETTINGS)
def test_settings_that_cannot_work(inbox: Any, settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        create_endpoint(**{"handler": inbox, **settings})
    assert told in caught.value.message
    assert caught.value.vendor == "viziosense"
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    frames = [frame for frame in shown.stack if "viziosense/webhooks" in frame.filename]
    assert frames
    assert MARK not in repr([frame.locals for frame in frames])


def test_shortest_secret(inbox: Inbox) -> None:
    endpoint = create_endpoint(inbox, secret="x" * 16)
    assert ask(endpoint, "GET", KEEPALIVE, headers={"x-webhook-secret": "x" * 16}).is_success


def test_spaces_in_a_header() -> None:
    """`Authorization: Token ...` is the vendor's own proposal."""
    endpoint = create_endpoint(print, secret="Token 0123456789abcdef", name="Authorization")
    reply = ask(endpoint, "PUT", "/", headers={"Authorization": "Token 0123456789abcdef"})
    assert reply.status_code == 405


def test_in_starlette(inbox: Inbox) -> None:
    endpoint = guarded(inbox, place="path")
    app = Starlette(routes=[Route("/hook/{secret}", endpoint), Mount("/mounted", app=endpoint)])
    for path in (f"/hook/{SECRET}", f"/mounted/{SECRET}"):
        assert ask(app, "POST", path, content=body(CLEARING)).status_code == 200
    for path in ("/hook/x", "/mounted/x"):
        assert ask(app, "POST", path, content=body(CLEARING)).status_code == 403
    assert inbox.kinds == ["Alert", "Alert"]
