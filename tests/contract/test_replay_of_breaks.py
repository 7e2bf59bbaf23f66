"""Recordings of live runs in which something was wrong: a replay says what the live run said."""

from __future__ import annotations

from pathlib import Path

import pytest
from deviceclouds.testing.contract.recording.replay import run_recorded
from deviceclouds.testing.contract.results import OperationResult

from .cloud_breaks import CLOUD_BREAKS, CLOUD_NOTES
from .recordings import record, walked
from .seeding import Break, wrap

OF_THE_RUN = {"unreadable", "not-found", "endless"}
"""What only a run can see: whether the client could read it, whether it was there before, how a list went on."""

LOST = {
    "other charset": "stand-ins are ASCII, so that the charset has no weight; the recording says it is not faithful",
    "cursor is not taken": "a refusal is told from a documented error by what the run asked before",
    "same ids on every page": "only a run compares the ids of pages",
}


def said(result: OperationResult) -> set[tuple[str, str, str]]:
    """Findings without the names of undocumented fields, for which there are stand-ins."""
    return {
        (f.kind, f.rule, "" if f.rule == "undocumented" else f.location)
        for f in result.findings
        if f.rule not in OF_THE_RUN
    }


@pytest.mark.parametrize(
    "broken",
    [broken for broken in (*CLOUD_BREAKS, *CLOUD_NOTES) if broken.name not in LOST],
    ids=lambda broken: f"{broken.vendor}: {broken.name}",
)
def test_a_replay_says_what_the_live_run_said(broken: Break, tmp_path: Path) -> None:
    live, exchanges, base = walked(broken.vendor, only=[broken.operation], wrap=wrap(broken))
    recorder = record(broken.vendor, exchanges, base, tmp_path / "run.har")
    assert recorder.recorded > 0 and recorder.unfaithful == 0
    replay = run_recorded(broken.vendor, tmp_path / "run.har")
    for before, after in zip(live.results, replay.results, strict=True):
        assert (before.operation_id, before.outcome) == (after.operation_id, after.outcome)
        assert said(before) == said(after)
