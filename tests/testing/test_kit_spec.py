"""Loading specifications, finding operations, and undocumented fields in made-up schemas."""

# ruff: noqa: E501  # one case a line: it is a table

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from deviceclouds.testing import Spec, check_request, load_spec
from deviceclouds.testing._load import available_vendors, read_document

# What YAML 1.2 reads as the same type as YAML 1.1 does; a timestamp is no type of 1.2.
PLAIN = {
    "str": re.compile(r"(?s).*"),
    "bool": re.compile("true|false"),
    "int": re.compile("-?(0|[1-9][0-9]*)"),
    "float": re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+"),
    "null": re.compile("|null|~"),
}

SPECS = Path(__file__).parents[2] / "specs"


def spec_of(schema: dict[str, Any], paths: dict[str, Any] | None = None, **components: Any) -> Spec:
    """A specification with one operation, POST /things, whose body is the schema."""
    operation = {
        "operationId": "make",
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"204": {"description": "Done"}},
    }
    return Spec(
        "toy",
        {
            "openapi": "3.1.0",
            "paths": {"/things": {"post": operation}, **(paths or {})},
            "components": {"schemas": components},
        },
    )


def problems(spec: Spec, body: Any) -> list[tuple[str, str]]:
    """Places and rules of the problems of a body."""
    check = check_request(
        spec,
        "POST",
        "/things",
        headers={"Content-Type": "application/json"},
        content=json.dumps(body),
    )
    return [(problem.location, problem.rule) for problem in check.problems]


@pytest.mark.parametrize("vendor", available_vendors())
def test_yaml_1_1_and_1_2_agree(vendor: str) -> None:
    # PyYAML reads 1.1, where a plain `on` is true, 010 is eight and 12:30 is 750.
    text = (SPECS / vendor / "openapi.yaml").read_text(encoding="utf-8")
    todo: list[Any] = [yaml.compose(text, Loader=yaml.CSafeLoader)]
    while todo:
        node = todo.pop()
        if isinstance(node, yaml.ScalarNode):
            if not node.style:
                assert PLAIN[node.tag.rpartition(":")[2]].fullmatch(node.value), node
        else:
            pairs = node.value if isinstance(node, yaml.MappingNode) else [node.value]
            todo += [child for pair in pairs for child in pair]


def test_document_is_the_same_from_json(tmp_path: Path) -> None:
    document = read_document(SPECS / "amnimo" / "openapi.yaml")
    packed = tmp_path / "amnimo.json"
    packed.write_text(json.dumps(document), encoding="utf-8")
    assert read_document(packed) == document


def test_a_vendor_is_loaded_once() -> None:
    assert load_spec("amnimo") is load_spec("amnimo")


def test_unknown_vendor_lists_those_at_hand() -> None:
    with pytest.raises(FileNotFoundError, match=r"'nokia'; at hand: .*viziosense"):
        load_spec("nokia")
    with pytest.raises(FileNotFoundError):
        load_spec("../amnimo")


def test_files_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("openapi: 3.1.0\npaths: {}\n", encoding="utf-8")
    assert load_spec(file).operations == {}
    file.write_text("openapi: 2026-11-21\n", encoding="utf-8")
    with pytest.raises(ValueError, match="not usable as YAML"):
        load_spec(file)
    file.write_text("a: [", encoding="utf-8")
    with pytest.raises(ValueError, match="not usable as YAML"):
        load_spec(file)
    file.write_text("a: b", encoding="utf-8")
    with pytest.raises(ValueError, match="not an OpenAPI document"):
        load_spec(file)


def route(responses_id: str) -> dict[str, Any]:
    """A bare operation."""
    return {"operationId": responses_id, "responses": {"204": {"description": "Done"}}}


def test_literal_segments_win_over_templated_ones() -> None:
    spec = spec_of(
        {},
        {
            "/a/{x}": {"get": route("templated"), "delete": route("remove")},
            "/a/b": {"get": route("literal")},
            "/a-{x}/y": {"get": route("partly")},
        },
    )
    expected = {
        ("GET", "/a/b"): "literal",
        ("GET", "/a/c"): "templated",
        ("get", "/a/%62"): "templated",
        ("DELETE", "/a/b"): "remove",
        ("GET", "/a-1/y"): "partly",
    }
    for (method, path), operation_id in expected.items():
        found = spec.find(method, path)
        assert found is not None
        assert found.operation is not None
        assert found.operation.id == operation_id
    assert spec.find("GET", "/a/") is None
    assert spec.find("GET", "/a/b/c") is None
    other = spec.find("PUT", "/a/b")
    assert other is not None
    assert (other.operation, other.methods) == (None, ("GET",))


def test_path_item_parameters_are_inherited_and_replaced() -> None:
    shared = [
        {"name": "x", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "q", "in": "query", "schema": {"type": "string"}},
    ]
    own = [{"name": "q", "in": "query", "schema": {"type": "integer"}}]
    spec = spec_of(
        {}, {"/b/{x}": {"parameters": shared, "get": {**route("get"), "parameters": own}}}
    )
    parameters = spec.operation("get").parameters
    assert [(each.name, each.schema["type"]) for each in parameters] == [
        ("x", "string"),
        ("q", "integer"),
    ]


@pytest.mark.parametrize("reference", ["#/components/schemas/None", "other.yaml#/x"])
def test_bad_reference(reference: str) -> None:
    with pytest.raises(ValueError, match=r"\$ref"):
        spec_of({}).resolve({"$ref": reference})


def test_reference_in_a_circle() -> None:
    spec = spec_of({}, A={"$ref": "#/components/schemas/A"})
    with pytest.raises(ValueError, match="cannot follow"):
        spec.resolve({"$ref": "#/components/schemas/A"})


def test_what_the_checks_do_not_know_is_refused_when_loading() -> None:
    cookie = [{"name": "c", "in": "cookie", "schema": {"type": "string"}}]
    with pytest.raises(ValueError, match="parameter 'c' travels in a way"):
        spec_of({}, {"/c": {"get": {**route("get"), "parameters": cookie}}})


def test_url_below_a_known_server() -> None:
    headers = {"Authorization": "Bearer x"}
    good = [
        ("https://api.viziosense.com/api/v1/devices", None),
        ("https://api.staging.viziosense.ai/api/v1/devices?page=1", None),
        ("http://127.0.0.1:8765/viziosense/api/v1/devices", None),
        ("http://proxy.example/x/devices", "http://proxy.example/x/"),
        ("/devices", None),
    ]
    for url, base in good:
        assert check_request("viziosense", "GET", url, headers=headers, base_url=base).ok
    for url in (
        "https://api.viziosense.com.evil/api/v1/devices",
        "https://x/devices",
        "",
        "x",
        "http://[",
    ):
        check = check_request("viziosense", "GET", url, headers=headers)
        assert [problem.rule for problem in check.problems] == ["base-url"]


NAMED = {"type": "object", "properties": {"a": {"type": "integer"}}}


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        (NAMED, {"a": 1}, []),
        (NAMED, {"b": 1}, [("body/b", "undocumented")]),
        (NAMED, {"~/": 1}, [("body/~0~1", "undocumented")]),
        ({**NAMED, "additionalProperties": True}, {"b": 1}, []),
        ({**NAMED, "additionalProperties": NAMED}, {"b": {"c": 1}}, [("body/b/c", "undocumented")]),
        ({**NAMED, "x-unknown-fields": "expected"}, {"b": 1}, []),
        ({"type": "object"}, {"b": 1}, []),
        ({"type": "array", "items": NAMED}, [{"a": 1}, {"b": 1}], [("body/1/b", "undocumented")]),
        ({"allOf": [NAMED, {"properties": {"b": {}}}]}, {"a": 1, "b": 1}, []),
        ({"allOf": [NAMED, {"properties": {"b": {}}}]}, {"c": 1}, [("body/c", "undocumented")]),
        ({"anyOf": [NAMED, {"type": "null"}]}, None, []),
        ({"anyOf": [NAMED, {"type": "null"}]}, {"b": 1}, [("body/b", "undocumented")]),
        ({"$ref": "#/components/schemas/Named"}, {"b": 1}, [("body/b", "undocumented")]),
        (
            {"type": "object", "properties": {"properties": NAMED}},
            {"properties": {"b": 1}},
            [("body/properties/b", "undocumented")],
        ),
    ],
)
def test_undocumented_fields(
    schema: dict[str, Any], body: Any, expected: list[tuple[str, str]]
) -> None:
    assert problems(spec_of(schema, Named=NAMED), body) == expected


def test_recursive_schema() -> None:
    tree = {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}}  # fmt: skip
    spec = spec_of({"$ref": "#/components/schemas/Tree"}, Tree=tree)
    assert problems(spec, {"kids": [{"kids": [{"x": 1}]}]}) == [
        ("body/kids/0/kids/0/x", "undocumented")
    ]
    deep: dict[str, Any] = {}
    for _ in range(200):
        deep = {"kids": [deep]}
    assert [rule for _, rule in problems(spec, deep)] in ([], ["unreadable"])


def test_closest_variant() -> None:
    first = {
        "type": "object",
        "required": ["url"],
        "properties": {"url": {"type": "string"}, "size": {"type": "integer"}},
    }
    second = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string"}, "mode": {"type": "string"}},
    }
    spec = spec_of({"oneOf": [first, second]})
    assert problems(spec, {"url": "x", "size": 1}) == []
    assert problems(spec, {"url": "x", "size": "1"}) == [("body/size", "type")]
    assert problems(spec, {"file": "x", "mode": 1}) == [("body/mode", "type")]
    assert problems(spec, {"mode": "x", "fil": "y"}) == [
        ("body/file", "required"),
        ("body/fil", "undocumented"),
    ]
    assert [rule for _, rule in problems(spec, {"url": "x", "file": "y"})] == [
        "oneOf",
        "undocumented",
    ]
