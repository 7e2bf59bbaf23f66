"""The page in a real Chromium: looks, scripts, keyboard, and what it does with scripts switched off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from deviceclouds.testing import JournalEntry, Sandbox

from .browser import Browser, find_chromium

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine")

DESKTOP, PHONE, SMALL = (1280, 900), (390, 844), (360, 740)
PAGES = ("/", "/reference/viziosense", "/reference/viziosense?q=update_webhook")
# Time-outs of the page are over twenty times as fast, and its clock is the test's: nobody waits here.
HURRY = (
    "const slow = setTimeout; window.setTimeout = (act, delay) => slow(act, delay / 20);"
    " window.now = 1e12; Date.now = () => window.now"
)
# What a row shows, without its time.
ROW = (
    "[...document.querySelectorAll('[data-journal] tbody tr')[{}].querySelectorAll('*:not(time)')].map((n) =>"
    " [n.tagName, n.className, n.role, n.hidden, n.dataset.slot, n.getAttribute('href'),"
    " n.querySelector('time') ? '' : n.textContent.trim()])"
)
HOSTILE = "/<img src=x onerror=document.title='broken'><script>document.title='broken'</script>"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    # A clock that runs lets the sandbox send webhooks, which are rows too.
    with Sandbox(size=0.05, frozen=True) as made:
        made.serve()
        yield made


@pytest.fixture(scope="module")
def address(sandbox: Sandbox) -> str:
    return sandbox._servers[0].url


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = find_chromium()
    assert program is not None
    with Browser(program, tmp_path_factory.mktemp("chromium")) as made:
        made.send("Page.addScriptToEvaluateOnNewDocument", source=HURRY)
        yield made


@pytest.fixture
def browser(shared: Browser, sandbox: Sandbox) -> Iterator[Browser]:
    sandbox.reset()
    shared.scripts(True)
    shared.screen(*DESKTOP)
    shared.open("about:blank")
    shared.events.clear()
    yield shared
    assert not shared.complaints()


def call(address: str, path: str = "/viziosense/api/v1/devices") -> None:
    httpx2.get(address + path, headers={"Authorization": "Bearer demo"})


def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: a folder of the environment, for people who want to look at them."""
    folder = Path(os.environ.get("SANDBOX_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("screen", [DESKTOP, PHONE, SMALL], ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("path", PAGES)
def test_looks(
    browser: Browser,
    sandbox: Sandbox,
    address: str,
    tmp_path: Path,
    path: str,
    screen: tuple[int, int],
    dark: bool,
) -> None:
    call(address)
    call(address, "/aitrios/api/v2/devices?limit=none")
    call(address, "/scailable/cpt/" + "long-" * 40)
    sandbox.fail("amnimo", "list_cameras", times=2)
    browser.screen(*screen, dark=dark)
    browser.open(address + path)
    wide = browser.run("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1] == screen[0], "the page is wider than the screen"
    name = f"{path.strip('/').replace('/', '-').replace('?q=', '-') or 'overview'}-{screen[0]}x{screen[1]}"
    picture = pictures(tmp_path) / f"{name}{'-dark' if dark else ''}.png"
    browser.picture(picture)
    assert picture.stat().st_size > 10_000
    assert {url.partition("?")[0].removeprefix(address).split("/")[1] for url in browser.asked()} <= {
        "", "_sandbox", "reference",
    }  # fmt: skip
    assert all(url.startswith(address) for url in browser.asked())


def test_calls_appear_by_themselves(browser: Browser, sandbox: Sandbox, address: str) -> None:
    call(address)
    browser.open(f"{address}/")
    rows = "document.querySelectorAll('[data-journal] tbody tr').length"
    assert browser.run(rows) == 1
    made_there = browser.run(ROW.format(0))
    browser.run("document.querySelector('[data-journal] tbody').id = 'kept'")
    call(address)
    sandbox.journal.add(
        JournalEntry("aitrios", HOSTILE, "GET", HOSTILE, False, (), 404, HOSTILE, 0.0)
    )
    assert browser.until(f"{rows} === 3")
    assert browser.run("document.querySelector('#kept code').textContent") == HOSTILE
    assert browser.run("document.querySelectorAll('#kept img, #kept script').length") == 0
    assert "broken" not in browser.run("document.title")
    # A row made by the script is the row the server would have made.
    assert browser.run(ROW.format(1)) == made_there == browser.run(ROW.format(2))

    browser.click("[data-pause]")
    assert (
        browser.run("document.querySelector('[data-pause]').getAttribute('aria-pressed')") == "true"
    )
    assert browser.run("document.querySelector('[data-live]').textContent") == "paused"
    browser.forget("Network.requestWillBeSent")
    call(address)
    browser.run("new Promise((done) => setTimeout(done, 3 * 2000))")
    assert not browser.asked()
    assert browser.run(rows) == 3
    browser.click("[data-pause]")
    assert browser.until(f"{rows} === 4")

    sandbox.clock.advance(86_400 * 365)
    year = str(sandbox.clock.datetime().year)
    assert browser.until(f"document.querySelector('[data-clock]').textContent.startsWith('{year}')")
    sandbox.reset()
    assert browser.until(f"{rows} === 0 && !document.querySelector('[data-empty]').hidden")


def test_new_calls_are_told(browser: Browser, sandbox: Sandbox, address: str) -> None:
    """To screen readers, at most every ten seconds, and none is forgotten."""
    browser.open(f"{address}/")
    rows = "document.querySelectorAll('[data-journal] tbody tr').length"
    news = "document.querySelector('[data-news]').textContent"
    # One look has to find both, so nothing may be looked for between them.
    browser.click("[data-pause]")
    call(address)
    sandbox.journal.add(JournalEntry("aitrios", None, "GET", "/2", False, (), 404))
    browser.click("[data-pause]")
    assert browser.until(f"{rows} === 2")
    told = browser.run(news)
    assert told == "2 new calls, the last: aitrios GET, status 404"
    browser.run("window.now += 9_000")
    call(address)
    assert browser.until(f"{rows} === 3")
    assert browser.run(news) == told
    browser.run("window.now += 1_000")
    assert browser.until(f"{news} === '1 new call, the last: viziosense list_devices, status 200'")


def test_the_list_keeps_its_length(browser: Browser, sandbox: Sandbox, address: str) -> None:
    browser.open(f"{address}/")
    for number in range(120):
        sandbox.journal.add(JournalEntry("aitrios", None, "GET", f"/{number}", False, (), 404))
    first = "document.querySelector('[data-journal] code')?.textContent"
    assert browser.until(f"{first} === '/119'")
    assert browser.run("document.querySelectorAll('[data-journal] tbody tr').length") == 50


def test_programs_are_copied(browser: Browser, address: str) -> None:
    both = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    browser.send("Browser.grantPermissions", origin=address, permissions=both)
    browser.open(f"{address}/")
    browser.click("[data-copy='code-aitrios-sync']")
    assert browser.until("document.querySelector('[data-copied]').textContent") == "Copied."
    code = browser.run("document.getElementById('code-aitrios-sync').textContent")
    assert browser.run("navigator.clipboard.readText()") == code


def test_a_form_with_the_mouse(browser: Browser, sandbox: Sandbox, address: str) -> None:
    """Also sees that forms pass our own check of their origin, in a browser that sends what browsers send."""
    browser.open(f"{address}/")
    before = sandbox.clock.now()
    browser.click("button[value='7200']")
    browser.wait_for("Page.loadEventFired")
    assert (
        browser.until("document.querySelector('#clock .said')?.textContent")
        == "The clock went forward."
    )
    assert sandbox.clock.now() - before >= 7200


def test_without_scripts(browser: Browser, sandbox: Sandbox, address: str) -> None:
    browser.scripts(False)
    call(address)
    browser.open(f"{address}/")
    # Nothing that needs a script is shown, and nothing is missing.
    hidden = "[...document.querySelectorAll('[data-pause], [data-copy], [data-live]')].every((n) => n.hidden)"
    browser.click("#faults summary")
    browser.click("#faults .fields button")
    browser.wait_for("Page.loadEventFired")
    assert len(sandbox.world.faults.rules) == 1
    browser.click("#faults form button")
    browser.wait_for("Page.loadEventFired")
    assert not sandbox.world.faults.rules
    assert browser.run("document.querySelectorAll('[data-journal] tbody tr').length") == 1
    assert browser.run(hidden)
    assert not browser.run("document.querySelector('[data-reload]').hidden")


def test_with_the_keyboard(browser: Browser, address: str) -> None:
    call(address)
    browser.open(f"{address}/")
    browser.key("Tab", 9)
    assert browser.run("document.activeElement.textContent") == "Skip to content"
    assert browser.run("document.activeElement.getBoundingClientRect().top") >= 0
    browser.key("Enter", 13, "\r")
    assert browser.until("document.activeElement.id === 'content'")
    reached = []
    for _ in range(80):
        browser.key("Tab", 9)
        found = browser.run(
            "(() => { const n = document.activeElement, s = getComputedStyle(n);"
            " return [n.tagName, (n.textContent || n.name || n.ariaLabel).trim().slice(0, 30), s.outlineStyle,"
            " n.getBoundingClientRect().width] })()"
        )
        if found[0] == "BODY":
            break
        reached.append(found)
    words = {word for _, word, _, _ in reached}
    assert {"Pause", "Clear calls", "+1 min", "Add a fault", "seed", "Reset everything"} <= words
    assert all(outline != "none" for _, _, outline, _ in reached)
    assert all(width > 0 for *_, width in reached)


def test_names_for_screen_readers(browser: Browser, address: str) -> None:
    call(address)
    for screen in (DESKTOP, PHONE):
        browser.screen(*screen)
        browser.open(f"{address}/")
        nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
        seen = [n for n in nodes if not n.get("ignored")]
        by_role: dict[str, list[str]] = {}
        for node in seen:
            role = node["role"]["value"]
            by_role.setdefault(role, []).append(node.get("name", {}).get("value", ""))
        for role in (
            "button",
            "link",
            "textbox",
            "combobox",
            "spinbutton",
            "checkbox",
            "table",
            "navigation",
        ):
            assert all(by_role.get(role, ())), (role, by_role.get(role))
        for role in ("banner", "navigation", "main", "contentinfo"):
            assert len(by_role[role]) == 1, role
        # A call stays a row of cells, also where phones lay it out as a block.
        assert len(by_role["row"]) == 2
        assert len(by_role["columnheader"]) == 6
        assert len(by_role["cell"]) == 6
        assert {"Clock", "Faults", "Tokens", "Start over"} <= set(by_role["heading"])


def test_a_foreign_page_cannot_use_the_controls(
    browser: Browser, sandbox: Sandbox, address: str, tmp_path: Path
) -> None:
    page = tmp_path / "foreign.html"
    page.write_text(
        f'<form method="post" action="{address}/_sandbox/ui/reset"><input name="seed" value="9">'
        "<button>x</button></form>",
        encoding="utf-8",
    )
    browser.open(page.as_uri())
    browser.click("button")
    browser.wait_for("Page.loadEventFired")
    assert "another site" in browser.run("document.body.textContent")
    assert sandbox.world.seed == 1
    browser.events.clear()  # the browser's own word about status 403


def test_no_frame_and_no_inline_script(browser: Browser, address: str, tmp_path: Path) -> None:
    browser.open(f"{address}/")
    browser.run(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); document.body.setAttribute('style', 'color: red') })()"
    )
    assert browser.run("window.ran === undefined")
    # The policy works: these very complaints would fail the other tests.
    assert sum("Content Security Policy" in text for text in browser.complaints()) == 2
    page = tmp_path / "frame.html"
    page.write_text(f'<iframe src="{address}/"></iframe>', encoding="utf-8")
    browser.open(page.as_uri())
    assert any("frame-ancestors" in text for text in browser.complaints())
    browser.events.clear()
