"""Each kind of change in each direction is recognised, rated as the table says, and told once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from codegen.diff.rating import rate
from codegen.diff.table import KINDS

from .cases import Case, cases

CASES = cases()
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_kind(case: Case) -> None:
    changes = rate(case.before, case.after)
    told = Counter(change.kind for change in changes)
    assert told == Counter({case.kind: 1} | case.also), [change.line for change in changes]
    rating = dict(KINDS[case.kind].rows())[case.way]
    assert {change.rating for change in changes if change.kind == case.kind} == {rating}


def test_every_row_of_the_table_has_a_case() -> None:
    rows = {(kind.key, way) for kind in KINDS.values() for way, _ in kind.rows()}
    assert {(case.kind, case.way) for case in CASES} == rows
