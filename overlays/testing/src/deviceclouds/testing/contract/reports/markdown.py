"""Contract runs as Markdown, fit to be pasted into an issue."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from .texts import plain, shareable
from .versions import installed_versions
from .words import compared, differing, evidence, statuses, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..results import OperationResult, Proposal, Report

__all__ = ["as_markdown"]

LONGEST = 60_000
"""Characters; GitHub refuses an issue of more than 65,536."""

_MARKS = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|[!#$&*<>@\[\\\]^`{|}~]")
"""What could be markup, math or HTML in the middle of a line; an underscore inside a name is none."""


def as_markdown(
    reports: Iterable[Report], *, strict: bool = False, versions: Mapping[str, str] | None = None
) -> str:
    """A section for each report: what differs as a table, everything else to be opened.

    Args:
        reports: Reports of runs.
        strict: Whether operations with notes count as differing.
        versions: What was installed, by name; looked up if left out.

    Returns:
        Markdown of at most 60,000 characters; what does not fit is counted.
    """
    found = [shareable(report) for report in reports]
    installed = installed_versions() if versions is None else versions
    text = ""
    for most in (200, 60, 20, 5, 1, 0):
        text = "\n".join(_lines(found, strict, installed, most))
        if len(text) <= LONGEST:
            break
    return text


def _lines(
    reports: Sequence[Report], strict: bool, versions: Mapping[str, str], most: int
) -> Iterator[str]:
    for report in reports:
        yield from _section(report, strict, most)
    named = ", ".join(f"{_prose(name)} {_prose(number)}" for name, number in versions.items())
    yield f"Checked with {named}."
    yield ""


def _section(report: Report, strict: bool, most: int) -> Iterator[str]:
    yield f"### {_prose(report.vendor)} {_prose(report.api_version)}: {_verdict(report, strict)}"
    yield ""
    words = compared(report)
    yield f"{_prose(words[0].upper() + words[1:])}. {_prose(summary(report))}."
    yield ""
    if report.failure is not None:
        yield f"**The run ended early:** {_prose(report.failure[1])}"
        yield ""
    failing = differing(report, strict=strict)
    if failing:
        yield from _differences(failing, strict, most)
        yield ""
    yield from _proposals(report.proposals, most)
    noted = [] if strict else _notes(report)
    yield from _details("Notes: more than was documented", noted, most)
    yield from _details("Not called, refused or not reached", _unanswered(report), most)
    yield from _details("Remarks", [f"- {_prose(remark)}" for remark in report.remarks], most)
    yield from _details("All operations", [_operation(result) for result in report.results], most)
    yield f"Started {_prose(report.started)}; specification {_code(report.spec_sha256[:16])}."
    yield ""


def _verdict(report: Report, strict: bool) -> str:
    failing = len(differing(report, strict=strict))
    if failing:
        return f"{failing} of {len(report.results)} operations {'differs' if failing == 1 else 'differ'}"
    if report.failure is not None:
        return "ended early"
    return "nothing differs" if report.counts["ok"] else "nothing could be compared"


def _differences(failing: Sequence[OperationResult], strict: bool, most: int) -> Iterator[str]:
    yield "| operation | evidence | status | where | what |"
    yield "|---|---|---|---|---|"
    rows = [
        (result, finding)
        for result in failing
        for finding in result.findings
        if finding.breaking or strict
    ]
    for result, finding in rows[:most]:
        yield (
            f"| {_code(result.name)} | {_prose(evidence(result))} | {statuses(result)} "
            f"| {_code(finding.location)} | {_prose(finding.message)} |"
        )
    if len(rows) > most:
        yield f"| … and {len(rows) - most} more | | | | |"


def _proposals(proposals: Sequence[Proposal], most: int) -> Iterator[str]:
    for proposal in proposals[:most]:
        before, after = _prose(proposal.before), _prose(proposal.after)
        yield f"Evidence of {_code(proposal.operation_id)} could become {after} (now {before}):"
        yield ""
        lines = [plain(line) for line in proposal.yaml.splitlines()]
        longest = max((len(run) for run in re.findall("`+", "\n".join(lines))), default=0)
        fence = "`" * max(3, longest + 1)
        yield from (f"{fence}yaml", *lines, fence, "")
    if len(proposals) > most:
        yield f"… and {len(proposals) - most} more proposals."
        yield ""


def _notes(report: Report) -> list[str]:
    return [
        f"- {_code(result.name)} {_code(finding.location)}: {_prose(finding.message)}"
        for result in report.results
        for finding in result.findings
        if not finding.breaking
    ]


def _unanswered(report: Report) -> list[str]:
    """By reason, because most of them share one."""
    reasons: dict[str, list[str]] = {}
    for result in report.results:
        if result.outcome in ("skipped", "refused", "unreachable"):
            reasons.setdefault(result.reason or result.outcome, []).append(_code(result.name))
    return [f"- {_prose(reason)}: {', '.join(names)}" for reason, names in reasons.items()]


def _operation(result: OperationResult) -> str:
    seen = f", status {statuses(result)}" if result.statuses else ""
    calls = f"{result.calls} call{'' if result.calls == 1 else 's'}"
    kinds = Counter(finding.kind for finding in result.findings)
    found = "".join(f", {number} {_prose(kind)}" for kind, number in kinds.items())
    return f"- {_code(result.name)}: {result.outcome}, {calls}{seen}{found} ({_prose(evidence(result))})"


def _details(title: str, lines: Sequence[str], most: int) -> Iterator[str]:
    if not lines:
        return
    # The empty lines make GitHub read the inside as Markdown again.
    yield f"<details><summary>{title} ({len(lines)})</summary>"
    yield ""
    yield from lines[:most]
    if len(lines) > most:
        yield f"- … and {len(lines) - most} more"
    yield from ("", "</details>", "")


def _code(text: str) -> str:
    """Text as code: there GitHub makes no mentions, links or references of it."""
    return f"<code>{_entities(plain(text, 200))}</code>" if text else ""


def _prose(text: str) -> str:
    """Text in which nothing is markup, nobody is mentioned and nothing is linked."""
    # An entity does not stop a mention: GitHub looks for those in the finished page. A word joiner does.
    parted = re.sub(
        r"(?<=[@#])(?=\S)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=GH)(?=-)", "\u2060", plain(text)
    )
    return _entities(parted)


def _entities(text: str) -> str:
    return _MARKS.sub(lambda found: f"&#{ord(found[0])};", text)
