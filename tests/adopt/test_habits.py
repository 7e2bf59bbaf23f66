"""Files in the habits of the frameworks that write them: what is no difference is not told, what is is told once."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from codegen.adopt.evidence import upgrades
from codegen.adopt.findings import WORK
from codegen.adopt.words import subject
from tests.adopt.conftest import adopt_document, spec_of
from tests.adopt.converted import as_3_0


def theirs(vendor: str) -> dict[str, Any]:
    """A vendor's file that says what ours does, in 3.0."""
    return as_3_0(copy.deepcopy(spec_of(vendor).data))


def kinds(vendor: str, document: dict[str, Any]) -> list[str]:
    """What is wrong or missing, and where."""
    found = adopt_document(vendor, document).findings
    return [f"{one.kind.value} {subject(one)}" for one in found if one.kind in WORK]


@pytest.mark.parametrize("vendor", ["scailable", "viziosense"])
def test_a_prefix_in_each_path_is_one_finding(vendor: str) -> None:
    document = theirs(vendor)
    document["paths"] = {f"/api/v9{path}": item for path, item in document["paths"].items()}
    document["servers"] = [{"url": "/"}]
    assert kinds(vendor, document) == ["wrong the API"]


def test_a_status_a_framework_adds_everywhere_is_one_finding() -> None:
    document = theirs("proglove")
    for item in document["paths"].values():
        for operation in item.values():
            operation["responses"]["422"] = {"description": "Validation error"}
    assert kinds("proglove", document) == ["we lack reply 422"]


def test_closed_objects_are_no_work_as_our_rules_refuse_them() -> None:
    document = theirs("viziosense")
    for schema in document["components"]["schemas"].values():
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
    assert kinds("viziosense", document) == []


def test_schemas_in_many_circles_are_read_in_a_moment() -> None:
    document = theirs("viziosense")
    schemas = document["components"]["schemas"]
    for number in range(60):
        refs = ((number * 7 + step * 3 + 1) % 60 for step in range(4))
        fields = {f"p{ref}": {"$ref": f"#/components/schemas/R{ref}"} for ref in refs}
        schemas[f"R{number}"] = {"type": "object", "properties": fields}
    schemas["Device"]["properties"]["ring"] = {"$ref": "#/components/schemas/R0"}
    assert kinds("viziosense", document) == ["we lack `ring` of Device"]


NAME = "/components/schemas/MediaUpdateData/properties/name"


@pytest.mark.parametrize("now", ["as ours", "left open", "another thing"])
def test_a_field_below_what_they_leave_open_is_not_confirmed(now: str) -> None:
    document = theirs("amnimo")
    schemas = document["components"]["schemas"]
    if now == "left open":
        del schemas["MediaUpdateData"]["properties"]
    elif now == "another thing":
        schemas["MediaUpdateData"] = {"type": "array", "items": {"type": "string"}}
    found = {upgrade.pointer for upgrade in upgrades(adopt_document("amnimo", document))}
    assert (NAME in found) is (now == "as ours")
