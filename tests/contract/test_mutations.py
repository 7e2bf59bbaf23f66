"""Seeded breaks of clouds and specifications: each is found, where it is; what breaks nothing is a note at most."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from deviceclouds.testing import MOUNTS, load_spec
from deviceclouds.testing.contract.offline.run import run_offline
from deviceclouds.testing.contract.offline.sandboxed import sandbox_report
from deviceclouds.testing.contract.results import Report

from .cloud_breaks import CLOUD_BREAKS, CLOUD_NOTES
from .seeding import Break, changed, general, wrap
from .spec_breaks import SPEC_BREAKS, SPEC_NOTES


def label(broken: Break) -> str:
    return f"{broken.vendor}: {broken.name}"


def found_in(report: Report) -> set[tuple[str, str]]:
    return {(f.kind, general(f.location)) for result in report.results for f in result.findings}


def run(broken: Break) -> Report:
    if broken.spec is not None:
        # Generated inputs would find it as well; the fixed ones have to.
        return run_offline(broken.vendor, spec=changed(broken), only=[broken.operation], examples=0)
    spec = load_spec(broken.vendor)
    return sandbox_report(broken.vendor, spec, [broken.operation], wrap=wrap(broken))


def outcome_of(report: Report, broken: Break) -> str:
    return next(r.outcome for r in report.results if r.operation_id == broken.operation)


@pytest.mark.parametrize("broken", [*CLOUD_BREAKS, *SPEC_BREAKS], ids=label)
def test_a_break_is_found_where_it_is(broken: Break) -> None:
    report = run(broken)
    assert outcome_of(report, broken) == (broken.outcome or "differs")
    if broken.kind is not None:
        assert (broken.kind, broken.place) in found_in(report)
        assert report.exit_code == 1
    else:
        # No difference, but no success either.
        assert report.exit_code != 0


@pytest.mark.parametrize("broken", [*CLOUD_NOTES, *SPEC_NOTES], ids=label)
def test_what_breaks_nothing_is_a_note_at_most(broken: Break) -> None:
    report = run(broken)
    assert outcome_of(report, broken) == "ok"
    assert found_in(report) == ({(broken.kind, broken.place)} if broken.kind else set())
    assert report.exit_code == 0


@pytest.mark.parametrize("vendor", sorted(MOUNTS))
def test_no_false_alarm(vendor: str) -> None:
    report = run_offline(vendor)
    assert found_in(report) == set()
    assert report.counts == {"ok": len(load_spec(vendor).operations)}
    assert report.exit_code == 0


def test_no_false_alarm_in_the_sandbox_whatever_its_seed() -> None:
    for vendor in sorted(MOUNTS):
        report = sandbox_report(vendor, load_spec(vendor), [], wrap=lambda app: app, size=0.5)
        assert found_in(report) == set()
        assert report.counts["differs"] == report.counts["unreachable"] == 0


def test_the_table_is_what_it_says() -> None:
    everything = [*CLOUD_BREAKS, *SPEC_BREAKS, *CLOUD_NOTES, *SPEC_NOTES]
    names = Counter(label(broken) for broken in everything)
    assert [name for name, count in names.items() if count > 1] == []
    assert len(CLOUD_BREAKS) + len(SPEC_BREAKS) >= 90
    for vendor in MOUNTS:
        assert sum(broken.vendor == vendor for broken in everything) >= 10


@pytest.mark.parametrize("broken", CLOUD_BREAKS, ids=label)
def test_findings_name_no_value(broken: Break) -> None:
    report = run(broken)
    told = json.dumps([str(f) for r in report.results for f in r.findings])
    assert "expired-token" not in told
    assert "Bearer demo" not in told
    assert "@" not in told  # addresses of people
