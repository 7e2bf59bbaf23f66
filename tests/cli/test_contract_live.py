"""``deviceclouds contract --live``: the plan, the calls, and clouds that refuse or are down."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from deviceclouds.testing import Sandbox, load_spec

from .contract_runs import SECRET, cloud, live, refused, run
from .contract_streams import GONE, Full, into
from .test_sandbox_command import COMMAND, environment, interruptible

__all__ = ["cloud", "live"]


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


def test_nobody_reads_the_plan_so_nothing_is_sent(
    cloud: Sandbox, live: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in live.items():
        monkeypatch.setenv(name, value)
    status, said = into(Full(GONE, 2), monkeypatch, "viziosense", "--live")
    assert status == 2
    assert "Broken pipe" in said
    assert not len(cloud.journal)
