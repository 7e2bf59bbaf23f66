"""OpenAPI 3.0 read as 3.1, and texts that are refused; the bad files of the command are in tests/adopt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codegen.compare import DocumentError, parse_text, read_document
from codegen.compare.upgrade import upgraded
from tests.compare.documents import document, facts, fields, ref

STRING: Any = {"type": "string"}


def schema_of(schema: object) -> object:
    result = upgraded({"openapi": "3.0.3", "components": {"schemas": {"A": schema}}})
    return result["components"]["schemas"]["A"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        ({"exclusiveMinimum": True}, {}),
        ({"example": 1}, {"examples": [1]}),
        ({"$ref": "#/a", "description": "ignored in 3.0"}, {"$ref": "#/a"}),
        ({"type": "string", "required": True}, {"type": "string"}),
        (
            {"nullable": True, "allOf": [{"$ref": "#/a"}]},
            {"anyOf": [{"allOf": [{"$ref": "#/a"}]}, {"type": "null"}]},
        ),
        ({"properties": {"nullable": {"nullable": True, "type": "string"}}},
         {"properties": {"nullable": {"type": ["string", "null"]}}}),
        ({"example": {"$ref": "#/x", "nullable": True}}, {"examples": [{"$ref": "#/x", "nullable": True}]}),
    ],
)  # fmt: skip
def test_schemas_of_3_0(old: dict[str, object], new: dict[str, object]) -> None:
    assert schema_of(old) == new


def test_upgrading_leaves_the_argument_alone() -> None:
    old = document({"type": "string", "nullable": True}, version="3.0.0")
    before = repr(old)
    upgraded(old)
    assert repr(old) == before


def test_yaml_keeps_text_that_other_readers_take_for_something_else() -> None:
    text = parse_text("a: on\nb: 2020-01-01\nc: 0o17\n200: x\nd: 1_000\ne: ~\nf: 1.5\n")
    assert text.data == {
        "a": "on", "b": "2020-01-01", "c": 15, "200": "x", "d": 1000, "e": None, "f": 1.5,
    }  # fmt: skip
    assert text.lines["/200"] == 4


def test_yaml_aliases_and_merge_keys_are_followed() -> None:
    text = parse_text("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc: *a\n")
    assert text.data == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}, "c": {"x": 1, "y": 2}}


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'\xef\xbb\xbf{"openapi": "3.1.0", "paths": {}}')
    assert read_document(path).version == "3.1.0"


def test_references_may_be_percent_encoded() -> None:
    found = facts({"$ref": "#/components/schemas/A%20B"}, **{"A B": STRING})
    assert fields(found) == {"": {"type": ["string"]}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n---\nb: 2\n", "more than one YAML document"),
        ("a: [1\n", "not YAML"),
        ("? [a]\n: 1\n", "a key is a list or a mapping"),
        ('{"a": NaN}', "NaN is no number"),
        ("a:\n  <<: 1\n", "names no mapping"),
    ],
)
def test_refused_texts(text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        parse_text(text)


def test_an_example_may_hold_a_reference_that_leads_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "openapi: 3.1.0\ncomponents:\n  schemas:\n    A:\n      type: object\n      example: {$ref: none.yaml}\n"
    )
    assert read_document(path).data["openapi"] == "3.1.0"
    assert ref("A") == {"$ref": "#/components/schemas/A"}
