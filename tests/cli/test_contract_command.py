"""``deviceclouds contract``: what it runs, shows and refuses."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from deviceclouds.cli._contract.table import Table
from deviceclouds.testing.contract import ContractRunError
from rich.console import Console

from tests.contract.made_reports import NASTY, finding, made_report, proposal, result

from .contract_runs import fake_offline, nothing_runs, refused, run
from .contract_streams import FULL, GONE, Full, Terminal, into
from .test_sandbox_command import ROOT, without

__all__ = ["nothing_runs"]


def test_a_client_against_its_specification() -> None:
    done = run("viziosense", "--examples", "1")
    assert (done.exit_code, done.stderr) == (0, "")
    first, *lines = done.stdout.splitlines()
    assert first == "viziosense 1.0.0: client against specification and sandbox"
    assert re.search(r"^  ok +devices\.get_device +200 +\d+ calls +inferred$", done.stdout, re.M)
    assert any(line.startswith("8 operations: 8 keep to it; 0 notes") for line in lines)
    assert "\x1b" not in done.stdout


def test_only_some_operations() -> None:
    for name in ("get_device", "devices.get_device"):
        done = run("viziosense", "--only", name, "--examples", "0")
        assert done.exit_code == 0
        assert re.search(r"^  ok +devices\.get_device", done.stdout, re.M)
        assert "  7 skipped: not asked for" in done.stdout


@pytest.mark.parametrize("mode", [(), ("--live", "--plan")], ids=["offline", "plan"])
def test_an_unknown_operation_is_told_with_what_is_like_it(mode: tuple[str, ...]) -> None:
    said = refused(run("viziosense", *mode, "--only", "get_devise"))
    assert "viziosense has no operation 'get_devise'; did you mean get_device" in said


def test_all_that_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_offline(monkeypatch)
    done = run()
    assert (done.exit_code, done.stderr) == (0, "")
    assert re.search(r"^cloud +total +ok +differs", done.stdout)
    for vendor in ("aitrios", "amnimo", "proglove", "scailable", "viziosense"):
        assert re.search(rf"^{vendor} +1 +1 +0", done.stdout, re.M)
    assert "All keep to their specifications." in done.stdout
    assert "manage_devices.get_devices" not in done.stdout
    assert "manage_devices.get_devices" in run("--verbose").stdout


def test_of_several_only_what_differs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = made_report(result("wrong", "differs", findings=(finding(),)), result(), vendor="amnimo")
    fake_offline(monkeypatch, amnimo=bad)
    done = run("amnimo", "viziosense")
    assert done.exit_code == 1
    assert "             body/devices/0/id: is not a string (schema)" in done.stdout
    assert "get_devices" not in done.stdout
    assert "All keep" not in done.stdout


def test_strict(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = made_report(result(findings=(finding("undocumented-field", "body/x"),)))
    fake_offline(monkeypatch, aitrios=noted)
    done = run("aitrios")
    assert done.exit_code == 0
    assert "note body/x: is not a string (undocumented-field)" in done.stdout
    assert run("aitrios", "--strict").exit_code == 1


def test_proposals_can_be_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_offline(monkeypatch, aitrios=made_report(proposals=(proposal(),)))
    text = run("aitrios").stdout
    assert "get_devices: unverified -> corroborated\n" + proposal().yaml in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--live",), "--live is for one cloud and the command names no cloud"),
        (("amnimo", "aitrios", "--live"), "--live is for one cloud and the command names 2"),
        (("--plan",), "--plan is for one cloud"),
        (("--spec", "x.yaml"), "--spec is for one cloud"),
        (("--replay", "x.har"), "--replay is for one cloud"),
        (("amnimo", "--replay", "x.har", "--live"), "--replay reads recorded traffic and --live"),
        (("amnimo", "--replay", "x.har", "--plan"), "--replay reads recorded traffic and --plan"),
        (("amnimo", "--record", "x.har"), "--record means nothing to the check of the client"),
        (("amnimo", "--path", "x=/y"), "--path means nothing to the check of the client"),
        (("amnimo", "--replay", "x.har", "--path", "x=/y"), "--path means nothing to --replay"),
        (("amnimo", "--allow-writes", "x"), "--allow-writes means nothing to the check"),
        (("amnimo", "--rate", "1"), "--rate means nothing to the check of the client"),
        (("amnimo", "--base-url", "http://x"), "--base-url means nothing to the check"),
        (("amnimo", "--live", "--examples", "3"), "--examples means nothing to --live; leave"),
        (("amnimo", "--live", "--seed", "0"), "--seed means nothing to --live; leave"),
        (("amnimo", "--plan", "--record", "x"), "--record means nothing to --plan, which sends"),
        (("amnimo", "--plan", "--junit", "x"), "--junit means nothing to --plan, which sends"),
        (("amnimo", "--replay", "x", "--only", "a"), "--only means nothing to --replay, which"),
        (("amnimo", "--junit", "-", "--json", "-"), "--junit and --json cannot both go to"),
        (("amnimo", "--live", "--record", "-"), "--record needs the name of a file"),
    ],
)
@pytest.mark.usefixtures("nothing_runs")
def test_contradictions(arguments: tuple[str, ...], words: str) -> None:
    assert words in refused(run(*arguments))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody",), "nobody"),
        (("amnimo", "--rate", "0"), "rate"),
        (("amnimo", "--samples", "0"), "samples"),
        (("amnimo", "--examples", "-1"), "examples"),
        (("amnimo", "--colour"), "colour"),
    ],
)
def test_wrong_words(arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr


@pytest.mark.parametrize("option", ["--json", "--junit", "--markdown"])
def test_standard_output(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_offline(monkeypatch)
    done = run("aitrios", option, "-")
    assert done.exit_code == 0
    assert done.stdout[:4] in ("{\n  ", "<?xm", "### ")
    assert "1 operation: 1 keeps to it" in done.stderr


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_only_a_terminal_is_shown_how_far_it_is(
    stream: type[io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The log of a CI that wants colours is none.
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    fake_offline(monkeypatch)
    status, said = into(io.StringIO(), monkeypatch, "viziosense", told=stream())
    assert status == 0
    assert bool(said) is (stream is Terminal)


def test_interrupted_between_clouds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_offline(monkeypatch, amnimo=KeyboardInterrupt())
    data = tmp_path / "report.json"
    done = run("aitrios", "amnimo", "viziosense", "--json", data)
    assert done.exit_code == 130
    assert "amnimo: interrupted" in done.stderr
    first, second = json.loads(data.read_bytes())["reports"]
    assert (first["vendor"], first["exit_code"]) == ("aitrios", 0)
    assert (second["vendor"], second["exit_code"], len(second["results"])) == ("amnimo", 130, 19)


def test_worst_status_of_several(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = made_report(result("a", "unreachable"), vendor="amnimo")
    fake_offline(monkeypatch, amnimo=gone, aitrios=made_report(result("a", "refused")))
    assert run("amnimo", "viziosense").exit_code == 4
    assert run("amnimo", "aitrios").exit_code == 3
    fake_offline(monkeypatch, amnimo=gone, scailable=ContractRunError("cannot", 2))
    done = run("amnimo", "scailable")
    assert done.exit_code == 2
    assert "cannot" in done.stderr
    assert "amnimo" in done.stdout, "what was found before is shown"


def test_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_offline(monkeypatch, aitrios=RuntimeError("a fault"))
    done = run("aitrios")
    assert done.exit_code == 70
    assert done.stderr.endswith("please report it with the lines above.\n")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_names_of_a_cloud_do_no_harm(encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    console = Console(file=stream, force_terminal=True, no_color=True, width=60, highlight=False)
    nasty = finding(location=f"body/{NASTY}", message=NASTY)
    report = made_report(
        result("é", "differs", findings=(nasty,) * 3),
        result("b", "refused", reason=NASTY),
        remarks=(NASTY, "[bold]no markup[/]"),
        proposals=(proposal(yaml=NASTY),),
    )
    table = Table(console, strict=False, verbose=True)
    table.show([report, report], [0.1, 0.2])
    stream.flush()
    text = re.sub(r"\x1b\[[0-9;]*m", "", raw.getvalue().decode(encoding))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    assert "[bold]no markup[/]" in text
    assert max(map(len, text.splitlines())) < 600


def test_who_stops_reading_is_no_difference(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_offline(monkeypatch)
    report = tmp_path / "report.json"
    done = into(Full(GONE), monkeypatch, "aitrios", "--json", str(report))
    assert done == (0, "")
    assert json.loads(report.read_text())["exit_code"] == 0
    assert into(Full(GONE, 3), monkeypatch, "viziosense", "--live", "--plan") == (0, "")


def test_a_screen_that_cannot_be_written_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_offline(monkeypatch)
    report = tmp_path / "report.json"
    status, said = into(Full(FULL), monkeypatch, "aitrios", "--json", str(report))
    assert status == 2
    assert said == "Nothing can be written to standard output any more (No space left on device).\n"
    assert report.exists()


def test_interrupted_while_it_shows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_offline(monkeypatch)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Table, "show", interrupt)
    report = tmp_path / "report.json"
    done = run("aitrios", "--json", report)
    assert done.exit_code == 130
    assert json.loads(report.read_text())["exit_code"] == 0


def test_without_parts() -> None:
    done = without("deviceclouds.testing", "contract")
    assert (done.returncode, done.stdout) == (2, "")
    assert "extra [contract]" in done.stderr
    assert not re.search(r"pip install (?!dist/)", done.stderr), "a bare name could be anybody's"
    done = without("deviceclouds.viziosense", "contract", "viziosense")
    assert (done.returncode, done.stdout) == (2, "")
    assert "extra [viziosense]" in done.stderr
    assert "dist/deviceclouds_viziosense-0.1.0-py3-none-any.whl" in done.stderr


def test_without_schemathesis() -> None:
    done = without("schemathesis", "contract", "viziosense")
    assert done.returncode == 0, done.stderr
    assert "[contract]" in done.stdout


def test_help() -> None:
    text = run("--help").stdout
    options = set(re.findall(r"--[a-z-]+", text)) - {"--help"}
    assert len(options) >= 19
    readme = (ROOT / "overlays" / "cli" / "README.md").read_text(encoding="utf-8")
    assert [option for option in sorted(options) if f"`{option}" not in readme] == []
    assert "8 unless told" in text
    plain = " ".join(re.sub("[│╭╮╰╯─]", " ", text).split())
    assert "Exit status: 0 it keeps to the specification, 1 it differs" in plain
    for part in ("70 a fault of this program", "130 interrupted"):
        assert part in plain
        assert part in " ".join(readme.split())


def test_the_command_is_light() -> None:
    script = "import sys; from deviceclouds.cli._app import app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded: Any = set(done.stdout.split())
    assert not {"deviceclouds.testing", "httpx2", "jsonschema_rs", "schemathesis"} & loaded
