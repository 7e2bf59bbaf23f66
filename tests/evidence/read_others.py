"""others_ops.tsv: method, path and evidence of the other four vendors. One row is one fact."""

from __future__ import annotations

from .ledger import Ledger
from .material import other_rows
from .openapi import Spec
from .read_aitrios import STATUSES


def compare_others(ledger: Ledger, spec: Spec) -> None:
    """Note every row about the vendor."""
    for row in other_rows(spec.vendor):
        operation = spec.at(row["method"], row["path"])
        name = operation.id if operation else row["operation"]
        missed = ""
        if operation is None:
            missed = f"{row['method']} {row['path']}"
        elif operation.evidence["status"] not in STATUSES[row["confidence"]]:
            missed = f"evidence is {operation.evidence['status']}"
        ledger.fact("others_ops", name, "operation", missed)
