"""HAR files that cannot be used: one message each, with what to do, and nothing of their content."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from deviceclouds.testing.contract.har.files import MAX_SIZE, read_har
from deviceclouds.testing.contract.recording.replay import run_recorded
from deviceclouds.testing.contract.results import EXIT_INPUT, ContractRunError

SECRET = "kasimir-5ecret"
GOOD = json.dumps(
    {"log": {"entries": [{"request": {"method": "GET", "url": f"https://x.example/{SECRET}"}}]}}
).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty; save it again"),
        (b" \n\t ", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\0" * 100, "is empty"),
        (gzip.compress(GOOD), "is packed with gzip; unpack it first"),
        (b"PK\x03\x04rest", "is a zip archive; unpack it first"),
        (GOOD.decode().encode("utf-16"), "is UTF-16"),
        (GOOD[:-3], "is cut short"),
        (GOOD[:40], "is cut short"),
        (b"<html>" + GOOD, "is not JSON at line 1, column 1"),
        (b'{"log":\n {"entries": [oops]}}', "is not JSON at line 2, column 15"),
        (GOOD + b"more", "is not JSON at line 1"),
        (b"[]", "is JSON, but no HAR file"),
        (b"null", "is JSON, but no HAR file"),
        (b'"text"', "is JSON, but no HAR file"),
        (b'{"log": null}', "is JSON, but no HAR file"),
        (b'{"log": {}}', "is JSON, but no HAR file"),
        (b'{"log": {"entries": {}}}', "is JSON, but no HAR file"),
        (b'{"openapi": "3.1.0", "paths": {}}', "is JSON, but no HAR file"),
        (b'{"log": {"entries": []}}', "has no entries; open the network tab"),
        (b'{"log": {"entries": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}}", "is nested too deep"),
        (b'{"log": {"a": "\xe4", "entries": [{"\xff": 1}]}}', "none of its 1 entries can be read"),
    ],
)
def test_content(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_bytes(content)
    with pytest.raises(ContractRunError) as caught:
        run_recorded("amnimo", path)
    assert said in str(caught.value) and str(path) in str(caught.value)
    assert SECRET not in str(caught.value) and "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400 + len(str(path))
    assert caught.value.exit_code == EXIT_INPUT
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_paths(tmp_path: Path) -> None:
    for path, said in (
        (tmp_path / "none.har", "does not exist; check the path"),
        (tmp_path, "is a folder; give the HAR file itself"),
        (tmp_path / ("x" * 300), "cannot be read (File name too long)"),
        (tmp_path / "a\0b", "cannot be read (not a path)"),
    ):
        with pytest.raises(ContractRunError) as caught:
            run_recorded("amnimo", path)
        assert said in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hold_us_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ContractRunError, match="is no regular file"):
        run_recorded("amnimo", tmp_path / "pipe")


def test_no_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("deviceclouds.testing.contract.har.files._opener", refused)
    with pytest.raises(ContractRunError, match="may not be read by this user; check its rights"):
        run_recorded("amnimo", tmp_path / "a.har")


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.har"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)  # takes no room on the disk
    with pytest.raises(ContractRunError) as caught:
        run_recorded("amnimo", path)
    assert (
        "has 200 MiB; no more than 100 MiB are read: save it again with the requests of this cloud alone"
        in str(caught.value)
    )
    assert "run_recorded(max_size=...)" in str(caught.value)
    with pytest.raises(ContractRunError, match="is empty"):
        run_recorded("amnimo", path, max_size=200 * 2**20)


def test_the_limit_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_bytes(GOOD)
    assert len(read_har(path, max_size=len(GOOD)).entries) == 1
    with pytest.raises(ContractRunError, match="no more than"):
        read_har(path, max_size=len(GOOD) - 1)
    assert MAX_SIZE == 100 * 2**20


def test_an_entry_nested_deeply_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    deep = b"[" * 900 + b"]" * 900
    good = GOOD[: GOOD.index(b"]}}")] + b', {"request": {"headers": ' + deep + b"}}]}}"
    path.write_bytes(good)
    har = read_har(path)
    assert [entry is None for entry in har.decoded()] == [False, True]
