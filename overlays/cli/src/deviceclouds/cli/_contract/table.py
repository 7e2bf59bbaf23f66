"""What a person reads of contract runs: plans before, results after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table as RichTable
from rich.text import Text

if TYPE_CHECKING:
    from deviceclouds.testing.contract.live.plan import Plan
    from deviceclouds.testing.contract.results import Finding, OperationResult, Outcome, Report
    from rich.console import Console, RenderableType

__all__ = ["Table"]

STYLES: dict[Outcome, str] = {
    "ok": "green",
    "differs": "bold red",
    "refused": "yellow",
    "unreachable": "yellow",
    "skipped": "dim",
}

INDENT = 14
"""Columns before what belongs to an operation: the longest outcome and its margin."""

MOST_FINDINGS = 8
"""Of one operation, unless all are asked for."""


class Table:
    """Writes to a console; text of clouds is made harmless on the way.

    Args:
        console: Where to.
        strict: Whether notes count as differences.
        verbose: Whether everything is shown.
    """

    def __init__(self, console: Console, *, strict: bool, verbose: bool) -> None:
        self._console = console
        self._strict = strict
        self._verbose = verbose

    def plan(self, plan: Plan, *, whole: bool) -> None:
        """The plan of a live run: its first line, the steps, and with ``whole`` what is left out too."""
        first, *lines = plan.as_lines()
        self._line(Text(self._fit(first), style="bold"))
        for line in lines:
            left_out = line.startswith("   -  ")
            if whole or not left_out:
                self._line(Text(self._fit(line), style="dim" if left_out else ""))
        if not whole and plan.skipped:
            words = f"   -  {len(plan.skipped)} operations are left out; --plan says why"
            self._line(Text(words, style="dim"))
        if whole:
            self._line(Text("Nothing was sent."))
        self._line()

    def recorded(self, name: str, count: int) -> None:
        """Where a recording is."""
        self._line(Text(self._fit(f"Recorded {count} exchanges, without secrets: {name}")))
        self._line()

    def show(self, reports: Sequence[Report], seconds: Sequence[float]) -> None:
        """All reports: of one its operations, of several an overview and what differs."""
        if len(reports) > 1:
            self._overview(reports, seconds)
        for report, took in zip(reports, seconds, strict=True):
            details = self._verbose or len(reports) == 1 or self._code(report) != 0
            if details:
                self._report(report, took, alone=len(reports) == 1)
        for report in reports:
            self._proposals(report)

    def _overview(self, reports: Sequence[Report], seconds: Sequence[float]) -> None:
        from deviceclouds.testing.contract.reports.words import OUTCOMES, notes

        table = RichTable(box=None, pad_edge=False, padding=(0, 1, 0, 0))
        for name in ("cloud", "total", *OUTCOMES, "notes", "calls", "seconds"):
            table.add_column(name, justify="left" if name == "cloud" else "right", overflow="crop")
        for report, took in zip(reports, seconds, strict=True):
            counts = report.counts
            cells = [
                Text(str(counts[key]), style=STYLES[key] if counts[key] else "dim")
                for key in OUTCOMES
            ]
            table.add_row(
                Text(report.vendor, style="bold"),
                Text(str(len(report.results))),
                *cells,
                Text(str(notes(report))),
                Text(str(sum(result.calls for result in report.results))),
                Text(f"{took:.1f}"),
            )
        # In a file nobody sees where a screen would have ended.
        width = self._console.width if self._console.is_terminal else 200
        self._console.print(table, width=width)
        self._line()
        bad = sum(self._code(report) != 0 for report in reports)
        if not bad:
            self._line(Text("All keep to their specifications.", style="green"))
        if not bad and not self._verbose:
            remarks = {remark for report in reports for remark in report.remarks}
            for remark in sorted(remarks):
                self._hanging(self._fit(remark), "Remark: ", "dim")

    def _report(self, report: Report, took: float, *, alone: bool) -> None:
        from deviceclouds.testing.contract.reports.words import compared, notes, summary

        head = f"{report.vendor} {report.api_version}: {compared(report)}"
        self._line(Text(self._fit(head), style="bold"))
        shown = [r for r in report.results if self._is_shown(r, alone)]
        self._operations(shown)
        self._left_out(report, [r for r in report.results if r not in shown])
        for remark in report.remarks:
            self._hanging(self._fit(remark), "Remark: ", "dim")
        noted = notes(report)
        words = f"{summary(report)}; {noted} note{'' if noted == 1 else 's'}; {took:.1f} s"
        self._line(
            Text(self._fit(words), style="bold green" if self._code(report) == 0 else "bold red")
        )
        self._line()

    def _is_shown(self, result: OperationResult, alone: bool) -> bool:
        if self._verbose or result.outcome == "differs" or (self._strict and result.findings):
            return True
        return alone and result.outcome != "skipped"

    def _code(self, report: Report) -> int:
        from deviceclouds.testing.contract.reports.words import worst_exit_code

        return worst_exit_code([report], strict=self._strict)

    def _operations(self, results: Sequence[OperationResult]) -> None:
        from deviceclouds.testing.contract.reports.words import evidence, statuses

        names = [self._fit(result.name, 60) for result in results]
        width = max(map(len, names), default=0)
        for name, result in zip(names, results, strict=True):
            calls = f"{result.calls} call{'' if result.calls == 1 else 's'}"
            facts = f"{name:<{width}}  {statuses(result):<8}  {calls:<9}  {evidence(result)}"
            line = Text(f"{result.outcome:<{INDENT - 2}}", style=STYLES[result.outcome])
            self._line(Text("  ").append(line).append(self._fit(facts), style="default"))
            if result.reason and result.outcome != "ok":
                self._hanging(self._fit(result.reason), " " * INDENT, "dim")
            self._findings(result.findings)

    def _findings(self, findings: Sequence[Finding]) -> None:
        ordered = sorted(findings, key=lambda finding: not finding.breaking)
        most = len(ordered) if self._verbose else MOST_FINDINGS
        for finding in ordered[:most]:
            counts = finding.breaking or self._strict
            text = self._fit(f"{finding.location}: {finding.message} ({finding.kind})")
            self._hanging(
                text, " " * INDENT + ("" if counts else "note "), "red" if counts else "cyan"
            )
        if len(ordered) > most:
            words = f"and {len(ordered) - most} more; --verbose shows all"
            self._hanging(words, " " * INDENT, "dim")

    def _left_out(self, report: Report, results: Sequence[OperationResult]) -> None:
        """Operations that are not listed, by outcome and reason."""
        reasons: dict[str, int] = {}
        for result in results:
            if result.outcome != "ok":
                key = f"{result.outcome}: {result.reason}" if result.reason else result.outcome
                reasons[key] = reasons.get(key, 0) + 1
        for reason, count in reasons.items():
            self._hanging(self._fit(reason), f"  {count:>3} ", "dim")

    def _proposals(self, report: Report) -> None:
        if not report.proposals:
            return
        words = f"Evidence the run suggests; after a look, put it into specs/{report.vendor}/openapi.yaml:"
        self._line(Text(self._fit(words), style="bold"))
        for proposal in report.proposals:
            words = f"{proposal.operation_id}: {proposal.before} -> {proposal.after}"
            self._line(Text(self._fit(words), style="cyan"))
            for line in proposal.yaml.splitlines():
                self._line(Text(self._fit(line)))
            self._line()

    def _hanging(self, text: str, before: str, style: str) -> None:
        """A line whose continuations stay below its text; one line where nobody looks at a screen."""
        if not self._console.is_terminal:
            self._line(Text(before + text))
            return
        head = Text(before, style=style)
        grid = RichTable.grid()
        grid.add_column(width=len(before), no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(head, Text(text, style=style))
        self._console.print(grid)

    def _line(self, text: RenderableType = "") -> None:
        self._console.print(text, soft_wrap=True)

    def _fit(self, text: str, longest: int = 500) -> str:
        """Text the console can show."""
        from deviceclouds.testing.contract.reports.texts import plain

        encoding = self._console.encoding or "utf-8"
        return plain(text, longest).encode(encoding, "backslashreplace").decode(encoding)
