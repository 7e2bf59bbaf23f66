"""A documented field under another spelling is a break; a field more, or one fewer, is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from deviceclouds.testing import check_response, load_spec
from deviceclouds.testing.contract.renamed import renamed_fields

CASES: list[tuple[str, Any, list[str]]] = [
    ("another spelling", {"numberOfEvents": 3}, ["body/NumberOfEvents"]),
    ("underscores", {"number_of_events": 3, "Total": 1}, ["body/NumberOfEvents"]),
    ("both", {"numberOfEvents": 3, "NumberOfEvents": 3}, []),
    ("a field more", {"Trend": 1, "NumberOfEvents": 2}, []),
    ("nothing of what is documented", {"error": "none"}, ["body"]),
    ("nothing at all", {}, []),
    ("a longer name", {"NumberOfEventsLast7": 1, "NumberOfEvents": 2}, []),
    ("no object", [1], []),
]


@pytest.mark.parametrize(("body", "places"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_renamed_fields(body: Any, places: list[str]) -> None:
    spec, content = load_spec("scailable"), json.dumps(body).encode()
    operation = "get_function_statistics"
    headers = {"Content-Type": "application/json"}
    notes = check_response(spec, operation, 200, headers=headers, content=content).notes
    found = list(renamed_fields(spec, operation, 200, content, notes))
    assert [problem.location for problem in found] == places


def test_broken_bodies_have_no_names() -> None:
    spec = load_spec("scailable")
    assert list(renamed_fields(spec, "get_function_statistics", 200, b"{", ())) == []
