"""What the table alone does not show: components, directions, errors, moves, and what is told only once."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from codegen.diff.grouping import lines_of
from codegen.diff.kinds import Rating
from codegen.diff.rating import rate
from codegen.lint.plain import parse

from .cases import base, cases, lookup, put, take

SPECS = Path(__file__).parents[2] / "specs"


def changed(*edits: tuple[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The small document, and the same with other values at some places."""
    after = base()
    for at, value in edits:
        put(after, at, value)
    return base(), after


def test_same_is_nothing() -> None:
    assert rate(base(), base()) == []


def test_a_component_is_told_once_with_the_operations_it_reaches() -> None:
    (change,) = rate(*changed(("/components/schemas/Lamp/properties/colour", {"type": "string"})))
    assert change.subject == "Lamp.colour"
    assert change.operations == ["lamps.list_lamps", "lamps.create_lamp", "lamps.get_lamp"]


def test_a_component_of_both_directions_gets_the_stricter_rating() -> None:
    shared = {"$ref": "#/components/schemas/Lamp"}
    before, after = changed(("/components/schemas/Lamp/required", []))
    for document in (before, after):
        put(document, "create_lamp/requestBody/content/application~1json/schema", shared)
    (change,) = [c for c in rate(before, after) if c.kind == "property-now-optional"]
    assert (change.rating, sorted(change.ways)) == (Rating.BREAKING, ["reply", "request"])


@pytest.mark.parametrize("document", ["before", "after"])
def test_bodies_of_errors_are_fixes(document: str) -> None:
    before, after = changed(("/components/schemas/Problem/properties", {}))
    pair = (before, after) if document == "after" else (after, before)
    (change,) = rate(*pair)
    assert (change.rating, change.ways) == (Rating.FIX, ["error"])


def test_what_webhooks_deliver_is_a_reply() -> None:
    (change,) = rate(*changed(("/components/schemas/Broken/required", ["lamp"])))
    assert (change.kind, change.rating) == ("property-now-required", Rating.FEATURE)
    assert change.operations == ["webhook lamp_broke"]


def test_a_move_does_not_hide_what_else_changed() -> None:
    before, after = changed(("reply/maxLength", 5), ("list_lamps/parameters/1/schema/maximum", 5))
    put(after, "/paths/~1all-lamps", take(after, "/paths/~1lamps"))
    assert {c.kind for c in rate(before, after)} == {"operation-moved", "limit-tightened"}


def test_two_operations_that_swap_places() -> None:
    before, after = base(), base()
    one, other = lookup(before, "list_lamps"), lookup(before, "create_lamp")
    put(after, "list_lamps", {**one, "operationId": other["operationId"]})
    put(after, "create_lamp", {**other, "operationId": one["operationId"]})
    assert {c.kind for c in rate(before, after)} == {"operation-renamed"}


def test_another_number_of_a_success_hides_nothing() -> None:
    before, after = base(), base()
    replies = lookup(after, "get_lamp/responses")
    replies["203"] = replies.pop("200")
    put(after, "reply/maxLength", 5)
    put(after, "/components/schemas/Lamp/required", [])
    found = {c.kind: c.rating for c in rate(before, after)}
    assert found["success-status-changed"] is Rating.FIX
    assert found.keys() == {"success-status-changed", "limit-tightened", "property-now-optional"}


def test_a_reply_that_is_empty_under_another_number() -> None:
    before, after = base(), base()
    replies = lookup(after, "get_lamp/responses")
    del replies["200"]
    replies["204"] = {"description": "Nothing."}
    assert "reply-content-removed" in {c.kind for c in rate(before, after)}


def test_what_became_a_union_is_told_once() -> None:
    variants = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Bulb", "Tube")]}
    before, after = changed(("reply", variants))
    put(before, "reply", {"$ref": "#/components/schemas/Bulb"})
    (change,) = rate(before, after)
    assert change.line == "Lamp.x: one-of several now"


def test_a_list_brings_its_style_along() -> None:
    at = "list_lamps/parameters/2/schema"
    (change,) = rate(*changed((at, {"type": "array", "items": {"type": "string"}})))
    assert change.kind == "type-changed"


WORDS = {
    "deprecated": "lamps.get_lamp: it is deprecated",
    "namespace-changed": "lights.get_lamp: namespace lamps is now lights",
    "operation-renamed": "lamps.read_lamp: method get_lamp is now read_lamp",
    "api-version-changed": "the API: version 1.0.0 is now 1.1.0",
    "path-argument-renamed": "parameter `id` of lamps.get_lamp: argument `lamp_id` is now `id`",
    "format-changed": "Lamp.x: format date-time went; it is a `str` now, not a `datetime`",
}


@pytest.mark.parametrize("kind", WORDS)
def test_words_for_readers_who_do_not_know_the_specification(kind: str) -> None:
    case = next(c for c in cases() if c.kind == kind and c.way in ("", "reply"))
    (line,) = [c.line for c in rate(case.before, case.after) if c.kind == kind]
    assert line == WORDS[kind]


def test_a_shared_parameter_is_told_by_its_argument_and_methods() -> None:
    before, after = base(), base()
    for document, kind in ((before, "string"), (after, "integer")):
        shared = {"name": "X-Room", "in": "header", "schema": {"type": kind}}
        put(document, "/components/parameters", {"RoomHeader": shared})
        for at in ("list_lamps/parameters/2", "get_lamp/parameters/2"):
            put(document, at, {"$ref": "#/components/parameters/RoomHeader"})
    (change,) = rate(before, after)
    subject = "shared parameter `X-Room` of lamps.list_lamps, lamps.get_lamp"
    assert change.line == f"{subject}: type string is now integer"


def test_many_of_one_place_are_told_by_what_they_are() -> None:
    schemes = "/components/securitySchemes/oauth"
    key = {"type": "apiKey", "in": "header", "name": "X-Key", "x-a": 1}
    lines = list(lines_of(rate(*changed((schemes, key))), Rating.FIX))
    assert any(line.startswith("security scheme `oauth`: `type` changed, ") for line in lines)


def test_what_is_below_another_type_is_not_told() -> None:
    before, after = base(), base()
    put(after, "reply", {"type": "object", "properties": {"a": {"type": "string"}}})
    (change,) = rate(before, after)
    assert change.kind == "type-changed"


def test_a_new_shape_under_a_new_name_is_both() -> None:
    before, after = base(), base()
    put(after, "/components/schemas/Light", take(after, "/components/schemas/Lamp"))
    after = json.loads(json.dumps(after).replace('schemas/Lamp"', 'schemas/Light"'))
    put(after, "/components/schemas/Light/properties/colour", {"type": "string"})
    assert {c.kind for c in rate(before, after)} == {"model-renamed", "property-added"}


def test_two_specifications_of_nothing_in_common() -> None:
    before, after = base(), copy.deepcopy(base())
    for name in ("paths", "webhooks", "components"):
        after[name] = {}
    for name in list(after["paths"]):
        take(after, f"/paths/{name}")
    assert {c.rating for c in rate(before, after)} == {Rating.BREAKING, Rating.FIX}


@pytest.mark.parametrize("vendor", sorted(p.parent.name for p in SPECS.glob("*/openapi.yaml")))
def test_our_own_specifications_can_lose_anything(vendor: str) -> None:
    """Whatever goes or comes is rated; nothing is unknown to the table."""
    document = parse((SPECS / vendor / "openapi.yaml").read_text(encoding="utf-8")).data
    assert rate(document, copy.deepcopy(document)) == []
    poorer = copy.deepcopy(document)
    for path in list(poorer["paths"])[::3]:
        del poorer["paths"][path]
    for schema in poorer["components"]["schemas"].values():
        properties = schema.get("properties", {})
        for name in list(properties)[1::3]:
            del properties[name]
        schema.pop("required", None)
    assert max(c.rating for c in rate(document, poorer)) is Rating.BREAKING
    assert rate(poorer, document)
