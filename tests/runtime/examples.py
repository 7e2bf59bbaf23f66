"""The success examples of the five specifications, and broken copies of them."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import yaml
from deviceclouds.runtime._operation import Operation

SPECS = Path(__file__).parents[2] / "specs"
VENDORS = ("aitrios", "amnimo", "proglove", "scailable", "viziosense")

JUNK: list[Any] = [None, True, 0, 7, -1.5, 2.0, 2**70, "", "text", [], [None], {}, {"x": {"y": 1}}]
NAMES = ["_raw", "_unknown", "__class__", "to_dict", "x-new", "", "type", "items", "é"]


@cache
def operations(vendor: str) -> dict[str, Operation[Any]]:
    """All operations of a vendor, by their id in the specification."""
    package = import_module(f"deviceclouds._generated.{vendor}.operations")
    found: dict[str, Operation[Any]] = {}
    for module in iter_modules(package.__path__):
        table = import_module(f"{package.__name__}.{module.name}")
        found |= {one.id: one for one in vars(table).values() if isinstance(one, Operation)}
    return found


@cache
def _document(vendor: str) -> Any:
    text = (SPECS / vendor / "openapi.yaml").read_text(encoding="utf-8")
    # Through JSON: a date that lost its quotes fails here.
    return json.loads(json.dumps(yaml.load(text, Loader=yaml.CSafeLoader)))


@cache
def success_examples(vendor: str) -> dict[str, Any]:
    """The example of each operation's success reply, by operation id."""
    return dict(_examples(_document(vendor)))


def _examples(document: Any) -> Iterator[tuple[str, Any]]:
    for item in document["paths"].values():
        for operation in item.values():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            for status, response in operation["responses"].items():
                response = _follow(document, response)
                for kind, content in response.get("content", {}).items():
                    if status.startswith("2") and "json" in kind:
                        yield operation["operationId"], _example(document, content)


def _follow(document: Any, node: Any) -> Any:
    while "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _example(document: Any, content: Any) -> Any:
    if "example" in content:
        return content["example"]
    return _follow(document, next(iter(content["examples"].values())))["value"]


def broken(example: Any, random_: random.Random) -> Any:
    """A copy with one to three random changes: a field gone, null, of another type, or one more."""
    changed = copy.deepcopy(example)
    for _ in range(random_.randint(1, 3)):
        places = list(_places(changed))
        if not places:
            return random_.choice(JUNK)
        holder, key = random_.choice(places)
        action = random_.choice(["drop", "null", "junk", "extra"])
        if action == "drop":
            del holder[key]
        elif action == "extra" and isinstance(holder, dict):
            holder[random_.choice(NAMES)] = copy.deepcopy(random_.choice(JUNK))
        else:
            holder[key] = None if action == "null" else copy.deepcopy(random_.choice(JUNK))
    return changed


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    children: dict[Any, Any] = node if isinstance(node, dict) else {}
    if isinstance(node, list):
        children = dict(enumerate(node))
    for key, child in children.items():
        yield node, key
        yield from _places(child)
