"""What is said of calls that are not as the specification has them: names and rules, never values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..._spec import load_spec

if TYPE_CHECKING:
    from ..._journal import JournalEntry

__all__ = ["complaint"]

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"))
MOST = 10
"""Kinds of calls that are told of."""


def complaint(calls: Iterable[JournalEntry]) -> str:
    """A message about the calls that were not valid, equal ones once; empty if all were."""
    found = list(calls)
    bad = [entry for entry in found if not entry.ok]
    if not bad:
        return ""
    kinds = Counter((entry.vendor, _called(entry), entry.problems) for entry in bad)
    lines = [
        f"{len(bad)} of {len(found)} calls of this test are not as the specification has them:"
    ]
    for (vendor, called, problems), times in list(kinds.items())[:MOST]:
        lines.append(f"{vendor} {called}{'' if times == 1 else f', {times} times'}:")
        lines += [f"  - {problem} ({problem.rule})" for problem in problems]
    if len(kinds) > MOST:
        lines.append(f"and {len(kinds) - MOST} more kinds of calls")
    vendors = sorted({entry.vendor for entry in bad})
    files = ", ".join(f"specs/{vendor}/openapi.yaml" for vendor in vendors)
    lines.append(
        f"Correct the calls; if the cloud does take them, correct {files}. Where a test sends them on purpose:\n"
        f'@pytest.mark.deviceclouds("{vendors[0]}", allow_invalid=True), or deviceclouds.allow_problems().'
    )
    return "\n".join(lines)


def _called(entry: JournalEntry) -> str:
    if entry.operation_id is not None:
        operation = load_spec(entry.vendor).operation(entry.operation_id)
        return f"{operation.id} ({operation.method} {operation.path})"
    # What stands in an unknown path may be anything; what the specification has in its paths is no secret.
    known = {
        part
        for each in load_spec(entry.vendor).operations.values()
        for part in each.path.split("/")
    }
    shown = [part if part in known else "***" for part in re.split("/", entry.path)]
    method = entry.method if entry.method in _METHODS else "***"
    return f"no operation ({method} {'/'.join(shown)})"
