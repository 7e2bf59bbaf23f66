"""What `facts_of` makes of a document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codegen.compare import DocumentError, Place, facts_of
from codegen.lint.document import SpecDocument
from tests.compare.documents import document, facts, fields, ref, reply

ROOT = Path(__file__).parents[2]
VENDORS = ("aitrios", "amnimo", "proglove", "scailable", "viziosense")


def test_references_do_not_multiply_without_end() -> None:
    documents = [SpecDocument.load(ROOT / "specs" / v / "openapi.yaml").data for v in VENDORS]
    places = sum(len(facts_of(document).places) for document in documents)
    assert 8_000 < places < 20_000


def test_references_all_of_and_requirements_are_folded_in() -> None:
    found = facts(
        {"type": "array", "items": {"allOf": [ref("Base"), ref("More")]}},
        Base={"type": "object", "required": ["id"], "properties": {"id": ref("Id")}},
        More={"properties": {"size": {"type": "integer", "minimum": 1}}},
        Id={"type": "string", "format": "uuid"},
    )
    assert fields(found) == {
        "": {"type": ["array"]},
        "/*": {"type": ["object"]},
        "/*/id": {"type": ["string"], "format": "uuid", "required": True},
        "/*/size": {"type": ["integer"], "minimum": 1},
    }
    assert found.home(reply("/*/id")) == "/components/schemas/Base/properties/id"
    assert found.home(reply("/*/id"), "format") == "/components/schemas/Id"
    assert found.home(reply("/*/id"), "required") == "/components/schemas/Base"


NULLABLE = [
    ("3.1.0", {"type": ["string", "null"]}),
    ("3.1.0", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ("3.1.0", {"oneOf": [{"type": "null"}, {"type": "string"}]}),
    ("3.1.0", {"anyOf": [ref("Text"), {"type": "null"}]}),
    ("3.0.3", {"type": "string", "nullable": True}),
    ("3.0.0", {"nullable": True, "allOf": [ref("Text")]}),
]


@pytest.mark.parametrize(("version", "schema"), NULLABLE)
def test_nullable_is_one_fact_however_it_is_written(version: str, schema: dict[str, Any]) -> None:
    found = facts(schema, version=version, Text={"type": "string"})
    assert fields(found) == {"": {"type": ["string"], "nullable": True}}


SAME = [
    ({"const": "a", "type": "string"}, {"enum": ["a"], "type": "string"}),
    ({"properties": {"a": {}}}, {"type": "object", "properties": {"a": {}}}),
    ({"items": {}}, {"type": "array", "items": {}}),
    ({"allOf": [{"type": "string"}]}, {"type": "string"}),
    ({"type": ["integer", "number"]}, {"type": "number"}),
    ({"type": "string", "contentEncoding": "base64"}, {"type": "string", "format": "byte"}),
    ({"type": "object", "additionalProperties": {}}, {"type": "object", "additionalProperties": True}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_to_say_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    left, right = fields(facts(one)), fields(facts(other))
    for own in left.values():
        own.pop("contentEncoding", None)
    assert left == right


def test_the_stricter_bound_holds() -> None:
    found = facts(
        {"allOf": [{"type": "integer", "minimum": 1, "maximum": 9}, {"minimum": 3, "maximum": 10}]}
    )
    assert fields(found)[""] == {"type": ["integer"], "minimum": 3, "maximum": 9}


def test_a_recursive_value_is_cut_at_its_component() -> None:
    tree = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "below": {"type": "array", "items": ref("Tree")},
        },
    }
    found = facts({"type": "object", "properties": {"top": ref("Tree")}}, Tree=tree)
    assert fields(found)["/top/below/*"] == {"same_as": "/top"}
    assert "/top/below/*/name" not in fields(found)


def test_variants_are_called_by_what_tells_them_apart() -> None:
    def names(*variants: dict[str, Any]) -> list[str]:
        found = fields(facts({"oneOf": list(variants)}))
        return [pointer for pointer in found if pointer.count("/") == 1]

    def kind(value: str) -> dict[str, Any]:
        return {"type": "object", "properties": {"kind": {"const": value}}}

    assert names(kind("a"), kind("b/c")) == ["/<kind=a>", "/<kind=b~1c>"]
    assert names({"required": ["x"]}, {"required": ["y", "z"]}) == ["/<x>", "/<y,z>"]
    assert names({"type": "string"}, {"type": "integer"}) == ["/<string>", "/<integer>"]
    assert names({}, {}) == ["/<1>", "/<2>"]


def test_parameters_headers_security_webhooks_and_links() -> None:
    text = document({"type": "string"})
    text["components"]["securitySchemes"] = {"any": {"type": "http", "scheme": "Bearer"}}
    item = text["paths"].pop("/things")
    text["paths"]["/things/{thing}"] = item
    item["parameters"] = [
        {"name": "thing", "in": "path", "required": True, "schema": {"type": "string"}}
    ]
    own = item["get"]
    own["security"] = [{"any": []}]
    own["x-pagination"] = {"style": "page"}
    own["parameters"] = [
        {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
    ]
    own["responses"]["200"]["headers"] = {"X-Total": {"schema": {"type": "integer"}}}
    own["responses"]["200"]["links"] = {"next": {"operationId": "list_things"}}
    body = {"content": {"application/json; charset=utf-8": {"schema": {"type": "object"}}}}
    text["webhooks"] = {
        "alert": {"post": {"requestBody": body, "responses": {"200": {"description": "OK"}}}}
    }
    places = facts_of(text).places
    name = "GET /things/{}"
    assert places[Place("operation", name)]["security"] == [["http bearer"]]
    assert places[Place("operation", name)]["x-pagination"] == {"style": "page"}
    assert places[Place("operation", name)]["path"] == "/things/{thing}"
    assert places[Place("parameter", name, "request", name="path:1")]["name"] == "thing"
    tags = Place("parameter", name, "request", name="query:tags")
    assert (places[tags]["style"], places[tags]["explode"]) == ("form", True)
    assert places[tags._replace(pointer="/*")] == {"type": ["string"]}
    assert places[Place("header", name, "reply", "200", name="x-total")] == {"type": ["integer"]}
    assert places[Place("link", name, "none", "200", name="next")] == {"operationId": "list_things"}
    assert Place("request", "WEBHOOK alert POST", "reply", media="application/json") in places


def test_every_place_has_its_parent() -> None:
    for vendor in VENDORS:
        found = facts_of(SpecDocument.load(ROOT / "specs" / vendor / "openapi.yaml").data)
        for place in found.places:
            parent = place.parent
            assert parent is None or parent in found.places, place


def test_a_reference_that_leads_nowhere_is_named() -> None:
    with pytest.raises(DocumentError, match="`#/components/schemas/None` leads nowhere"):
        facts_of(document(ref("None")))
