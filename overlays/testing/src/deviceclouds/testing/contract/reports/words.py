"""Words that all reports use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .texts import shown_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..results import OperationResult, Outcome, Report

__all__ = [
    "OUTCOMES",
    "compared",
    "differing",
    "evidence",
    "notes",
    "statuses",
    "summary",
    "worst_exit_code",
]

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    "ok": ("keeps to it", "keep to it"),
    "differs": ("differs", "differ"),
    "refused": ("was refused", "were refused"),
    "unreachable": ("was not reached", "were not reached"),
    "skipped": ("was not called", "were not called"),
}
"""Outcomes as the end of a sentence, for one operation and for several; in the order in which reports name them."""

_COMPARED = {
    "offline": "client against specification and sandbox",
    "live": "live cloud against specification",
    "recorded": "recorded traffic against specification",
}


def compared(report: Report) -> str:
    """What was compared with what, for example ``live cloud against specification, https://api.example.com``."""
    target = shown_target(report.vendor, report.target) if report.mode != "offline" else ""
    return f"{_COMPARED[report.mode]}{f', {target}' if target else ''}"


def summary(report: Report) -> str:
    """The counts in one line, for example ``19 operations: 17 keep to it, 1 differs, 1 was not called``."""
    counts = report.counts
    total = len(report.results)
    parts = [
        f"{counts[key]} {words[counts[key] != 1]}" for key, words in OUTCOMES.items() if counts[key]
    ]
    return f"{total} operation{'' if total == 1 else 's'}: {', '.join(parts) or 'none'}"


def statuses(result: OperationResult) -> str:
    """The HTTP statuses that were seen."""
    return ", ".join(map(str, result.statuses))


def evidence(result: OperationResult) -> str:
    """How well the specification knows the operation; what carries no mark is not made a fact."""
    return result.evidence or "not marked"


def notes(report: Report) -> int:
    """Number of findings that do not make a run fail."""
    return sum(not finding.breaking for result in report.results for finding in result.findings)


def differing(report: Report, *, strict: bool) -> list[OperationResult]:
    """Operations that make the run fail; with ``strict`` those with notes too."""
    return [
        result
        for result in report.results
        if result.outcome == "differs" or (strict and result.findings)
    ]


def worst_exit_code(reports: Iterable[Report], *, strict: bool = False) -> int:
    """Exit status of several reports: the lowest that is not 0, so that a difference wins over all else.

    Args:
        reports: The reports.
        strict: Whether notes count as differences.
    """
    codes = {1 if strict and notes(report) else report.exit_code for report in reports}
    return min(codes - {0}, default=0)
