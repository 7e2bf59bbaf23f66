"""Other sites cannot use the page or the controls through somebody's browser."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx2
import pytest
from deviceclouds.testing import Sandbox

from .raw_http import raw_http

FORMS = {
    "/_sandbox/clock": b'{"advance": 60}',
    "/_sandbox/faults": b"{}",
    "/_sandbox/revoke": b"{}",
    "/_sandbox/reset": b"{}",
    "/_sandbox/ui/clock": b"advance=60",
    "/_sandbox/ui/faults": b"vendor=",
    "/_sandbox/ui/faults/clear": b"",
    "/_sandbox/ui/revoke": b"vendor=",
    "/_sandbox/ui/reset": b"seed=2",
    "/_sandbox/ui/journal/clear": b"",
}
READS = (
    "/",
    "/reference/aitrios",
    "/_sandbox/journal",
    "/_sandbox/state",
    "/_sandbox/assets/page.js",
)


class Served:
    """A sandbox over sockets: only there the address of a request is that of a machine."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.server = sandbox.serve()
        self.port = self.server.port
        self.web = httpx2.Client(base_url=self.server.url)

    def ask(self, method: str, path: str, content: bytes = b"", **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            named.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self.web.request(method, path, content=content, headers=named)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Sandbox(["aitrios", "viziosense"], size=0) as sandbox:
        sandbox.hosts.add("box.internal")
        made = Served(sandbox)
        yield made
        made.web.close()


GOOD_HOSTS = (
    "127.0.0.1", "127.0.0.1:{port}", "127.7.7.7:1", "localhost:{port}", "LOCALHOST", "localhost.", "a.localhost:80",
    "[::1]:{port}", "sandbox.test", "box.internal:{port}", "Box.Internal",
)  # fmt: skip
BAD_HOSTS = (
    "evil.example", "evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:127.0.0.1",
    "notlocalhost", "192.168.0.7", "[2001:db8::1]:{port}", "0.0.0.0", "sandbox.test.evil.example", "[", "",
)  # fmt: skip


@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_own_names(served: Served, host: str) -> None:
    for path in READS:
        assert served.ask("GET", path, host=host.format(port=served.port)).status_code == 200


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_foreign_names(served: Served, host: str) -> None:
    before = served.sandbox.world
    for path in READS:
        reply = served.ask("GET", path, host=host.format(port=served.port))
        # Some of them are no host at all: the server refuses those by itself.
        assert reply.status_code in (400, 403), path
    for path, content in FORMS.items():
        reply = served.ask("POST", path, content, host=host.format(port=served.port))
        assert reply.status_code in (400, 403), path
    for path in ("/_sandbox/faults", "/_sandbox/journal"):
        assert served.ask("DELETE", path, host=host.format(port=served.port)).status_code in (
            400,
            403,
        )
    assert served.sandbox.world is before
    assert not before.faults.rules


def test_the_message_names_the_remedy(served: Served) -> None:
    reply = served.ask("GET", "/", host="evil.example")
    assert reply.headers["content-type"] == "application/json"
    assert "--allow-host" in reply.json()["error"]
    assert "evil.example" not in reply.text


@pytest.mark.parametrize("path", FORMS)
def test_foreign_origins(served: Served, path: str) -> None:
    before, now = served.sandbox.world, served.sandbox.clock.now()
    own = served.server.url
    foreign = [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": f"http://127.0.0.1:{served.port + 1}"},
        {"origin": f"http://localhost:{served.port}"},
        {"origin": f"{own}.evil.example"},
        {"origin": "http://["},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": own, "sec_fetch_site": "cross-site"},
    ]
    for headers in foreign:
        reply = served.ask("POST", path, FORMS[path], **headers)
        assert reply.status_code == 403, headers
    assert served.sandbox.world is before
    assert served.sandbox.clock.now() - now < 60


@pytest.mark.parametrize("path", FORMS)
def test_own_origin_and_programs(served: Served, path: str) -> None:
    own = served.server.url
    for headers in (
        {},
        {"origin": own},
        {"origin": own, "sec_fetch_site": "same-origin"},
        {"origin": own.upper()},
        {"sec_fetch_site": "none"},
        {"origin": f"http://localhost:{served.port}", "host": f"localhost:{served.port}"},
    ):
        reply = served.ask("POST", path, FORMS[path], **headers)
        assert reply.status_code in (200, 303), (headers, reply.text)
    served.sandbox.world.faults.clear()


def test_clouds_take_any_host(served: Served) -> None:
    reply = served.ask(
        "GET", "/viziosense/api/v1/devices", host="clouds.internal", authorization="Bearer demo"
    )
    assert reply.status_code == 200


def test_a_request_without_host(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), 10) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.recv(4096).split(b" ")[1] == b"403"


def test_inside_the_process_the_name_does_not_matter() -> None:
    with Sandbox(["viziosense"], size=0) as sandbox, raw_http(sandbox) as web:
        assert web.get("http://whatever.example/_sandbox/state").status_code == 200


def test_the_address_the_server_was_told_to_listen_at() -> None:
    with Sandbox(["viziosense"], size=0) as sandbox, sandbox.serve(host="localhost") as server:
        assert "localhost" in sandbox.hosts
        assert httpx2.get(f"http://127.0.0.1:{server.port}/").status_code == 200


def test_stored_files_cannot_act_as_pages_of_ours(served: Served) -> None:
    storage = served.sandbox.world.storage
    storage.keep("viziosense/x", b"<script>alert(1)</script>", "text/html")
    reply = served.ask("GET", storage.sign("viziosense/x", 60))
    assert reply.status_code == 200
    assert reply.headers["content-security-policy"].startswith("sandbox; default-src 'none';")
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_bodies_are_limited_before_they_are_read(served: Served) -> None:
    reply = served.ask("POST", "/_sandbox/clock", b" " * 70_000)
    assert (reply.status_code, "larger than" in reply.text) == (400, True)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("reset", {"seed": [1]}),
        ("reset", {"seed": True}),
        ("reset", {"size": "large"}),
        ("reset", {"size": 11}),
        ("faults", {"retry_after": "soon"}),
        ("faults", {"retry_after": -1}),
        ("faults", {"times": 1.5}),
        ("faults", {"kind": []}),
        ("faults", {"operation": ["x"], "vendor": "aitrios"}),
        ("clock", {"advance": True}),
        ("clock", {"advance": 1e300}),
        ("revoke", {"vendor": ["aitrios"]}),
    ],
)
def test_wrong_values_change_nothing(served: Served, path: str, body: dict[str, object]) -> None:
    before = served.sandbox.world
    reply = served.web.post(f"/_sandbox/{path}", json=body)
    assert reply.status_code == 400
    assert reply.json()["error"]
    assert served.sandbox.world is before
    assert not before.faults.rules
    # What was refused is not in the way of what follows.
    assert served.web.post("/_sandbox/reset", json={}).status_code == 200
