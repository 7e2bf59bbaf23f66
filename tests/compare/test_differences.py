"""What `differences` finds between two documents, and what it takes for the same."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.compare import Difference, differences
from tests.compare.documents import facts, ref, reply

THING = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "at": {"type": "object", "properties": {"x": {}}}},
}


def thing(**changes: Any) -> dict[str, Any]:
    return {**THING, "properties": {**THING["properties"], **changes}}  # type: ignore[dict-item]


def test_a_changed_fact() -> None:
    found = differences(facts(ref("T"), T=THING), facts(ref("T"), T=thing(id={"type": "integer"})))
    home = "/components/schemas/T/properties/id"
    assert found == [
        Difference(reply("/id"), "changed", "type", ["string"], ["integer"], home, home)
    ]


def test_what_is_below_a_place_that_went_is_not_told() -> None:
    smaller = {"type": "object", "properties": {"id": {"type": "string"}}}
    [gone] = differences(facts(THING), facts(smaller))
    assert (gone.place, gone.kind, gone.old) == (reply("/at"), "removed", {"type": ["object"]})
    [came] = differences(facts(smaller), facts(THING))
    assert (came.place, came.kind, came.new) == (reply("/at"), "added", {"type": ["object"]})


UNSAID: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "string"}, {"type": "string", "deprecated": False}),
    ({"type": "string"}, {"type": "string", "minLength": 0}),
    ({"type": "object"}, {"type": "object", "additionalProperties": True}),
    ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["b", "a"]}),
    ({"type": "integer", "default": 1}, {"type": "integer", "default": 1.0}),
]


@pytest.mark.parametrize(("one", "other"), UNSAID)
def test_the_same_in_other_words_is_no_difference(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert differences(facts(one), facts(other)) == []
    assert differences(facts(other), facts(one)) == []


def test_true_is_not_one() -> None:
    assert differences(facts({"default": True}), facts({"default": 1})) != []


def test_variants_are_paired_though_their_names_change() -> None:
    def kind(value: str | None, *names: str) -> dict[str, Any]:
        constant = {"kind": {"const": value}} if value else {"kind": {"type": "string"}}
        return {"type": "object", "properties": {**constant, **{name: {} for name in names}}}

    old = facts({"oneOf": [kind("a", "x", "y"), kind("b", "p", "q")]})
    new = facts({"oneOf": [kind(None, "x", "y"), kind("b", "p", "q")]})
    found = [(d.place.pointer, d.name) for d in differences(old, new)]
    assert found == [("/<kind=a>/kind", "enum")]


def test_a_recursive_value_may_be_written_out_further() -> None:
    tree = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "below": {"type": "array", "items": ref("T")}},
    }
    short, long = facts(ref("T"), T=tree), facts(tree, T=tree)
    assert differences(short, long) == []
    assert differences(long, short) == []


def test_words_are_differences_of_their_own() -> None:
    [found] = differences(facts({"description": "a"}), facts({"description": "b"}))
    assert found.name == "description"
