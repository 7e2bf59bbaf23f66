"""``deviceclouds spec show``: lists, single operations, and words that lead nowhere."""

from __future__ import annotations

import json
import re

import pytest
from deviceclouds.cli._app import app
from deviceclouds.testing import MOUNTS, load_spec
from typer.testing import CliRunner, Result

from .test_sandbox_command import ROOT, finish, without


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(app, ["spec", "show", *arguments])


@pytest.mark.parametrize("vendor", MOUNTS)
def test_every_operation_is_listed(vendor: str) -> None:
    done = run(vendor)
    assert (done.exit_code, done.stderr) == (0, "")
    spec = load_spec(vendor)
    head, *lines, _ = done.stdout.splitlines()
    assert head.endswith(f"{len(spec.operations)} operations")
    seen = {tuple(line.split()[1:]) for line in lines}
    assert seen == {
        (
            operation.extensions["x-evidence"]["status"],
            "reads" if operation.extensions.get("x-read-only") else "acts",
            operation.method,
            operation.path,
        )
        for operation in spec.operations.values()
    }
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("vendor", MOUNTS)
def test_every_operation_can_be_shown(vendor: str) -> None:
    for operation in load_spec(vendor).operations.values():
        done = run(vendor, operation.id)
        assert (done.exit_code, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        assert f"{operation.method} {operation.path}" in lines
        for parameter in operation.parameters:
            assert any(line.startswith(f"  {parameter.name}  ") for line in lines)
        for status in operation.responses:
            assert any(line.startswith(f"  {status}") for line in lines)
        evidence = operation.extensions["x-evidence"]
        assert any(line.startswith(f"{evidence['status']}: ") for line in lines)
        if "note" in evidence:
            assert f"Note: {' '.join(evidence['note'].split())}" in " ".join(done.stdout.split())


def test_one_operation_by_its_method() -> None:
    done = run("viziosense", "devices.request_image")
    assert done.stdout == run("viziosense", "request_image").stdout
    assert "It may change something." in done.stdout
    assert "unverified: a guess; the note says what would settle it." in done.stdout


def test_only_guesses() -> None:
    done = run("viziosense", "--evidence", "unverified")
    assert "5 of 8 operations" in done.stdout
    assert "list_devices" not in done.stdout
    both = run("viziosense", "--evidence", "unverified", "--evidence", "inferred")
    assert "8 operations" in both.stdout
    nothing = run("viziosense", "--evidence", "documented")
    assert (nothing.exit_code, len(nothing.stdout.splitlines())) == (0, 1)
    assert "0 of 8 operations" in nothing.stdout


def test_json() -> None:
    listed = json.loads(run("amnimo", "--json").stdout)
    assert len(listed) == 19
    one = json.loads(run("amnimo", "list_cameras", "--json").stdout)
    assert one in listed
    assert (one["name"], one["method"], one["read_only"]) == ("cameras.list_cameras", "GET", True)
    assert one["evidence"]["status"] == "documented"
    (size,) = (field for field in one["parameters"] if field["name"] == "size")
    assert (size["in"], size["required"]) == ("query", False)
    assert {reply["status"] for reply in one["replies"]} >= {"200"}
    chosen = json.loads(run("viziosense", "--json", "--evidence", "inferred").stdout)
    assert {each["evidence"]["status"] for each in chosen} == {"inferred"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("amnimo", "list_camera"), "Did you mean list_cameras"),
        (("amnimo", "LIST_CAMERAS"), "Did you mean cameras.list_cameras?"),
        (("amnimo", "xyzzy"), "amnimo has no operation 'xyzzy'. `deviceclouds spec show amnimo`"),
        (("aitrios", "get_device"), "Did you mean manage_devices.get_device?"),
        (("amnimo", "list_cameras", "--evidence", "inferred"), "--evidence chooses from the list"),
        (("nobody",), "nobody"),
        (("amnimo", "--evidence", "rumour"), "rumour"),
        ((), "VENDOR"),
    ],
)
def test_words_that_lead_nowhere(arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_in_a_process_of_its_own() -> None:
    done = finish("spec", "show", "scailable", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "catalogue.list_catalogues" in done.stdout
    coloured = finish("spec", "show", "scailable", "get_status", FORCE_COLOR="1", COLUMNS="60")
    assert "\x1b[" in coloured.stdout
    shown = re.sub(r"\x1b\[[0-9;]*m", "", coloured.stdout)
    assert max(map(len, shown.splitlines())) <= 100


def test_without_the_extra() -> None:
    done = without("deviceclouds.testing", "spec", "show", "amnimo")
    assert (done.returncode, done.stdout) == (2, "")
    assert "extra [sandbox]" in done.stderr


def test_help() -> None:
    text = run("--help").stdout
    assert "--evidence" in text
    assert "--json" in text
    readme = (ROOT / "overlays" / "cli" / "README.md").read_text(encoding="utf-8")
    assert "`--evidence" in readme
