"""Contract runs as JSON, for programs; the form is described in docs/contract.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .texts import plain, shareable
from .versions import installed_versions
from .words import worst_exit_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..results import Finding, OperationResult, Report

__all__ = ["FORMAT", "as_json"]

FORMAT = 1
"""Goes up when something is renamed, removed or means something else; not when something is added."""


def as_json(
    reports: Iterable[Report], *, strict: bool = False, versions: Mapping[str, str] | None = None
) -> str:
    """All that reports hold, as one JSON object.

    Args:
        reports: Reports of runs.
        strict: Whether notes count as differences in exit statuses.
        versions: What was installed, by name; looked up if left out.

    Returns:
        JSON text in ASCII, indented, with a line end.
    """
    found = [shareable(report) for report in reports]
    document = {
        "format": FORMAT,
        "exit_code": worst_exit_code(found, strict=strict),
        "strict": strict,
        "versions": dict(installed_versions() if versions is None else versions),
        "reports": [_report(report, strict) for report in found],
    }
    return json.dumps(_cleaned(document), indent=2, allow_nan=False) + "\n"


def _report(report: Report, strict: bool) -> dict[str, Any]:
    failure = None
    if report.failure is not None:
        failure = {"exit_code": report.failure[0], "message": report.failure[1]}
    return {
        "vendor": report.vendor,
        "mode": report.mode,
        "api_version": report.api_version,
        "spec_sha256": report.spec_sha256,
        "target": report.target,
        "started": report.started,
        "exit_code": worst_exit_code([report], strict=strict),
        "counts": dict(report.counts),
        "failure": failure,
        "remarks": list(report.remarks),
        "results": [_result(result) for result in report.results],
        "proposals": [
            {
                "operation_id": proposal.operation_id,
                "before": proposal.before,
                "after": proposal.after,
                "yaml": proposal.yaml.splitlines(),
            }
            for proposal in report.proposals
        ],
    }


def _result(result: OperationResult) -> dict[str, Any]:
    return {
        "operation_id": result.operation_id,
        "name": result.name,
        "evidence": result.evidence,
        "outcome": result.outcome,
        "calls": result.calls,
        "statuses": list(result.statuses),
        "reason": result.reason,
        "findings": [_finding(finding) for finding in result.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "breaking": finding.breaking,
        "location": finding.location,
        "message": finding.message,
        "rule": finding.rule,
    }


def _cleaned(node: Any) -> Any:
    """The same with every text made plain: half a character would be no valid JSON to some."""
    if isinstance(node, str):
        return plain(node, 10_000)
    if isinstance(node, dict):
        return {plain(key): _cleaned(value) for key, value in node.items()}
    return [_cleaned(value) for value in node] if isinstance(node, list) else node
