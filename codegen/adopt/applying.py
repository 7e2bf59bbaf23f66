"""Writes upgraded evidence into our files, and changes no other byte of them."""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from codegen.adopt.comparing import Comparison
from codegen.adopt.editing import Lines
from codegen.adopt.evidence import BETTER, Upgrade
from codegen.compare import DocumentError
from codegen.files import write_whole
from codegen.lint import SpecDocument, lint
from codegen.lint.pointers import child
from codegen.lint.rules_evidence import NOTE_NEEDED
from codegen.lint.rules_source import FILE

KEY = "vendor-openapi"


@dataclass(frozen=True)
class Applied:
    """What was written: how many marks, and the key of the file in `source.toml`."""

    marks: int
    key: str


def apply_upgrades(comparison: Comparison, upgrades: Sequence[Upgrade], today: date) -> Applied:
    """Write the upgrades; all of it is written or, after a `DocumentError`, nothing."""
    spec = comparison.ours.path
    sources = spec.with_name(FILE)
    source_text = _read(sources)
    key, entry = _source(comparison, source_text, today)
    lines = Lines(_read(spec))
    # From the end to the start: an edit moves only what stands after it.
    for upgrade in sorted(upgrades, key=lambda one: one.line, reverse=True):
        _upgrade(lines, comparison.ours, upgrade, key)
    _check(spec, lines.text(), source_text + entry)
    if entry:
        write_whole(sources, source_text + entry)
    write_whole(spec, lines.text())
    return Applied(len(upgrades), key)


def _upgrade(lines: Lines, ours: SpecDocument, upgrade: Upgrade, key: str) -> None:
    pointer = child(upgrade.pointer, "x-evidence")
    parts = {
        ours.lines[child(pointer, name)]: name
        for name in ("status", "source", "note")
        if child(pointer, name) in ours.lines
    }
    for line in sorted(parts, reverse=True):
        name = parts[line]
        if name == "status":
            lines.set_word(line, "status", BETTER)
        elif name == "source":
            lines.add_entry(line, "source", key)
        elif upgrade.before in NOTE_NEEDED:
            # The old note stays: it may speak of meanings, which no file of names and types confirms.
            words = f"In name, place and type confirmed by {key}; was {upgrade.before} before."
            lines.prefix_text(line, "note", words)


def _source(comparison: Comparison, text: str, today: date) -> tuple[str, str]:
    """Return the key of their file in `source.toml`, and what to add for it; nothing if it stands there."""
    known = tomllib.loads(text).get("sources", {})
    for key, entry in known.items():
        if isinstance(entry, dict) and entry.get("sha256") == comparison.theirs.sha256:
            return key, ""
    key, number = KEY, 1
    while key in known:
        number += 1
        key = f"{KEY}-{number}"
    end = "\r\n" if "\r\n" in text else "\n"
    name = re.sub(r'[\x00-\x1f\x7f"\\]', "_", comparison.theirs.path.name)
    rows = [
        "",
        f"[sources.{key}]",
        'kind = "public-spec"',
        f'file = "{name}"',
        f'sha256 = "{comparison.theirs.sha256}"',
        f"read = {today.isoformat()}",
        "",
    ]
    start = "" if text.endswith("\n") else end
    return key, start + end.join(rows)


def _check(spec: Path, text: str, sources: str) -> None:
    """Refuse what the linter would find that it does not find now."""
    before = {problem.message for problem in lint(spec)}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / spec.resolve().parent.name / spec.name
        copy.parent.mkdir()
        copy.write_bytes(text.encode())
        copy.with_name(FILE).write_bytes(sources.encode())
        new = [problem for problem in lint(copy) if problem.message not in before]
    if new:
        raise DocumentError(
            f"the linter would refuse the upgraded file: {new[0].message}",
            where=str(spec),
            line=new[0].line,
            remedy="nothing was written; upgrade this one by hand",
        )


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
