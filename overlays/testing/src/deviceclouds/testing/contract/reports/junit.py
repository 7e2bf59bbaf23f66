"""Contract runs as JUnit XML, as GitLab, GitHub actions and Jenkins read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # writes only

from ..results import EXIT_CREDENTIALS, EXIT_UNREACHABLE
from .texts import plain, shareable
from .words import compared, evidence, notes, summary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..results import Finding, OperationResult, Report

__all__ = ["as_junit"]


def as_junit(reports: Iterable[Report], *, strict: bool = False) -> str:
    """One test suite for each report, one test case for each operation.

    A suite is red exactly when the run's exit status is not 0: operations that were refused or not reached are errors
    where that is what made the run fail, and skipped otherwise.

    Args:
        reports: Reports of runs.
        strict: Whether notes make an operation fail.

    Returns:
        XML text with its declaration, UTF-8.
    """
    root = ET.Element("testsuites", name="deviceclouds contract")
    suites = [_suite(shareable(report), strict) for report in reports]
    root.extend(suites)
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(report: Report, strict: bool) -> ET.Element:
    suite = ET.Element("testsuite", name=f"deviceclouds.{plain(report.vendor)}")
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(report):
        ET.SubElement(properties, "property", name=name, value=value)
    # Nothing was called, so that is what the run says; see Report.exit_code.
    unanswered = report.exit_code in (EXIT_CREDENTIALS, EXIT_UNREACHABLE)
    cases = [_case(report, result, strict, unanswered) for result in report.results]
    if report.failure is not None:
        cases.append(_ended_early(report, report.failure))
    suite.extend(cases)
    for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("tests", str(len(cases)))
    suite.set("timestamp", _timestamp(report.started))
    ET.SubElement(suite, "system-out").text = "\n".join(
        plain(line) for line in (summary(report), f"{notes(report)} notes", *report.remarks)
    )
    return suite


def _properties(report: Report) -> list[tuple[str, str]]:
    found = [
        ("compared", compared(report)),
        ("api_version", plain(report.api_version)),
        ("spec_sha256", plain(report.spec_sha256)),
    ]
    for proposal in report.proposals:
        words = f"{proposal.before} to {proposal.after}"
        found.append((f"evidence.{plain(proposal.operation_id)}", plain(words)))
    return found


def _case(report: Report, result: OperationResult, strict: bool, unanswered: bool) -> ET.Element:
    namespace, _, method = result.name.rpartition(".")
    case = ET.Element(
        "testcase",
        classname=plain(".".join(filter(None, ("deviceclouds", report.vendor, namespace)))),
        name=plain(method or result.operation_id),
        time="0",
    )
    counted = [finding for finding in result.findings if finding.breaking or strict]
    if result.outcome == "differs" or counted:
        _add(case, "failure", _failure_message(counted), "contract", counted)
    elif result.outcome in ("refused", "unreachable") and unanswered:
        _add(case, "error", result.reason or result.outcome, result.outcome)
    elif result.outcome != "ok":
        ET.SubElement(case, "skipped", message=plain(result.reason or result.outcome))
    noted = [finding for finding in result.findings if finding not in counted]
    facts = [f"evidence: {evidence(result)}, calls: {result.calls}"]
    if result.statuses:
        facts[0] += f", statuses: {', '.join(map(str, result.statuses))}"
    ET.SubElement(case, "system-out").text = "\n".join(
        plain(line) for line in (*facts, *(f"note: {_line(finding)}" for finding in noted))
    )
    return case


def _failure_message(findings: list[Finding]) -> str:
    if not findings:
        return "differs from the specification"
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return f"{findings[0]}{more}"


def _ended_early(report: Report, failure: tuple[int, str]) -> ET.Element:
    case = ET.Element(
        "testcase", classname=f"deviceclouds.{plain(report.vendor)}", name="run", time="0"
    )
    _add(case, "error", failure[1], f"exit status {failure[0]}")
    return case


def _add(
    case: ET.Element, tag: str, message: str, kind: str, findings: Iterable[Finding] = ()
) -> None:
    element = ET.SubElement(case, tag, message=plain(message), type=plain(kind))
    element.text = "\n".join(plain(_line(finding)) for finding in findings) or plain(message)


def _line(finding: Finding) -> str:
    rule = f", {finding.rule}" if finding.rule else ""
    return f"{finding.location}: {finding.message} ({finding.kind}{rule})"


def _timestamp(started: str) -> str:
    """Without zone and fraction, which some readers refuse; it is UTC."""
    found = re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", started)
    return found[0] if found else "1970-01-01T00:00:00"
