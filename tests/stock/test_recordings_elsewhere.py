"""Recordings of live runs, judged by a program that shares no code with us: Redocly's comparison of traffic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from deviceclouds.testing import Recorder, load_spec

from codegen.diff.second_opinion import Redocly, SecondOpinionError
from tests.contract.recordings import VENDORS, walked

SPECS = Path(__file__).resolve().parents[2] / "specs"


@pytest.fixture(scope="module")
def redocly() -> Redocly:
    try:
        return Redocly.found()
    except SecondOpinionError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module", params=VENDORS)
def recording(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A vendor, and what was recorded of a run against the sandbox."""
    vendor = str(request.param)
    _, exchanges, base = walked(vendor)
    path = tmp_path_factory.mktemp("recording") / f"{vendor}.har"
    with Recorder(load_spec(vendor), base) as recorder:
        for exchange in exchanges:
            recorder.add(exchange)
        recorder.save(path)
    return vendor, path


def drift(redocly: Redocly, vendor: str, recording: Path) -> dict[str, Any]:
    """What Redocly reports of a recording."""
    log = json.loads(recording.read_text("utf-8"))["log"]
    spec = load_spec(vendor)
    url = urlsplit(log["entries"][0]["request"]["url"])
    # The server of the recording is what comes before the path of an operation.
    at = next(i for i in range(len(url.path)) if spec.find("GET", url.path[i:]) is not None)
    report = recording.with_suffix(".json")
    done = redocly.run(
        *("drift", str(recording), "--api", str(SPECS / vendor / "openapi.yaml")),
        *("--server", f"{url.scheme}://{url.netloc}{url.path[:at]}"),
        *("--format", "json", "--output", str(report)),
        folder=recording.parent,
    )
    assert report.is_file(), done.stderr.decode("utf-8", "replace")
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


def test_finds_nothing_but_the_call_without_credentials(
    redocly: Redocly, recording: tuple[str, Path]
) -> None:
    vendor, path = recording
    found = drift(redocly, vendor, path)
    entries = json.loads(path.read_text("utf-8"))["log"]["entries"]
    assert found["run"]["documentedExchanges"] == len(entries) > 0
    said = [(one["ruleId"], one["exchangeIndex"]) for one in found["problems"]]
    assert said == [("security-baseline", 0)]


def test_finds_what_was_broken(redocly: Redocly, recording: tuple[str, Path]) -> None:
    vendor, path = recording
    log = json.loads(path.read_text("utf-8"))
    broken = log["log"]["entries"][1]["response"]
    broken["content"] |= {"mimeType": "application/json", "text": '"no object at all"'}
    other = path.with_name("broken.har")
    other.write_text(json.dumps(log), encoding="utf-8")
    problems = drift(redocly, vendor, other)["problems"]
    assert any(one["exchangeIndex"] == 1 for one in problems)
