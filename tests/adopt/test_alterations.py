"""A vendor's file that differs from ours in known ways: the worklist is exactly these."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from codegen.adopt import Comparison
from codegen.adopt.words import sentence, subject
from tests.adopt.alterations import ALTERATIONS, Alteration
from tests.adopt.conftest import VENDORS, spec_of
from tests.adopt.converted import as_3_0, inlined, split_by_all_of, with_other_names

Adopt = Callable[[str, dict[str, Any]], Comparison]
Form = Callable[[dict[str, Any]], dict[str, Any]]
FORMS: dict[str, Form] = {
    "as it is": copy.deepcopy,
    "inlined": inlined,
    "other component names": with_other_names,
    "objects by allOf": split_by_all_of,
}


def check(comparison: Comparison, expected: Sequence[tuple[str, int, str]]) -> None:
    """Assert that the findings are the expected ones, one line each."""
    left = list(expected)
    unexpected = []
    for finding in comparison.findings:
        text = f"{subject(finding)}: {sentence(finding)}"
        fitting = [
            entry
            for entry in left
            if entry[0] == finding.kind.value
            and entry[1] == len(finding.operations)
            and entry[2] in text
        ]
        if fitting:
            left.remove(fitting[0])
        else:
            unexpected.append((finding.kind.value, len(finding.operations), text))
    assert (unexpected, left) == ([], [])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_an_unaltered_copy_gives_no_finding(vendor: str, form: str, adopt: Adopt) -> None:
    document = as_3_0(spec_of(vendor).data)
    comparison = adopt(vendor, FORMS[form](document))
    assert len(comparison.matching.pairs) == len(document_operations(document))
    check(comparison, [])


def document_operations(document: dict[str, Any]) -> list[str]:
    return [f"{m} {path}" for path, item in document["paths"].items() for m in item]


@pytest.mark.parametrize("alteration", ALTERATIONS, ids=lambda one: f"{one.vendor}: {one.name}")
def test_one_alteration(alteration: Alteration, adopt: Adopt) -> None:
    document = as_3_0(spec_of(alteration.vendor).data)
    alteration.change(document)
    check(adopt(alteration.vendor, document), alteration.expected)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_all_alterations_together(vendor: str, form: str, adopt: Adopt) -> None:
    document = as_3_0(spec_of(vendor).data)
    chosen = [entry for entry in ALTERATIONS if entry.vendor == vendor]
    for entry in chosen:
        entry.change(document)
    check(adopt(vendor, FORMS[form](document)), [line for e in chosen for line in e.expected])


def test_alterations_are_many_and_of_all_vendors() -> None:
    assert len(ALTERATIONS) >= 30
    assert set(Counter(entry.vendor for entry in ALTERATIONS)) == set(VENDORS)
