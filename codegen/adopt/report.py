"""The worklist as text for people and as JSON."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from codegen.adopt.applying import Applied
from codegen.adopt.comparing import Comparison
from codegen.adopt.evidence import BETTER, Upgrade, is_ours
from codegen.adopt.findings import WORK, Finding, Kind
from codegen.adopt.words import sentence, subject

_COUNTS = {
    Kind.WRONG: "wrong in ours",
    Kind.LACK: "missing in ours",
    Kind.EXTRA: "missing in theirs",
    Kind.UNSAID: "they do not say",
}
_SHOWN = 6


class Report:
    """What came of one comparison."""

    def __init__(
        self, comparison: Comparison, upgrades: Sequence[Upgrade], applied: Applied | None = None
    ) -> None:
        self.comparison = comparison
        self.upgrades = list(upgrades)
        self.applied = applied
        self.work = [finding for finding in comparison.findings if finding.kind in WORK]
        self.unsaid = [finding for finding in comparison.findings if finding.kind is Kind.UNSAID]

    @property
    def is_done(self) -> bool:
        """Return whether nothing is left to do."""
        return not self.work and (not self.upgrades or self.applied is not None)

    def text(self) -> str:
        """Return the worklist, ready to print."""
        return "\n".join([*self._head(), *self._worklist(), *self._evidence(), *self._end()])

    def _head(self) -> Iterator[str]:
        ours, theirs = self.comparison.ours, self.comparison.theirs
        paired = sum(not pair.ours.is_webhook for pair in self.comparison.matching.pairs)
        alone = self.comparison.matching.theirs_only
        count = paired + sum(not place.is_webhook for place in alone)
        own = sum(not operation.is_webhook for operation in ours.operations)
        yield (
            f"{self.comparison.vendor}: {theirs.path.name} (OpenAPI {theirs.version}, {count} operations) "
            f"beside {ours.path} ({own} operations, {paired} in both)"
        )
        yield from self.comparison.remarks

    def _worklist(self) -> Iterator[str]:
        for title, group in itertools.groupby(self.work, self._title):
            yield from ("", title)
            for finding in group:
                yield from self._lines(finding)
        if self.unsaid:
            yield from (
                "",
                "They do not say (nothing to do: their silence makes nothing of ours wrong)",
            )
            for finding in self.unsaid:
                yield from self._lines(finding, with_title=True)

    def _lines(self, finding: Finding, *, with_title: bool = False) -> Iterator[str]:
        title = f"{self._title(finding)}: " if with_title and len(finding.operations) == 1 else ""
        kind = "" if with_title else f"[{finding.kind.value}] "
        yield f"{finding.number:4}. {kind}{title}{subject(finding)}: {sentence(finding)}"
        yield f"      {self._where(finding)}"
        if len(finding.operations) > 1:
            yield f"      in {self._reached(finding)}"

    def _title(self, finding: Finding) -> str:
        operations = finding.operations
        if not operations:
            return "The API as a whole"
        return self._name(operations[0]) if len(operations) == 1 else "Shared by several operations"

    def _name(self, operation: str) -> str:
        facts = self._operations.get(operation)
        if facts is None:
            return operation
        shown = f"{facts['method']} {facts['path']}" if "path" in facts else operation
        return f"{shown}  {facts.get('operationId', '')}".rstrip()

    @cached_property
    def _operations(self) -> dict[str, dict[str, Any]]:
        """Facts of all operations, ours where both have one."""
        both = (self.comparison.their_facts, self.comparison.our_facts)
        return {p.operation: facts.places[p] for facts in both for p in facts.operations()}

    def _reached(self, finding: Finding) -> str:
        names = [self._name(operation).partition("  ") for operation in finding.operations]
        short = [name or operation for operation, _, name in names]
        more = f" and {len(short) - _SHOWN} more" if len(short) > _SHOWN else ""
        return f"{', '.join(short[:_SHOWN])}{more}"

    def _where(self, finding: Finding) -> str:
        ours = self.ours_at(finding)
        theirs = [self.comparison.theirs.pointer(home) for home in finding.their_homes if home]
        found = f"theirs #{theirs[0]}" if theirs else "not in theirs"
        more = f" and {len(theirs) - 1} more" if len(theirs) > 1 else ""
        here = f"ours {self.comparison.ours.path}:{ours}" if ours else "not in ours"
        return f"{here}  {found}{more}"

    def ours_at(self, finding: Finding) -> int:
        """Return the line in our file, 0 where ours has nothing of it."""
        home = finding.raw.our_home
        return self.comparison.ours.line(home) if home else 0

    def _evidence(self) -> Iterator[str]:
        if is_ours(self.comparison):
            yield from (
                "",
                "Their file carries our own marks (`x-evidence`): made from ours, it confirms nothing.",
            )
        if not self.upgrades:
            return
        done = "was upgraded" if self.applied else "can be upgraded"
        yield from ("", f"Evidence that {done} to {BETTER}: their file says the same")
        for upgrade in self.upgrades:
            path = self.comparison.ours.path
            yield f"  {path}:{upgrade.line}  {upgrade.subject} (was {upgrade.before})"
        yield "  It confirms names, places and types, not what a value means: the notes stay, read them."

    def _end(self) -> Iterator[str]:
        counts = Counter(finding.kind for finding in self.comparison.findings)
        parts = [f"{counts[kind]} {words}" for kind, words in _COUNTS.items()]
        yield ""
        yield f"{', '.join(parts)}; {len(self.upgrades)} marks of evidence to upgrade."
        vendor = self.comparison.vendor
        if self.applied:
            yield (
                f"Wrote {self.applied.marks} marks and [sources.{self.applied.key}]. "
                f"Next: `git diff specs/{vendor}`, then `nox -s regenerate -- {vendor}`."
            )
        if self.work:
            yield (
                f"Next: go through the list, correct specs/{vendor}/openapi.yaml where theirs is right, "
                f"then `nox -s regenerate -- {vendor}`."
            )
        if self.upgrades and not self.applied:
            yield "`--apply-evidence` upgrades the marks of evidence and nothing else."
        if self.is_done and not self.applied:
            yield "Nothing to do."

    def data(self) -> dict[str, Any]:
        """Return all of it as plain values for JSON."""
        counts = Counter(finding.kind for finding in self.comparison.findings)
        return {
            "vendor": self.comparison.vendor,
            "file": self.comparison.theirs.path.name,
            "openapi": self.comparison.theirs.version,
            "sha256": self.comparison.theirs.sha256,
            "remarks": self.comparison.remarks,
            "counts": {kind.value: counts[kind] for kind in Kind},
            "findings": [self._entry(finding) for finding in self.comparison.findings],
            "evidence": [
                {
                    "pointer": u.pointer,
                    "line": u.line,
                    "subject": u.subject,
                    "from": u.before,
                    "to": BETTER,
                }
                for u in self.upgrades
            ],
            "evidence_applied": self.applied is not None,
        }

    def _entry(self, finding: Finding) -> dict[str, Any]:
        theirs = [self.comparison.theirs.pointer(home) for home in finding.their_homes if home]
        return {
            "number": finding.number,
            "kind": finding.kind.value,
            "fact": finding.raw.name,
            "operations": [self._name(name).partition("  ")[0] for name in finding.operations],
            "subject": subject(finding),
            "message": sentence(finding),
            "ours": {
                "file": Path(self.comparison.ours.path).as_posix(),
                "line": self.ours_at(finding),
                "pointer": finding.raw.our_home,
            },
            "theirs": theirs,
        }
