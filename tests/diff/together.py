"""Asks Redocly about many cases at once: a Node start takes longer than the comparison."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from typing import Any

from codegen.diff.second_opinion import Redocly, Verdict

from .cases import Case

#: What cases cannot have of their own within one document.
_SHARED = ("info", "servers", "securitySchemes")
_NUMBER = re.compile(r"^/(?:paths/~1case(\d+)~1|(?:webhooks|components/\w+)/case(\d+)_)")


def ask_about(redocly: Redocly, cases: list[Case]) -> dict[str, tuple[Case, list[Verdict]]]:
    """What Redocly says of each case."""
    alone = [case for case in cases if _parts(case.before) != _parts(case.after)]
    said = {case.id: redocly.compare(case.before, case.after) for case in alone}
    others = [case for case in cases if case.id not in said]
    before, after = (
        _joined([copy.deepcopy(getattr(case, side)) for case in others])
        for side in ("before", "after")
    )
    said |= {case.id: [] for case in others}
    for verdict in redocly.compare(before, after):
        match = _NUMBER.match(verdict.pointer)
        assert match is not None, verdict
        number = int(match[1] or match[2])
        pointer = verdict.pointer.replace(f"case{number}~1", "").replace(f"case{number}_", "")
        said[others[number].id].append(replace(verdict, pointer=pointer))
    return {case.id: (case, said[case.id]) for case in cases}


def _parts(document: dict[str, Any]) -> list[Any]:
    # An operation that goes in one case and one that comes in another would look like a move.
    shared = [document.get(name) or document["components"].get(name) for name in _SHARED]
    return [*shared, document["paths"].keys(), document["paths"].get("/guess", {}).keys()]


def _joined(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """One document with the paths, webhooks and components of all, under names of their own."""
    whole = documents[0] | {"paths": {}, "webhooks": {}, "components": {}}
    whole["components"] = {"securitySchemes": documents[0]["components"]["securitySchemes"]}
    for number, document in enumerate(documents):
        text = json.dumps(document)
        text = re.sub(r"(#/components/\w+/)", rf"\g<1>case{number}_", text)
        own = json.loads(text)
        whole["paths"] |= {f"/case{number}{path}": item for path, item in own["paths"].items()}
        whole["webhooks"] |= {f"case{number}_{k}": v for k, v in own["webhooks"].items()}
        for kind in ("responses", "schemas"):
            named = {f"case{number}_{k}": v for k, v in own["components"][kind].items()}
            whole["components"].setdefault(kind, {}).update(named)
    return whole
