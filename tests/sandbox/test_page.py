"""The page without a browser: it parses, can be used by everybody, and its forms do what they say."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from deviceclouds.testing import MOUNTS, JournalEntry, Sandbox

from .page_reader import Node, faults_of, read, sent_by
from .raw_http import raw_http

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HOSTILE = "/<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(size=0.05) as made:
        yield made


@pytest.fixture
def web(sandbox: Sandbox) -> Iterator[httpx2.Client]:
    with raw_http(sandbox) as client:
        yield client


def page(web: httpx2.Client, path: str = "/") -> Node:
    reply = web.get(path)
    assert reply.status_code == 200, reply.text
    return read(reply.text)


def press(web: httpx2.Client, action: str, label: str, **typed: str) -> httpx2.Response:
    """Sends a form of the page as a browser without scripts does."""
    document = page(web)
    form = document.all("form", action=action)[0]
    button = next(b for b in form.all("button") if b.text == label)
    fields = sent_by(form, button)
    assert typed.keys() <= {n.attributes.get("name") for n in form.walk()}, (
        "the form has no such field"
    )
    assert form.attributes["method"] == "post"
    return web.post(action, data={**fields, **typed})


def done(web: httpx2.Client, reply: httpx2.Response, panel: str) -> str:
    """Follows the redirect after a form; gives what the panel says."""
    assert reply.status_code == 303, reply.text
    target = urlsplit(reply.headers["location"])
    assert (target.scheme, target.netloc, target.path, target.fragment) == ("", "", "/", panel)
    document = page(web, f"/?{target.query}")
    (said,) = [
        n for n in document.by_id(panel).all(role="status") if "said" in n.attributes["class"]
    ]
    assert document.all("title")[0].text.startswith(said.text)
    return said.text


def refused(reply: httpx2.Response, panel: str, name: str) -> Node:
    """The page that comes back for a form with a mistake: the field is marked, its message belongs to it."""
    assert reply.status_code == 400
    document = read(reply.text)
    assert not faults_of(document)
    assert document.all("title")[0].text.startswith("Not done")
    (marked,) = document.by_id(panel).all(**{"aria-invalid": "true"})
    assert marked.attributes["name"] == name
    (message,) = document.all(role="alert")
    assert message.attributes["id"] == marked.attributes["aria-describedby"]
    assert message.text
    return marked


PATHS = [
    "/",
    "/?done=reset",
    "/?done=revoked&n=3",
    *(f"/reference/{vendor}" for vendor in MOUNTS),
    "/reference/aitrios?q=GetDevices",
    "/reference/amnimo?q=nothing-has-this-name",
    "/reference/scailable?status=unverified&tag=function",
]


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_sound(web: httpx2.Client, sandbox: Sandbox, path: str) -> None:
    sandbox.fail("amnimo", "list_cameras", kind="html", status=502)
    web.get("/aitrios/api/v2/devices", headers={"Authorization": "Bearer demo"})
    web.get("/aitrios/api/v2/devices?limit=none")
    web.get("/proglove/nothing")
    sandbox.world.own_problems.append(("aitrios", "GetDevices", "body/x: is missing"))
    assert not faults_of(page(web, path))


@pytest.mark.parametrize("path", ["/", "/reference/aitrios", "/reference/nobody"])
def test_headers(web: httpx2.Client, path: str) -> None:
    headers = web.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "text/html; charset=utf-8"


def test_nothing_is_loaded_from_elsewhere(web: httpx2.Client) -> None:
    document = page(web)
    links = {n.attributes["href"] for n in document.all("link")}
    files = links | {n.attributes["src"] for n in document.all("script", "img")}
    assert {urlsplit(f).path.rpartition(".")[2] for f in files} == {"css", "js", "svg"}
    for file in files:
        reply = web.get(file)
        assert reply.status_code == 200
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "immutable" in reply.headers["cache-control"]
        text = reply.text.replace("http://www.w3.org/2000/svg", "")
        assert not any(word in text for word in ("http:", "https:", "url(", "@import", "eval("))
    assert web.get("/_sandbox/assets/..%2frouting.py").status_code == 404
    assert web.get("/_sandbox/assets/page.py").status_code == 404


def test_every_link_of_the_page_leads_somewhere(web: httpx2.Client) -> None:
    web.get("/viziosense/api/v1/devices")
    targets = {n.attributes["href"] for n in page(web).all("a") if "href" in n.attributes}
    assert any("?q=list_devices" in target for target in targets)
    for target in targets:
        assert web.get(target.partition("#")[0] or "/").status_code == 200, target


def test_fleets_at_a_glance(web: httpx2.Client, sandbox: Sandbox) -> None:
    cards = page(web).all("li", **{"class": "panel card"})
    assert [card.all("h3")[0].text.lower() for card in cards] == list(sandbox.vendors)
    for vendor, card in zip(sandbox.vendors, cards, strict=True):
        shown = {d.all("dt")[0].text: d.all("dd")[0].text for d in card.all("div") if d.all("dt")}
        fleet = sandbox.clouds[vendor].fleet()
        assert fleet
        assert shown == {word: f"{number:,}" for word, number in fleet.items()}


def test_a_sandbox_without_state_has_a_page_too() -> None:
    with Sandbox(["viziosense"], stateful=False) as sandbox, raw_http(sandbox) as web:
        document = page(web)
        assert not faults_of(document)
        assert "One stand-in that answers" in document.text
        assert web.get("/reference/aitrios").status_code == 404


def test_calls_are_listed_newest_first(web: httpx2.Client, sandbox: Sandbox) -> None:
    assert not page(web).all("table")[0].all("tbody")[0].all("tr")
    web.get("/aitrios/api/v2/devices", headers={"Authorization": "Bearer demo"})
    sandbox.fail("viziosense", kind="status", status=500)
    web.get("/viziosense/api/v1/devices?sort=secret-word", headers={"Authorization": "Bearer x"})
    web.get("/aitrios/api/v2/devices?limit=0", headers={"Authorization": "Bearer demo"})
    rows = page(web).all("table")[0].all("tbody")[0].all("tr")
    texts = [[cell.text for cell in row.all("td")] for row in rows]
    assert [text[1:5] for text in texts] == [
        ["aitrios", "GET /devices", "GetDevices", "400"],
        ["viziosense", "GET /devices", "list_devices", "500"],
        ["aitrios", "GET /devices", "GetDevices", "200"],
    ]
    assert "query.limit" in texts[0][5]
    assert texts[1][5] == "valid fault: status"
    assert texts[2][5] == "valid"
    assert "secret-word" not in web.get("/").text
    journal = web.get("/_sandbox/journal").json()
    assert [entry["number"] for entry in journal] == [1, 2, 3]


def test_what_others_sent_is_only_text(web: httpx2.Client, sandbox: Sandbox) -> None:
    sandbox.journal.add(
        JournalEntry("aitrios", HOSTILE, HOSTILE, HOSTILE, True, (), 404, HOSTILE, 0.0)
    )
    sandbox.journal.add(JournalEntry("aitrios", None, "GET", "/" + "a" * 60_000, True, (), 404))
    html = web.get("/").text
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert len(html) < 60_000
    document = read(html)
    assert not faults_of(document)
    (row,) = [r for r in document.all("tr") if "alert(1)" in r.text]
    assert [n.raw_text for n in row.all("code")] == [HOSTILE]
    assert parse_qs(urlsplit(row.all("a")[0].attributes["href"]).query) == {"q": [HOSTILE]}
    found = web.get("/reference/aitrios", params={"q": HOSTILE, "tag": HOSTILE, "status": HOSTILE})
    assert "<script>alert" not in found.text
    assert read(found.text).by_id("filter-q").attributes["value"] == HOSTILE
    sandbox.journal.clear()
    for query in ({"done": HOSTILE}, {"done": "revoked", "n": HOSTILE}):
        assert "alert(" not in web.get("/", params=query).text


def test_clock(web: httpx2.Client, sandbox: Sandbox) -> None:
    clock = sandbox.clock
    assert (
        done(web, press(web, "/_sandbox/ui/clock", "Freeze"), "clock") == "The clock stands still."
    )
    for label, seconds in (("+1 min", 60), ("+1 h", 3600), ("+2 h", 7200)):
        before = clock.now()
        assert (
            done(web, press(web, "/_sandbox/ui/clock", label), "clock") == "The clock went forward."
        )
        assert clock.now() - before == seconds
    assert clock.frozen
    done(web, press(web, "/_sandbox/ui/clock", "Run"), "clock")
    assert not clock.frozen
    assert web.post("/_sandbox/ui/clock", data={"advance": "-1"}).status_code == 400
    ten_years = {"advance": str(10 * 366 * 86400)}
    last = [web.post("/_sandbox/ui/clock", data=ten_years) for _ in range(20)][-1]
    assert last.status_code == 400
    assert "2200" in read(last.text).by_id("clock").text
    assert web.post("/_sandbox/clock", json={"advance": 10 * 366 * 86400}).status_code == 400


def test_faults(web: httpx2.Client, sandbox: Sandbox) -> None:
    said = done(
        web,
        press(
            web, "/_sandbox/ui/faults", "Add fault",
            vendor="viziosense", operation="list_devices", status="502", times="2", retry_after="7",
        ),
        "faults",
    )  # fmt: skip
    assert said == "The fault is set."
    shown = page(web).by_id("faults").all("li")[0].text
    assert (
        shown
        == "VizioSense, list_devices: error, vendor's shape, status 502; Retry-After 7 s; 2 more"
    )
    replies = [
        web.get("/viziosense/api/v1/devices", headers={"Authorization": "Bearer demo"})
        for _ in range(3)
    ]
    assert [reply.status_code for reply in replies] == [502, 502, 200]
    assert replies[0].headers["retry-after"] == "7"
    assert not sandbox.world.faults.rules

    press(
        web, "/_sandbox/ui/faults", "Add fault", kind="latency", latency="0.5", times="", share="50"
    )
    (rule,) = sandbox.world.faults.rules
    assert (rule.vendor, rule.operation, rule.kind) == ("*", "*", "latency")
    assert (rule.latency, rule.times, rule.probability, rule.retry_after) == (0.5, None, 0.5, None)
    assert done(web, press(web, "/_sandbox/ui/faults/clear", "Clear all faults"), "faults")
    assert not sandbox.world.faults.rules


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vendor", "nobody"),
        ("operation", "GetNothing"),
        ("kind", "explosion"),
        ("status", "200"),
        ("status", "٥٠٣"),
        ("retry_after", "soon"),
        ("times", "0"),
        ("times", "1.5"),
        ("share", "nan"),
        ("share", "101"),
        ("latency", "601"),
        ("latency", "inf"),
    ],
)
def test_faults_with_mistakes(web: httpx2.Client, sandbox: Sandbox, name: str, value: str) -> None:
    reply = press(web, "/_sandbox/ui/faults", "Add fault", **{name: value})
    marked = refused(reply, "faults", name)
    assert not sandbox.world.faults.rules
    if marked.tag == "input":
        assert marked.attributes["value"] == value
    # What is hidden in a closed part of the page cannot be corrected.
    details = marked.inside("details")
    assert details is not None
    assert "open" in details.attributes


def test_an_operation_of_another_cloud(web: httpx2.Client) -> None:
    typed = {"vendor": "amnimo", "operation": "GetDevices"}
    refused(press(web, "/_sandbox/ui/faults", "Add fault", **typed), "faults", "operation")
    assert press(web, "/_sandbox/ui/faults", "Add fault", operation="GetDevices").status_code == 303


def test_tokens(web: httpx2.Client, sandbox: Sandbox) -> None:
    good = sandbox.world.tokens.issue("viziosense", None)
    other = sandbox.world.tokens.issue("amnimo", None)
    reply = press(web, "/_sandbox/ui/revoke", "Revoke tokens", vendor="viziosense")
    assert done(web, reply, "tokens") == "Tokens revoked: 1."
    assert sandbox.world.tokens.state("viziosense", good) == "unknown"
    assert sandbox.world.tokens.state("amnimo", other) == "good"
    assert sandbox.world.tokens.state("amnimo", "demo") == "good"
    reply = press(web, "/_sandbox/ui/revoke", "Revoke tokens", demo="yes")
    assert done(web, reply, "tokens") == "Tokens revoked: 1, and the static token demo."
    assert sandbox.world.tokens.state("amnimo", "demo") == "unknown"
    reply = web.post("/_sandbox/ui/revoke", data={"vendor": "nobody"})
    refused(reply, "tokens", "vendor")


def test_starting_over(web: httpx2.Client, sandbox: Sandbox) -> None:
    web.get("/viziosense/api/v1/devices")
    sandbox.clock.advance(86_400)
    late = sandbox.clock.now()
    reply = press(web, "/_sandbox/ui/reset", "Reset everything", seed="7", size="0.1")
    assert done(web, reply, "reset") == "Everything is as it was in the beginning."
    assert (sandbox.world.seed, sandbox.world.size, len(sandbox.journal)) == (7, 0.1, 0)
    assert sandbox.clock.now() < late
    for name, value in (("seed", "-1"), ("seed", "x"), ("size", "11"), ("size", "nan")):
        reply = press(web, "/_sandbox/ui/reset", "Reset everything", **{name: value})
        assert refused(reply, "reset", name).attributes["value"] == value
    assert (sandbox.world.seed, sandbox.world.size) == (7, 0.1)


def test_clearing_the_calls(web: httpx2.Client, sandbox: Sandbox) -> None:
    web.get("/viziosense/api/v1/devices")
    reply = press(web, "/_sandbox/ui/journal/clear", "Clear calls")
    assert done(web, reply, "calls") == "The list of calls is empty."
    assert not len(sandbox.journal)
    web.get("/viziosense/api/v1/devices")
    assert web.get("/_sandbox/journal").json()[0]["number"] == 2


def test_odd_forms(web: httpx2.Client, sandbox: Sandbox) -> None:
    assert web.post("/_sandbox/ui/nothing").status_code == 404
    assert web.get("/_sandbox/ui/reset").status_code in (404, 405)
    for content in (b"\xff\xfe=%ff", b"&".join(b"a=1" for _ in range(100)), b"x" * 100_000):
        reply = web.post("/_sandbox/ui/faults", content=content)
        assert reply.status_code in (303, 400)
        sandbox.world.faults.clear()
    large = web.post("/_sandbox/ui/reset", content=b"x" * 100_000)
    assert large.status_code == 400
    assert read(large.text).by_id("reset").all(role="alert")


def test_own_mistakes_are_told(web: httpx2.Client, sandbox: Sandbox) -> None:
    assert not page(web).all(id="own-title")
    sandbox.world.own_problems.append(("aitrios", "GetDevices", "body/x: is missing"))
    assert "aitrios.GetDevices: body/x: is missing" in page(web).text
