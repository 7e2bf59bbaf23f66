"""What the hints on error codes say about names and limits is true of the spec."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import pytest
import yaml
from deviceclouds.aitrios._error_hints import parse_hints

from tests.evidence.material import ROOT, WHY_SKIPPED, available, rows

FILE = ROOT / "overlays/aitrios/src/deviceclouds/aitrios/error_hints.tsv"
RESOURCES = "deviceclouds._generated.aitrios.resources"
#: Names of ours that stand in no spec.
OURS = {"base_url"}
RENAMED = {"Retrieve a list of inferences": "GetInferences"}

Node = Mapping[str, Any]
HINTS = parse_hints(FILE.read_text(encoding="utf-8"))


@cache
def spec() -> Node:
    """Return specs/aitrios/openapi.yaml."""
    text = (ROOT / "specs/aitrios/openapi.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Node = yaml.load(text, loader)
    return data


def follow(node: Node) -> Node:
    """Return a node with references followed."""
    while "$ref" in node:
        target: Any = spec()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def walk(node: Any) -> Iterator[Node]:
    """Yield every object of the spec."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for child in node if isinstance(node, list) else ():
        yield from walk(child)


@cache
def known_names() -> frozenset[str]:
    """Return what the spec calls fields, parameters, schemas and values, and what it has in backticks."""
    found = set(spec()["components"]["schemas"]) | OURS
    for node in walk(spec()):
        match node:
            case {"properties": dict(properties)}:
                found.update(properties)
            case {"name": str(name), "in": _}:
                found.add(name)
            case {"enum": list(values)}:
                found.update(map(str, values))
            case {"const": value}:
                found.add(str(value))
        found.update(re.findall(r"`([^`]+)`", str(node.get("description", ""))))
    return frozenset(found)


def is_method(name: str) -> bool:
    """Tell whether `namespace.method` can be called."""
    namespace, _, method = name.partition(".")
    try:
        module = import_module(f"{RESOURCES}.{namespace}")
    except ModuleNotFoundError:
        return False
    classes = [c for n, c in inspect.getmembers(module, inspect.isclass) if n.endswith("Resource")]
    return any(callable(getattr(each, method, None)) for each in classes)


#: A name is only in the vendor's message: the hint says that the operation has no such thing.
DENIED = re.compile(r"(?:has no|takes no) `(\w+)`")


def unknown_names(hint: str) -> list[str]:
    """Return the names in backticks that neither the client nor the spec has."""
    names = set(re.findall(r"`([^`]+)`", hint)) - set(DENIED.findall(hint))
    return [n for n in names if not (is_method(n) if "." in n else n in known_names())]


def test_names_exist() -> None:
    """What a hint names can be called, passed or received."""
    assert not [(code, names) for code, hint in HINTS.items() if (names := unknown_names(hint))]


def test_a_wrong_name_is_found() -> None:
    assert not unknown_names("`manage_devices.get_devices` has no `color`; see `device_id`.")
    wrong = unknown_names("See `manage_devices.list`, `get_devices`, `nowhere.get` and `color`.")
    assert sorted(wrong) == ["color", "get_devices", "manage_devices.list", "nowhere.get"]


@cache
def inputs(operation: str) -> dict[str, Node]:
    """Return the schemas of an operation's parameters and of the fields of its body, unions and entries included."""
    methods = [item for path in spec()["paths"].values() for item in path.values()]
    (node,) = (m for m in methods if isinstance(m, dict) and m.get("operationId") == operation)
    found = {}
    for parameter in map(follow, node.get("parameters", ())):
        found[parameter["name"]] = follow(parameter["schema"])
    waiting = [
        kind["schema"] for kind in follow(node.get("requestBody", {})).get("content", {}).values()
    ]
    while waiting:
        schema = follow(waiting.pop())
        waiting += schema.get("oneOf", [])
        for name, value in schema.get("properties", {}).items():
            found[name] = follow(value)
            waiting += [found[name], *([found[name]["items"]] if "items" in found[name] else [])]
    return found


@pytest.fixture(scope="module")
def operations() -> dict[str, list[str]]:
    """Return the operations of each code, from the fact table."""
    if not available():
        pytest.skip(WHY_SKIPPED)
    found: dict[str, list[str]] = {}
    for row in rows("aitrios_errors"):
        found.setdefault(row["code"], []).append(
            RENAMED.get(row["operationId"], row["operationId"])
        )
    return found


def test_what_is_denied_is_no_input(operations: dict[str, list[str]]) -> None:
    denied = [
        (code, name, operation)
        for code, hint in HINTS.items()
        for name in DENIED.findall(hint)
        for operation in operations[code]
    ]
    assert len(denied) > 15
    assert not [(c, n, o) for c, n, o in denied if n in inputs(o)]
    assert "device_type" not in inputs("EnrollDevice") and "device_name" in inputs("EnrollDevice")


#: Statements about limits, with the name of the input; a range, a largest length, the usual size of a page.
RANGE = re.compile(r"`(\w+)`,? (?:takes|is|which takes) (\d+) to (\d+)")
LONGEST = re.compile(
    r"`(\w+)`(?: takes|, which takes|:|,| of)(?: at most| up to)? (\d+)(?: single-byte)? characters"
)
PAGE = re.compile(r"`(limit)` .* without it a page has up to (\d+)\.")


def stated(hint: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the limits a hint states: the input, the keywords that may hold it, and the number."""
    for name, low, high in RANGE.findall(hint):
        yield name, ("minimum", "minItems"), low
        yield name, ("maximum", "maxItems"), high
    for name, most in LONGEST.findall(hint):
        yield name, ("maxLength",), most
    for name, usual in PAGE.findall(hint):
        yield name, ("default",), usual


def wrong_limits(hint: str, operation: str) -> list[str]:
    """Return the inputs of which a hint states another limit than the spec."""
    schemas = inputs(operation)
    return [
        name
        for name, keys, number in stated(hint)
        if number not in {str(schemas.get(name, {}).get(key)) for key in keys}
    ]


def test_limits_are_those_of_the_spec(operations: dict[str, list[str]]) -> None:
    assert sum(len(list(stated(hint))) for hint in HINTS.values()) >= 98
    assert not [
        (code, operation, wrong)
        for code, hint in HINTS.items()
        if any(stated(hint))
        for operation in operations[code]
        if (wrong := wrong_limits(hint, operation))
    ]


def test_a_wrong_limit_is_found() -> None:
    assert wrong_limits(
        "`limit` takes 1 to 256 here; without it a page has up to 100.", "GetDevices"
    )
    assert wrong_limits("`device_name` takes at most 256 characters.", "UpdateDevice")
    assert not wrong_limits("`device_name` takes at most 255 characters.", "UpdateDevice")
