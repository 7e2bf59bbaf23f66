"""Rows and tables, as text and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from codegen.files import write_whole

__all__ = ["Row", "Table", "environment", "render", "write_json"]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        name: What was measured.
        figure: The figure, None where it could not be measured.
        unit: ``x`` for a ratio to the table's baseline, else a unit.
        target: Largest figure that is good enough, None where there is none.
        note: Anything to know, for example which package is missing.
        details: More figures, by unit.
        quartiles: Lower and upper quartile of the rounds' own ratios: how far to trust the figure.
    """

    name: str
    figure: float | None
    unit: str = "x"
    target: float | None = None
    note: str = ""
    details: Mapping[str, float] = field(default_factory=dict)
    quartiles: tuple[float, float] | None = None

    @property
    def missed(self) -> bool:
        """Whether there is a target and the figure is above it."""
        return self.target is not None and (self.figure is None or self.figure > self.target)

    @property
    def mark(self) -> str:
        """``ok``, ``miss``, or nothing where there is no target."""
        return "" if self.target is None else "miss" if self.missed else "ok"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one topic."""

    title: str
    rows: tuple[Row, ...]


def environment() -> dict[str, Any]:
    """What the figures depend on."""
    packages = ("msgspec", "attrs", "httpx2", "openapi-python-client", "pydantic")
    return {
        "python": platform.python_version(),
        **{package: _version(package) for package in packages},
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }


def render(table: Table) -> str:
    """A table as text."""
    lines = [
        (
            row.name,
            _number(row.figure, row.unit),
            _number(row.target, row.unit),
            row.mark,
            _rest(row),
        )
        for row in table.rows
    ]
    head = ("", "figure", "target", "", "")
    widths = [max(len(line[column]) for line in [head, *lines]) for column in range(4)]
    text = [table.title, "-" * len(table.title)]
    for name, figure, target, mark, rest in [head, *lines]:
        cells = (name.ljust(widths[0]), figure.rjust(widths[1]), target.rjust(widths[2]))
        text.append("  ".join((*cells, mark.ljust(widths[3]), rest)).rstrip())
    return "\n".join(text)


def write_json(path: Path, tables: Sequence[Table], about: Mapping[str, Any]) -> None:
    """All figures as JSON; the file is whole or as it was."""
    document = {
        "environment": dict(about),
        "tables": [
            {
                "title": table.title,
                "rows": [{**asdict(row), "mark": row.mark} for row in table.rows],
            }
            for table in tables
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(document, indent=1) + "\n")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "lines":
        return f"{value:,.0f}"
    return f"{value:.2f}{'x' if unit == 'x' else f' {unit}'}"


def _rest(row: Row) -> str:
    shown = [
        f"{value:,.{0 if name == 'lines' else 1}f} {name}" for name, value in row.details.items()
    ]
    if row.quartiles is not None:
        shown.append("quartiles {:.2f}-{:.2f}".format(*row.quartiles))
    return ", ".join([*shown, *([row.note] if row.note else [])])
