"""Reports made by hand, for the tests of what is made of them."""

from __future__ import annotations

from typing import Any

from deviceclouds.testing.contract.results import (
    Finding,
    OperationResult,
    Proposal,
    Report,
)

__all__ = ["NASTY", "finding", "made_report", "result"]

NASTY = "a|b`c`<script>&amp; @octocat #12 http://evil.example *x* $m$ \x1b[31m\r\n| \ud800 \u202e \x00 ~~y~~ [z](w)"
"""A field name as a hostile cloud would send it."""


def finding(kind: Any = "schema", location: str = "body/devices/0/id", **more: Any) -> Finding:
    return Finding(kind, location, **{"message": "is not a string", "rule": "type", **more})


def result(operation: str = "get_devices", outcome: Any = "ok", **more: Any) -> OperationResult:
    values = {"evidence": "documented", "calls": 1, "statuses": (200,), **more}
    return OperationResult(operation, f"manage_devices.{operation}", outcome=outcome, **values)


def made_report(*results: OperationResult, **more: Any) -> Report:
    values: dict[str, Any] = {
        "vendor": "aitrios",
        "mode": "live",
        "api_version": "2.0.0",
        "spec_sha256": "ab" * 32,
        "target": "https://console.aitrios.sony-semicon.com/api/v2",
        "started": "2026-11-21T12:30:00+00:00",
        **more,
    }
    return Report(results=results or (result(),), **values)


def proposal(**more: Any) -> Proposal:
    values = {
        "operation_id": "get_devices",
        "before": "unverified",
        "after": "corroborated",
        "yaml": "x-evidence:\n  status: corroborated\n  source: live\n",
        **more,
    }
    return Proposal(**values)
