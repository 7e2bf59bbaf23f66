"""Nothing that can be sent breaks the stand-in: no status 500, no traceback, no injected header."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import httpx2
import pytest
from deviceclouds.testing import MOUNTS, AsgiBridge, Journal, create_app
from deviceclouds.testing.sandbox.app import MAX_BODY

TOKEN = {"Authorization": "Bearer demo"}


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def client(journal: Journal) -> Iterator[httpx2.Client]:
    with httpx2.Client(
        transport=AsgiBridge(create_app(journal=journal)), base_url="http://test"
    ) as found:
        yield found


HOSTILE_BODIES = [
    b"",
    b"{",
    b"\xff\xfe",
    b"\x00" * 1000,
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b"1" * 100_000,
    b'{"device_name": 1e99999}',
    b'{"device_name": "\\ud800"}',
    b'{"\\ud800": 1}',
    b'{"device_name": NaN}',
    b'{"__proto__": {}, "": 1, "\\u0000": 2}',
    json.dumps({f"k{i}": i for i in range(50_000)}).encode(),
    json.dumps([{"x": i} for i in range(50_000)]).encode(),
]


@pytest.mark.parametrize("body", HOSTILE_BODIES, ids=range(len(HOSTILE_BODIES)))
@pytest.mark.parametrize(
    ("vendor", "path", "kind"),
    [
        ("aitrios", "/devices", "application/json"),
        ("aitrios", "/connector/storage", "application/json"),
        ("aitrios", "/files", "multipart/form-data; boundary=b"),
        ("amnimo", "/oauth2/token", "application/x-www-form-urlencoded"),
        ("viziosense", "/webhooks", "application/json"),
    ],
)
def test_hostile_bodies(
    vendor: str, path: str, kind: str, body: bytes, client: httpx2.Client
) -> None:
    method = "PUT" if path == "/connector/storage" else "POST"
    credentials = "Basic ZGVtbzpkZW1v" if path == "/oauth2/token" else "Bearer demo"
    headers = {"Authorization": credentials, "Content-Type": kind}
    reply = client.request(method, MOUNTS[vendor] + path, content=body, headers=headers)
    # AITRIOS does not require the storage connector's body.
    allowed = (200, 400) if path == "/connector/storage" and not body else (400,)
    assert reply.status_code in allowed
    assert reply.headers.get("x-deviceclouds-problems", "").isprintable()
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    "body",
    [
        b"--b--",
        b"--b--\r\n",
        b"--b\r\n\r\n\r\n--b--",
        b"--b\r\nContent-Disposition: form-data; name=\xff\r\n\r\n\r\n--b--",
        b'--b\r\nContent-Disposition: form-data; name=""\r\n\r\n\r\n--b--\r\n',
        b"--b\r\nContent-Disposition: attachment\r\n\r\n\r\n--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="a\r\nX: y"\r\n\r\nz\r\n--b--\r\n',
        b'--b\r\nContent-Disposition: form-data; name="type_code"\r\n\r\n\xff\r\n--b--\r\n',
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 3000,
        b"--b\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\nx\r\n--b--\r\n",
        b"--b\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\nx\r\n--b--\r\n",
    ],
)
@pytest.mark.parametrize("kind", ["b", '"b"', "b; charset=x", "", "\u00ff", "b" * 1000])
def test_hostile_multipart(body: bytes, kind: str, client: httpx2.Client) -> None:
    headers = {**TOKEN, "Content-Type": f"multipart/form-data; boundary={kind}".encode("latin-1")}
    reply = client.post("/aitrios/api/v2/files", content=body, headers=headers)  # type: ignore[arg-type]
    assert reply.status_code == 400


def raw_request(
    path: bytes, query: bytes = b"", headers: list[tuple[bytes, bytes]] | None = None
) -> tuple[int, dict[bytes, bytes]]:
    """Calls the application with bytes that no HTTP library would send."""
    replies: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def reply(message: object) -> None:
        assert isinstance(message, dict)
        replies.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": query,
        "headers": headers or [(b"authorization", b"Bearer demo")],
        "root_path": "",
        "http_version": "1.1",
        "scheme": "http",
    }

    async def run() -> None:
        await create_app()(scope, receive, reply)

    asyncio.run(run())
    start = replies[0]
    return start["status"], dict(start["headers"])  # type: ignore[call-overload, return-value]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (b"/viziosense/api/v1/devices", b"page=%", 400),
        (b"/viziosense/api/v1/devices", b"%ff=%ff", 400),
        (b"/viziosense/api/v1/devices", b"\xff=\xfe&page=\x00", 400),
        (b"/viziosense/api/v1/devices", b"a" * 100_000, 400),
        (b"/viziosense/api/v1/devices", b"&".join(b"a%d=1" % i for i in range(10_000)), 400),
        (b"/viziosense/api/v1/devices", b"=&=&&&", 400),
        (b"/viziosense/api/v1/devices", b"x%0d%0aSet-Cookie:%20a=b", 400),
        (b"/viziosense/api/v1/devices/..", b"", 404),
        (b"/viziosense/api/v1/devices/%2e%2e", b"", 404),
        (b"/viziosense/api/v1/../../amnimo/ex/", b"", 404),
        (b"/viziosense/api/v1/devices/%", b"", 400),
        (b"/viziosense/api/v1/devices/%ff", b"", 400),
        (b"/viziosense/api/v1/devices/\xff\xfe", b"", 200),
        (b"/viziosense/api/v1/devices/a#b", b"", 200),
        (b"/viziosense/api/v1/devices/a%0ab", b"", 200),
        (b"/viziosense/api/v1/" + b"a/" * 10_000, b"", 404),
        (b"//viziosense/api/v1/devices", b"", 404),
    ],
)
def test_hostile_urls(path: bytes, query: bytes, status: int) -> None:
    found, headers = raw_request(path, query)
    assert found == status
    assert all(b"\n" not in value and b"\r" not in value for value in headers.values())


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"authorization", b"\xff\xff")],
        [(b"authorization", b"Bearer " + b"x" * 100_000)],
        [(b"authorization", b"Basic ====")],
        [(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")],
        [(b"content-length", b"-5"), (b"authorization", b"")],
        [(b"content-length", b"\xb2"), (b"authorization", b"")],
    ],
)
def test_hostile_headers(headers: list[tuple[bytes, bytes]]) -> None:
    assert raw_request(b"/viziosense/api/v1/devices", headers=headers)[0] in (200, 400)


@pytest.mark.parametrize("length", [MAX_BODY + 1, 10**30])
def test_announced_body_is_too_large(length: int) -> None:
    headers = [(b"content-length", str(length).encode())]
    assert raw_request(b"/viziosense/api/v1/devices", headers=headers)[0] == 413


def test_streamed_body_is_too_large(journal: Journal) -> None:
    chunk = bytes(10 * 1024 * 1024)
    sent = []

    def chunks() -> Iterator[bytes]:
        for _ in range(12):
            sent.append(len(chunk))
            yield chunk

    # The bridge reads a body before it sends; so call the application itself.
    async def post() -> int:
        async def body() -> object:
            for part in chunks():
                yield part

        transport = httpx2.ASGITransport(app=create_app(journal=journal))
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as found:
            reply = await found.post("/aitrios/api/v2/files", content=body(), headers=TOKEN)  # type: ignore[arg-type]
            return reply.status_code

    assert asyncio.run(post()) == 413
    assert sum(sent) <= MAX_BODY + len(chunk)
    assert journal.entries[0].problems[0].rule == "size"
