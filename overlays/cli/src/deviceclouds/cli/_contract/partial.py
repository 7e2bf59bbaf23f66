"""The report of a run that was interrupted before it could make one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from deviceclouds.testing import Spec
    from deviceclouds.testing.contract.results import Report

__all__ = ["interrupted_report"]


def interrupted_report(
    vendor: str, spec: Spec | None, mode: Literal["offline", "recorded"]
) -> Report:
    """A report in which nothing was called, and which says why.

    Args:
        vendor: Name of the vendor.
        spec: Its specification; None for the one that is installed.
        mode: What was run.
    """
    from deviceclouds.testing import load_spec
    from deviceclouds.testing.contract.results import OperationResult, Report
    from deviceclouds.testing.contract.specs import api_version, marked_evidence, spec_sha256
    from deviceclouds.testing.sandbox.pages.names import method_name

    spec = spec or load_spec(vendor)
    results = tuple(
        OperationResult(
            operation.id,
            method_name((operation.raw.get("tags") or [""])[0], operation.id),
            marked_evidence(operation.extensions),
            "skipped",
            reason="the run was interrupted",
        )
        for operation in spec.operations.values()
    )
    return Report(
        vendor=vendor,
        mode=mode,
        api_version=api_version(spec),
        spec_sha256=spec_sha256(spec),
        target="",
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        results=results,
        failure=(130, "interrupted"),
    )
