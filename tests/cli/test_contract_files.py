"""Files that ``deviceclouds contract`` reads and writes: good ones, and what it says of others."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from deviceclouds.testing import load_spec

from tests.contract.made_reports import finding, made_report, result

from .contract_runs import SECRET, fake_offline, nothing_runs, refused, run
from .test_sandbox_command import ROOT

__all__ = ["nothing_runs"]


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
