"""The recorder's files: HAR 1.2, private, whole or not there, never in the place of somebody's own file."""

from __future__ import annotations

import json
import os
import stat
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.contract.exchange import Exchange
from deviceclouds.testing.contract.recording.recorder import Recorder
from deviceclouds.testing.contract.results import EXIT_INPUT, ContractRunError

from tests.contract.har_schema import HAR
from tests.contract.planting import exchanges
from tests.contract.recordings import VENDORS, entries_of

URL = "https://api.viziosense.com/api/v1/devices"
GOOD = Exchange("GET", URL, [("Authorization", "Bearer a")], None, 500)


def _recorder(**options: Any) -> Recorder:
    return Recorder(load_spec("viziosense"), clock=lambda: 1_800_000_000.9, **options)


@pytest.mark.parametrize("vendor", VENDORS)
def test_files_keep_to_har(vendor: str, tmp_path: Path) -> None:
    recorder = Recorder(load_spec(vendor))
    for exchange in islice(exchanges(vendor), 0, None, 7):
        recorder.add(exchange)
    har = json.loads(recorder.save(tmp_path / "a.har").read_bytes())
    checker = jsonschema_rs.Draft202012Validator(HAR, validate_formats=True)
    problems = [
        f"{error.instance_path}: {error.message[:200]}" for error in checker.iter_errors(har)
    ]
    assert problems[:3] == []
    assert len(har["log"]["entries"]) == recorder.recorded > 0
    del har["log"]["entries"][0]["timings"]
    assert not checker.is_valid(har)


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    recorder = _recorder()
    recorder.add(GOOD)
    path = recorder.save(tmp_path / "a.har")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["a.har"]


def test_time_is_that_of_the_clock_to_the_second(tmp_path: Path) -> None:
    recorder = _recorder()
    recorder.add(GOOD)
    [entry] = entries_of(recorder.save(tmp_path / "a.har"))
    assert entry["startedDateTime"] == "2027-01-15T08:00:00+00:00"


def test_a_recording_of_ours_is_replaced_and_recording_may_go_on(tmp_path: Path) -> None:
    recorder = _recorder()
    path = tmp_path / "a.har"
    recorder.save(path)
    assert entries_of(path) == []
    recorder.add(GOOD)
    recorder.save(path)
    recorder.add(GOOD)
    assert len(entries_of(path)) == 1
    recorder.save(path)
    assert len(entries_of(path)) == 2


@pytest.mark.parametrize("content", [b"my diary", b'{"log": {"version": "1.2"}}', b"{"])
def test_any_other_file_is_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_bytes(content)
    with pytest.raises(ContractRunError, match="no recording of ours; name another file") as caught:
        _recorder().save(path)
    assert caught.value.exit_code == EXIT_INPUT
    assert path.read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 1


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ContractRunError, match="is no file"):
        _recorder().save(tmp_path)
    with pytest.raises(ContractRunError, match=r"cannot be written .*nothing was left behind"):
        _recorder().save(tmp_path / "no" / "such" / "folder.har")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = _recorder()
    recorder.add(GOOD)
    recorder.save(tmp_path / "a.har")
    before = (tmp_path / "a.har").read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    recorder.add(GOOD)
    with pytest.raises(ContractRunError, match="No space left"):
        recorder.save(tmp_path / "a.har")
    assert (tmp_path / "a.har").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_memory_and_size_are_bounded(tmp_path: Path) -> None:
    recorder = _recorder(max_size=5000)
    for _ in range(50):
        recorder.add(GOOD)
    path = recorder.save(tmp_path / "a.har")
    assert 0 < recorder.recorded < 50
    assert path.stat().st_size < 6000
    left = 50 - recorder.recorded
    comment = json.loads(path.read_bytes())["log"]["comment"]
    assert f"{left} not recorded: beyond the limit of size" in comment


def test_a_proxy_s_path_is_not_kept(tmp_path: Path) -> None:
    spec = load_spec("viziosense")
    recorder = Recorder(spec, "https://proxy.kasimir.example/anna")
    recorder.add(Exchange("GET", "https://proxy.kasimir.example/anna/devices", [], None, 500))
    data = recorder.save(tmp_path / "a.har").read_bytes()
    assert b"kasimir" not in data and b"anna" not in data
    assert b'"https://cloud.invalid/api/v1/devices"' in data
