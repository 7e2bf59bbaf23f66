"""What was found of each operation, once each, however often it was seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..names import client_operations
from ..results import ContractRunError, Finding, OperationResult, Outcome, any_index
from ..specs import marked_evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..._operations import Operation
    from ..._spec import Spec

__all__ = ["Tally"]

_REFUSED = (401, 403)
_TOO_MANY, _SERVER_ERROR = 429, 500
_MAX_FINDINGS = 200


@dataclass(slots=True)
class _Seen:
    calls: int = 0
    told: int = 0  # replies that say something of the contract, or that the caller is refused
    refused: int = 0
    statuses: set[int] = field(default_factory=set)
    # By kind, rule and place, whatever the index of a list: the first of each is kept.
    findings: dict[tuple[str, str, str], Finding] = field(default_factory=dict)


class Tally:
    """Gathers findings by operation.

    Args:
        spec: The specification; each of its operations gets a result.
    """

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._seen: dict[str, _Seen] = {}

    def add(
        self,
        operation_id: str,
        status: int | None,
        findings: Iterable[Finding],
        *,
        refused: bool = False,
    ) -> None:
        """Notes one exchange.

        Args:
            operation_id: What was called.
            status: HTTP status; None where no reply came.
            findings: What is wrong, and notes.
            refused: Whether the credentials were refused, whatever the status.
        """
        seen = self._seen.setdefault(operation_id, _Seen())
        seen.calls += 1
        if status is not None:
            seen.statuses.add(status)
            seen.told += status < _SERVER_ERROR and status != _TOO_MANY
            seen.refused += refused or status in _REFUSED
            findings = _telling(status, findings)
        for finding in findings:
            key = (finding.kind, finding.rule, any_index(finding.location))
            if len(seen.findings) < _MAX_FINDINGS:
                seen.findings.setdefault(key, finding)

    def note(self, operation_id: str, finding: Finding) -> None:
        """Adds a finding about several exchanges of an operation that was seen."""
        key = (finding.kind, finding.rule, finding.location)
        self._seen[operation_id].findings.setdefault(key, finding)

    def results(self, absent: str) -> tuple[OperationResult, ...]:
        """A result for each operation, in the specification's order.

        Args:
            absent: The reason of those that were not seen.
        """
        names = _names(self._spec)
        return tuple(
            self._result(operation, names.get(operation.id, operation.id), absent)
            for operation in self._spec.operations.values()
        )

    def _result(self, operation: Operation, name: str, absent: str) -> OperationResult:
        evidence = marked_evidence(operation.extensions)
        seen = self._seen.get(operation.id)
        if seen is None:
            return OperationResult(operation.id, name, evidence, "skipped", reason=absent)
        findings = tuple(seen.findings.values())
        outcome, reason = _outcome(seen, any(finding.breaking for finding in findings))
        statuses = tuple(sorted(seen.statuses))
        return OperationResult(
            operation.id, name, evidence, outcome, findings, seen.calls, statuses, reason
        )


def _telling(status: int, findings: Iterable[Finding]) -> Iterable[Finding]:
    """As in a live run: faults of a server and refusals say little of the contract; what was asked still counts."""
    if status == _TOO_MANY or status >= _SERVER_ERROR:
        return [finding for finding in findings if finding.kind == "request"]
    if status in _REFUSED:
        return [finding for finding in findings if finding.rule != "status"]
    return findings


def _outcome(seen: _Seen, differs: bool) -> tuple[Outcome, str]:
    if differs:
        return "differs", ""
    if not seen.statuses:
        return "unreachable", "no reply"
    statuses = ", ".join(map(str, sorted(seen.statuses)))
    if not seen.told:
        return "unreachable", f"answered {statuses} only"
    if seen.refused == seen.told:
        return "refused", f"answered {statuses} only"
    return "ok", ""


def _names(spec: Spec) -> Mapping[str, str]:
    """Names of methods where the client is installed; a replay needs no client."""
    try:
        return {key: operation.name for key, operation in client_operations(spec.vendor).items()}
    except ContractRunError:
        return {}
