"""``deviceclouds contract``: what it runs, shows, writes and refuses."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from deviceclouds.cli._app import app
from deviceclouds.cli._contract.table import Table
from deviceclouds.testing import Sandbox, load_spec
from deviceclouds.testing.contract import ContractRunError, Report
from deviceclouds.testing.contract.offline import run as offline_run
from rich.console import Console
from typer.testing import CliRunner, Result

from tests.contract.made_reports import NASTY, finding, made_report, proposal, result

from .test_sandbox_command import COMMAND, ROOT, environment, interruptible, without

SECRET = "planted-secret-7391"  # planted
VARIABLES = ("TOKEN", "EMAIL", "PASSWORD", "BASE_URL")


def run(*arguments: str | Path, **variables: str) -> Result:
    """The command in this process; only the credentials given are there."""
    env: dict[str, str | None] = {f"VIZIOSENSE_{name}": None for name in VARIABLES}
    runner = CliRunner(env={**env, "COLUMNS": "100", **variables})
    return runner.invoke(app, ["contract", *map(str, arguments)])


def refused(done: Result, status: int = 2) -> str:
    """The one message of a run that could not begin."""
    assert done.exit_code == status, done.output
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture
def cloud() -> Iterator[Sandbox]:
    # With a clock that stands still it sends no webhooks, and its journal holds calls only.
    with Sandbox(["viziosense"], size=0.05, rate_limits=False, frozen=True) as sandbox:
        yield sandbox


@pytest.fixture
def live(cloud: Sandbox) -> dict[str, str]:
    """Variables with which the command calls the sandbox."""
    server = cloud.serve()
    return {"VIZIOSENSE_TOKEN": "demo", "VIZIOSENSE_BASE_URL": server.base_url("viziosense")}


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("it should have been refused before")

    monkeypatch.setattr(offline_run, "run_offline", fail)


def fake_offline(monkeypatch: pytest.MonkeyPatch, **reports: Report | BaseException) -> None:
    """Lets the offline run give prepared reports, by vendor."""

    def given(vendor: str, **_: object) -> Report:
        found = reports.get(vendor, made_report(vendor=vendor, mode="offline"))
        if isinstance(found, BaseException):
            raise found
        return found

    monkeypatch.setattr(offline_run, "run_offline", given)


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


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("list_webhooks",), "--path 'list_webhooks' is not usable: write NAME=\"METHOD /path\""),
        (("list_webhooks=",), "is not usable: write NAME="),
        (("=/hooks",), "is not usable: write NAME="),
        (("list_webhooks=/a", "list_webhooks=/b"), "--path names list_webhooks twice"),
        (("list_webhooks=/a", "webhooks.list_webhooks=/b"), "is given two other paths"),
        (("list_hooks=/a",), "viziosense has no operation 'list_hooks'; did you mean"),
        (("list_webhooks=https://example.com/a",), "write '/path' or 'METHOD /path'"),
        (("list_webhooks=/devices",), "GET /devices is that of list_devices"),
        (("update_device=PATCH /devices/{device_uuid}",), "allow it as a write"),
    ],
)
def test_paths_that_cannot_be_tried(
    given: tuple[str, ...], words: str, cloud: Sandbox, live: dict[str, str]
) -> None:
    paths = [argument for path in given for argument in ("--path", path)]
    for mode in ((), ("--plan",)):
        assert words in refused(run("viziosense", "--live", *mode, *paths, **live))
    assert not len(cloud.journal)


def test_another_path_is_tried(cloud: Sandbox, live: dict[str, str], tmp_path: Path) -> None:
    path = ("--path", "webhooks.list_webhooks = get /hooks")
    planned = run("viziosense", "--live", "--plan", *path, **live)
    line = "GET /hooks  webhooks.list_webhooks; at a path that was given; the specification has GET /webhooks"
    assert planned.exit_code == 0
    assert line in planned.stdout
    report, record = tmp_path / "report.json", tmp_path / "traffic.har"
    files = ("--json", report, "--record", record)
    done = run("viziosense", "--live", "--rate", "100", *path, *files, **live)
    assert done.exit_code == 1
    assert line in done.stdout
    assert "answers 404 at GET /hooks, the path that was given" in done.stdout
    asked = [f"{entry.method} {entry.path}" for entry in cloud.journal.entries]
    assert "GET /hooks" in asked
    assert "GET /webhooks" not in asked
    [told] = json.loads(report.read_text())["reports"]
    [result] = [r for r in told["results"] if r["operation_id"] == "list_webhooks"]
    assert result["outcome"] == "differs"


def test_a_plan_sends_nothing(cloud: Sandbox, live: dict[str, str]) -> None:
    done = run("viziosense", "--plan", "--live", "--rate", "5", **live)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "GET /devices/{device_uuid}  devices.get_device" in done.stdout
    assert "Nothing was sent." in done.stdout
    assert "request_image: may change something" in done.stdout
    assert not len(cloud.journal)
    assert run("viziosense", "--plan").stdout == done.stdout, "credentials are not looked at"


def test_live_recorded_and_replayed(cloud: Sandbox, live: dict[str, str], tmp_path: Path) -> None:
    har, junit, data = tmp_path / "v.har", tmp_path / "v.xml", tmp_path / "v.json"
    options = ("--record", har, "--junit", junit, "--json", data, "--rate", "100")
    done = run("viziosense", "--live", *options, **live)
    assert (done.exit_code, done.stderr) == (0, "")
    planned = set(re.findall(r"^ +\d+  ([A-Z]+ \S+)  ", done.stdout, re.M))
    spec = load_spec("viziosense")
    for entry in cloud.journal.entries:
        assert entry.operation_id is not None
        operation = spec.operation(entry.operation_id)
        assert f"{operation.method} {operation.path}" in planned
    assert done.stdout.index("at most") < done.stdout.index("live cloud against specification")
    assert "demo" not in har.read_text(encoding="utf-8")
    assert har.stat().st_mode & 0o777 == 0o600
    assert ET.parse(junit).getroot().get("failures") == "0"
    assert json.loads(data.read_bytes())["exit_code"] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["v.har", "v.json", "v.xml"]
    again = run("viziosense", "--replay", har)
    assert (again.exit_code, again.stderr) == (0, "")
    assert "recorded traffic against specification, v.har" in again.stdout
    assert "amnimo" in refused(run("amnimo", "--replay", har))


def test_no_credentials() -> None:
    done = run("viziosense", "--live")
    assert done.exit_code == 3
    assert done.stderr.startswith("viziosense: no credentials; set VIZIOSENSE_TOKEN, or ")


def test_wrong_credentials(live: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "report.json"
    wrong = live | {"VIZIOSENSE_TOKEN": SECRET}
    done = run("viziosense", "--live", "--rate", "100", "--json", data, **wrong)
    assert done.exit_code == 3
    assert "Traceback" not in done.stderr
    assert SECRET not in done.output + data.read_text(encoding="utf-8")
    assert json.loads(data.read_bytes())["exit_code"] == 3


def test_a_cloud_that_is_down(cloud: Sandbox, tmp_path: Path) -> None:
    with cloud.serve() as server:
        gone = server.base_url("viziosense")
    junit = tmp_path / "report.xml"
    variables = {"VIZIOSENSE_TOKEN": SECRET, "VIZIOSENSE_BASE_URL": gone}
    done = run("viziosense", "--live", "--rate", "100", "--junit", junit, **variables)
    assert done.exit_code == 4
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("viziosense cannot be reached")
    assert "base URL" in done.stderr
    assert "Traceback" not in done.stderr
    text = junit.read_text(encoding="utf-8")
    assert SECRET not in done.output + text
    assert ET.fromstring(text.encode()).get("errors") != "0"


def big(path: Path) -> Path:
    with path.open("wb") as file:
        file.write(b'{"log": {')
        file.truncate(200 * 1024**2)
    return path


def test_recordings_that_cannot_be_used(tmp_path: Path) -> None:
    broken, other = tmp_path / "broken.har", tmp_path / "other.json"
    broken.write_text('{"log": {"entries": [', encoding="utf-8")
    other.write_text("[1, 2]", encoding="utf-8")
    huge = big(tmp_path / "huge.har")
    for path in (tmp_path / "none.har", tmp_path, broken, other, huge):
        message = refused(run("viziosense", "--replay", path))
        assert str(path) in message, message


def test_specifications_that_cannot_be_used(tmp_path: Path) -> None:
    broken, swagger = tmp_path / "broken.yaml", tmp_path / "swagger.json"
    broken.write_text("openapi: 3.1.0\npaths: [", encoding="utf-8")
    swagger.write_text('{"swagger": "2.0"}', encoding="utf-8")
    amnimo = ROOT / "specs" / "amnimo" / "openapi.yaml"
    for path in (tmp_path / "none.yaml", tmp_path, broken, swagger, amnimo):
        message = refused(run("viziosense", "--spec", path))
        assert str(path) in message, message
    assert "seems to be amnimo's" in refused(run("viziosense", "--spec", amnimo))


def test_another_specification(tmp_path: Path) -> None:
    document = json.loads(json.dumps(load_spec("viziosense").document))
    parameter = {"name": "tenant", "in": "query", "required": True, "schema": {"type": "string"}}
    document["paths"]["/devices"]["get"].setdefault("parameters", []).append(
        {**parameter, "example": "x"}
    )
    path = tmp_path / "newer.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run("viziosense", "--spec", path, "--examples", "1")
    assert done.exit_code == 1
    assert re.search(r"^  differs +devices\.list_devices", done.stdout, re.M)
    assert "query.tenant" in done.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        ("{", "is no JSON"),
        (f'{{"get_device": {SECRET}}}', "is no JSON"),
        ("[1]", "holds no object"),
        ('{"get_device": {"parameters": {"nothing": 1}}}', "no parameter 'nothing'"),
        ('{"no_such": {}}', "no operation 'no_such'"),
    ],
)
def test_inputs_that_cannot_be_used(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "inputs.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    message = refused(run("viziosense", "--plan", "--input", path))
    assert words in message
    assert SECRET not in message


def test_inputs_in_toml(tmp_path: Path) -> None:
    path = tmp_path / "inputs.toml"
    path.write_text('[get_device.parameters]\ndevice_uuid = "abc"\n', encoding="utf-8")
    done = run("viziosense", "--plan", "--input", path)
    assert "with device_uuid" in done.stdout
    assert "abc" not in done.stdout
    path.write_text(f"a = {SECRET}\n", encoding="utf-8")
    assert SECRET not in refused(run("viziosense", "--plan", "--input", path))


@pytest.mark.usefixtures("nothing_runs")
def test_files_that_cannot_be_written_are_found_first(tmp_path: Path) -> None:
    folder, file = tmp_path / "folder", tmp_path / "file"
    folder.mkdir()
    file.write_text("before", encoding="utf-8")
    cases: list[tuple[tuple[str | Path, ...], str]] = [
        (("--junit", tmp_path / "none" / "x.xml"), f"there is no folder {tmp_path / 'none'}"),
        (("--json", folder), "is a folder"),
        (("--markdown", file / "x.md"), "is no folder"),
        (("--json", os.devnull), "is no ordinary file"),
        (("--json", ""), "--json needs the name of a file"),
        (("--json", tmp_path / ("x" * 300)), "cannot be written"),
        (("--junit", file, "--json", f"{folder}/../file"), "--junit and --json name the same file"),
        (("--spec", file, "--json", file), "--spec and --json name the same file"),
    ]
    for arguments, words in cases:
        assert words in refused(run("viziosense", *arguments))
    assert file.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
@pytest.mark.usefixtures("nothing_runs")
def test_files_that_may_not_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch(0o400)
    assert "write-protected" in refused(run("viziosense", "--json", file))
    tmp_path.chmod(0o500)
    assert "you may not write" in refused(run("viziosense", "--json", tmp_path / "x"))


def test_a_report_is_written_whole_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_offline(monkeypatch, aitrios=made_report(result("x", "differs", findings=(finding(),))))
    data, link = tmp_path / "report.json", tmp_path / "link.md"
    data.write_text("before", encoding="utf-8")
    link.symlink_to("target.md")
    done = run("aitrios", "--json", data, "--markdown", link)
    assert done.exit_code == 1
    assert json.loads(data.read_bytes())["format"] == 1
    assert link.is_symlink()
    assert (tmp_path / "target.md").read_text(encoding="utf-8").startswith("### aitrios")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        done = run("amnimo", "--json", data)
    assert done.exit_code == 2
    assert "No space left on device" in done.stderr
    assert json.loads(data.read_bytes())["exit_code"] == 1, "as it was before"
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["link.md", "report.json", "target.md"]


@pytest.mark.parametrize("option", ["--json", "--junit", "--markdown"])
def test_standard_output(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_offline(monkeypatch)
    done = run("aitrios", option, "-")
    assert done.exit_code == 0
    assert done.stdout[:4] in ("{\n  ", "<?xm", "### ")
    assert "1 operation: 1 keeps to it" in done.stderr


def test_interrupted_between_clouds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_offline(monkeypatch, amnimo=KeyboardInterrupt())
    data = tmp_path / "report.json"
    done = run("aitrios", "amnimo", "viziosense", "--json", data)
    assert done.exit_code == 130
    assert "amnimo: interrupted" in done.stderr
    first, second = json.loads(data.read_bytes())["reports"]
    assert (first["vendor"], first["exit_code"]) == ("aitrios", 0)
    assert (second["vendor"], second["exit_code"], len(second["results"])) == ("amnimo", 130, 19)


def test_interrupted_while_it_calls(cloud: Sandbox, live: dict[str, str], tmp_path: Path) -> None:
    data, har = tmp_path / "report.json", tmp_path / "traffic.har"
    arguments = ("viziosense", "--live", "--rate", "0.5", "--json", data, "--record", har)
    with interruptible():
        process = subprocess.Popen(
            [*COMMAND, "contract", *map(str, arguments)],
            env=environment(PYTHONUNBUFFERED="1", **live),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    guard = threading.Timer(60, process.kill)
    guard.start()
    # After the first call it waits two seconds for the second.
    waiting = threading.Event()
    while not len(cloud.journal) and process.poll() is None:
        waiting.wait(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    guard.cancel()
    assert process.returncode == 130, err
    assert "interrupted" in err, (err, [entry.path for entry in cloud.journal.entries])
    assert "Traceback" not in err
    assert json.loads(data.read_bytes())["reports"][0]["failure"]["exit_code"] == 130
    assert json.loads(har.read_bytes())["log"]["version"] == "1.2"


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


class Full(io.StringIO):
    """A stream nothing fits into any more, after some lines."""

    def __init__(self, error: OSError, lines: int = 0) -> None:
        super().__init__()
        self.error = error
        self.lines = lines

    def write(self, text: str) -> int:
        self.lines -= 1
        if self.lines < 0:
            raise self.error
        return super().write(text)


GONE = BrokenPipeError(32, "Broken pipe")
FULL = OSError(28, "No space left on device")


def into(stream: Full, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    """Status and standard error of a run whose standard output is a stream."""
    monkeypatch.setattr("sys.stdout", stream)
    told = io.StringIO()
    monkeypatch.setattr("sys.stderr", told)
    try:
        app(["contract", *arguments])
    except SystemExit as end:
        return int(str(end.code)), told.getvalue()
    raise AssertionError("the command ends with a status")


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


def test_nobody_reads_the_plan_so_nothing_is_sent(
    cloud: Sandbox, live: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in live.items():
        monkeypatch.setenv(name, value)
    status, said = into(Full(GONE, 2), monkeypatch, "viziosense", "--live")
    assert status == 2
    assert "Broken pipe" in said
    assert not len(cloud.journal)


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
