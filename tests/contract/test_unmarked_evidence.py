"""A specification that says nothing of its evidence: no run and no report makes a guess a fact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deviceclouds.testing._spec import Spec, load_spec
from deviceclouds.testing.contract.offline.run import run_offline
from deviceclouds.testing.contract.recording.replay import run_recorded
from deviceclouds.testing.contract.reports import as_junit, as_markdown
from deviceclouds.testing.contract.results import Report

from tests.contract.recordings import record, walked

MARKS = ("documented", "corroborated", "inferred", "unverified")


def unmarked(node: Any) -> Any:
    """A copy without ``x-evidence``."""
    if isinstance(node, dict):
        return {key: unmarked(value) for key, value in node.items() if key != "x-evidence"}
    return [unmarked(item) for item in node] if isinstance(node, list) else node


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """One of each kind of run."""
    spec = Spec("viziosense", unmarked(load_spec("viziosense").document))
    live, exchanges, base = walked("viziosense", spec)
    path: Path = tmp_path_factory.mktemp("recording") / "viziosense.har"
    record("viziosense", exchanges, base, path)
    return {
        "offline": run_offline("viziosense", spec=spec, examples=1),
        "live": live,
        "recorded": run_recorded("viziosense", path, spec=spec),
    }


@pytest.mark.parametrize("mode", ["offline", "live", "recorded"])
def test_what_has_no_mark_is_not_marked(reports: dict[str, Report], mode: str) -> None:
    report = reports[mode]
    assert report.mode == mode
    assert {result.evidence for result in report.results} == {""}
    assert report.counts["ok"] and not report.counts["differs"]
    assert not report.proposals
    # An absent mark is no disagreement with the client's.
    assert not [finding for result in report.results for finding in result.findings]
    junit = as_junit([report])
    markdown = as_markdown([report])
    assert "evidence: not marked" in junit
    assert "(not marked)" in markdown
    for mark in MARKS:
        assert f"evidence: {mark}" not in junit
        assert f"({mark})" not in markdown
