"""The recorder's files: HAR 1.2, private, whole or not there, never in the place of somebody's own file."""

from __future__ import annotations

import io
import json
import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
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


def test_whatever_the_umask_and_the_rights_of_the_file_before(tmp_path: Path) -> None:
    recorder = _recorder()
    path = recorder.save(tmp_path / "a.har")
    path.chmod(0o666)
    before = os.umask(0)
    try:
        recorder.save(path)
        recorder.save(tmp_path / "b.har")
    finally:
        os.umask(before)
    for each in tmp_path.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """Somebody else may have put it there; what it leads to keeps its content and its rights."""
    recorder = _recorder()
    recorder.add(GOOD)
    (tmp_path / "in").mkdir()
    old = _recorder().save(tmp_path / "old.har")
    old.chmod(0o644)
    content = old.read_bytes()
    for name, target in (("a.har", old), ("b.har", tmp_path / "nothing")):
        link = tmp_path / "in" / name
        link.symlink_to(target)
        recorder.save(link)
        assert not link.is_symlink() and len(entries_of(link)) == 1
        assert stat.S_IMODE(link.stat().st_mode) == 0o600
    assert old.read_bytes() == content and not (tmp_path / "nothing").exists()
    diary = tmp_path / "diary"
    diary.write_text("mine")
    link = tmp_path / "in" / "c.har"
    link.symlink_to(diary)
    with pytest.raises(ContractRunError, match="is no recording of ours"):
        recorder.save(link)
    assert diary.read_text() == "mine"


def test_killed_while_it_is_saved(tmp_path: Path) -> None:
    """The recording of before is there, whole, and nobody else can read what is left beside it."""
    path = _recorder().save(tmp_path / "a.har")
    before = path.read_bytes()
    code = """
import os, signal, sys
from tests.contract.test_har_recorder import GOOD, _recorder
recorder = _recorder()
for _ in range(300):
    recorder.add(GOOD)
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
os.umask(0)
recorder.save(sys.argv[1])
"""
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    left = [each for each in tmp_path.iterdir() if each != path]
    assert len(left) == 1 and stat.S_IMODE(left[0].stat().st_mode) == 0o600


def test_many_recorders_of_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.har"

    def save(count: int) -> None:
        recorder = _recorder()
        for _ in range(count):
            recorder.add(GOOD)
            recorder.save(path)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, (5, 6, 7, 8)))
    assert 0 < len(entries_of(path)) <= 8
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


@pytest.mark.parametrize("room", [0, 700, 2000, 100_000])
def test_no_room_for_temporary_files(
    room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run goes on; what was recorded until then is saved."""

    class Small(io.BytesIO):
        def write(self, data: Any) -> int:
            free = room - self.tell()
            if free <= 0:
                raise OSError(28, "No space left on device")
            return super().write(bytes(data)[:free])

    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: Small())
    monkeypatch.setattr("deviceclouds.testing.contract.recording.recorder._IN_MEMORY", 2500)
    recorder = _recorder()
    for _ in range(20):
        recorder.add(GOOD)
    path = recorder.save(tmp_path / "a.har")
    assert len(entries_of(path)) == recorder.recorded > 0
    left = 20 - recorder.recorded
    comment = json.loads(path.read_bytes())["log"]["comment"]
    assert (left == 0) == (room == 100_000)
    assert (f"{left} not recorded: no room for temporary files" in comment) == (left > 0)


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
