"""The page that says what is known and what is guessed, with counts and every inferred or guessed operation."""

from __future__ import annotations

from collections import Counter
from typing import Any

from deviceclouds.testing import load_spec
from deviceclouds.testing.sandbox.pages.names import EVIDENCE, SHORT_NAMES
from deviceclouds.testing.sandbox.pages.reference import OperationView, reference_page

from .markup import how_known, mark, table

__all__ = ["evidence_page"]

_INTRODUCTION = """\
# What is known and what is guessed

Every operation says how it is known, and so does every parameter or field whose origin differs from that of its
operation. None of it has been tried on a live cloud by us.
"""
_DETAILS = """\
## Details that differ from their operation

Parameters, fields, replies and objects whose origin is another than that of the operations that use them. The
reference shows each with its mark; what has no mark is known as its operation is.
"""
_GUESSES = """\
## Operations that are inferred or guessed

A call of an operation that is a guess warns with `UnverifiedOperationWarning`; `paths=` replaces method and path, and
ends the warning.
"""


def evidence_page() -> str:
    """The page, as Markdown."""
    marks = [mark(status) for status in EVIDENCE]
    operations, details, guesses = [], [], []
    for vendor, name in SHORT_NAMES.items():
        views = [view for each in reference_page(vendor).groups.values() for view in each]
        known = Counter(view.evidence.status for view in views)
        link = f"[{name}]({vendor}/index.md)"
        operations.append([link, str(len(views)), *_numbers(known)])
        details.append([name, *_numbers(_details(vendor))])
        guesses += [
            _guess(vendor, name, v)
            for v in views
            if v.evidence.status in ("inferred", "unverified")
        ]
    parts = [
        _INTRODUCTION,
        table(["mark", "meaning"], [[mark(s), meaning] for s, meaning in EVIDENCE.items()]),
        "## Operations by vendor",
        table(["vendor", "operations", *marks], operations),
        _DETAILS,
        table(["vendor", *marks], details),
        _GUESSES,
        *guesses,
    ]
    return "\n\n".join(parts) + "\n"


def _numbers(counts: Counter[str]) -> list[str]:
    return [str(counts[status] or "") for status in EVIDENCE]


def _guess(vendor: str, name: str, view: OperationView) -> str:
    space, _, method = view.client_method.partition(".")
    return (
        f"### {name}: {view.client_method}\n\n`{view.method} {view.path}` is what is sent today. "
        f"[Its reference]({vendor}/{space}.md#{method})\n\n{how_known(view.evidence)}"
    )


def _details(vendor: str) -> Counter[str]:
    """How often each mark stands below operations and webhooks."""
    found: Counter[str] = Counter()
    rest: list[Any] = [load_spec(vendor).document]
    while rest:
        node = rest.pop()
        if isinstance(node, dict):
            if "x-evidence" in node and "responses" not in node:
                found[node["x-evidence"]["status"]] += 1
            rest += [child for key, child in node.items() if not key.startswith("example")]
        elif isinstance(node, list):
            rest += node
    return found
