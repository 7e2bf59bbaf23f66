"""``python -m benchmarks``: what ``nox -s bench`` runs."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import calls, decoding, imports, sandbox, size
from benchmarks.data import VENDORS
from benchmarks.report import Table, environment, render, write_json
from benchmarks.rivals import MissingPackageError, Workshop


def main(argv: list[str] | None = None) -> int:
    """Runs the benchmarks; 0 also when a target is missed, unless asked to be strict."""
    options = _parse(argv)
    quick = options.quick
    about = environment()
    print(", ".join(f"{name} {value}" for name, value in about.items()), flush=True)
    with tempfile.TemporaryDirectory(prefix="deviceclouds-bench-") as folder:
        workshop = Workshop(Path(folder))
        topics: dict[str, Callable[[], list[Table]]] = {
            "calls": lambda: calls.measure(workshop, rounds=20 if quick else 100),
            "decoding": lambda: decoding.measure(rounds=20 if quick else 100),
            "imports": lambda: imports.measure(workshop, repeats=5 if quick else 15),
            "sandbox": lambda: sandbox.measure(rounds=2 if quick else 5),
            "size": lambda: size.measure(workshop, repeats=1 if quick else 3),
        }
        chosen = options.only or list(topics)
        tables: list[Table] = []
        try:
            if set(chosen) - {"sandbox"}:
                workshop.prepare_stock(VENDORS if "size" in chosen else ("aitrios", "proglove"))
        except MissingPackageError as error:
            print(error)
        for topic in chosen:
            for table in topics[topic]():
                print(f"\n{render(table)}", flush=True)
                tables.append(table)
    missed = [f"{table.title}: {row.name}" for table in tables for row in table.rows if row.missed]
    print("\ntargets missed:", "".join(f"\n  {line}" for line in missed) or "none")
    if options.json is not None:
        write_json(options.json, tables, about)
    return 1 if missed and options.strict else 0


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: about half a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures here")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a target is missed")
    parser.add_argument(
        "--only",
        action="append",
        choices=["calls", "decoding", "imports", "sandbox", "size"],
        help="this topic only; may be repeated",
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
