"""The table in docs/spec-changes.md is the one in the code."""

from __future__ import annotations

from pathlib import Path

from codegen.diff.opinions import DISAGREEMENTS
from codegen.diff.table import table

TEXT = (Path(__file__).parents[2] / "docs" / "spec-changes.md").read_text(encoding="utf-8")


def test_table() -> None:
    assert table() in TEXT, "put the output of `python -m codegen.diff --table` there"


def test_reasons_of_disagreements() -> None:
    for kind, reason in DISAGREEMENTS.items():
        escaped = reason.replace("|", "\\|")
        assert f"| `{kind}` | {escaped} |" in TEXT
