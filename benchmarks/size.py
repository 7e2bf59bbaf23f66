"""How much code is generated, and how long that takes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.data import ROOT, VENDORS
from benchmarks.report import Row, Table
from benchmarks.rivals import MissingPackageError, Workshop

__all__ = ["LIMIT", "count_lines", "measure"]

LIMIT = 25_000
SECONDS = 5.0


def count_lines(folder: Path) -> int:
    """Lines of all Python files below a folder, as ``wc -l`` counts them."""
    return sum(path.read_bytes().count(b"\n") for path in folder.rglob("*.py"))


def measure(workshop: Workshop, *, repeats: int) -> list[Table]:
    """Lines against the limit and against the stock output; time to regenerate."""
    note = ""
    try:
        stock = {vendor: count_lines(workshop.stock_folder(vendor)) for vendor in VENDORS}
    except MissingPackageError as error:
        stock, note = {}, str(error)
    ours = {vendor: count_lines(ROOT / "generated" / vendor / "src") for vendor in VENDORS}
    rows = [_row(vendor, ours[vendor], stock.get(vendor), None, note) for vendor in VENDORS]
    rows.append(_row("all five", sum(ours.values()), sum(stock.values()) or None, LIMIT, note))
    lines = Table("Generated code, lines of Python", tuple(rows))
    return [lines, Table("Regeneration", (_regeneration(repeats),))]


def _row(name: str, ours: int, stock: int | None, target: float | None, note: str) -> Row:
    if stock is None:
        return Row(name, ours, "lines", target, note)
    details = {"lines": stock, "times ours": stock / ours}
    return Row(name, ours, "lines", target, "stock output", details)


def _regeneration(repeats: int) -> Row:
    name = "lint, generate and compare all five, one process"
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "codegen", "regenerate", "--check"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        best = min(best, time.perf_counter() - began)
        # 1 is also what it says when generated/ is stale: the work was done all the same.
        if done.returncode and "is stale" not in done.stdout:
            lines = (done.stderr or done.stdout).strip().splitlines() or [""]
            return Row(name, None, "s", SECONDS, f"failed: {lines[-1]}")
    return Row(name, best, "s", SECONDS)
