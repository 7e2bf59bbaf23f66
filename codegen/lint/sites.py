"""Every OpenAPI object of a document, found by what the specification says may stand where.

Walking by meaning, not by key, keeps the rules out of examples, defaults and property names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from codegen.lint.pointers import child

Shape = Literal["one", "list", "map"]
Rows = dict[str, tuple[str, Shape]]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def _rows(kind: str, shape: Shape, *keys: str) -> Rows:
    return dict.fromkeys(keys, (kind, shape))


_EXAMPLES = _rows("example", "map", "examples")
_CONTENT = _rows("media-type", "map", "content")
_VALUE = _rows("schema", "one", "schema") | _CONTENT | _EXAMPLES

#: kind of object -> key -> (kind of what stands there, one of them, a list or a map)
GRAMMAR: dict[str, Rows] = {
    "root": {
        "info": ("info", "one"),
        "servers": ("server", "list"),
        "tags": ("tag", "list"),
        "paths": ("path-item", "map"),
        "webhooks": ("path-item", "map"),
        "components": ("components", "one"),
    },
    "info": _rows("contact", "one", "contact") | _rows("license", "one", "license"),
    "server": _rows("server-variable", "map", "variables"),
    "components": {
        "schemas": ("schema", "map"),
        "responses": ("response", "map"),
        "parameters": ("parameter", "map"),
        "examples": ("example", "map"),
        "requestBodies": ("request-body", "map"),
        "headers": ("header", "map"),
        "securitySchemes": ("security-scheme", "map"),
        "links": ("link", "map"),
        "callbacks": ("callback", "map"),
        "pathItems": ("path-item", "map"),
    },
    "security-scheme": _rows("flows", "one", "flows"),
    "flows": _rows("flow", "one", "implicit", "password", "clientCredentials", "authorizationCode"),
    "path-item": {
        "parameters": ("parameter", "list"),
        "servers": ("server", "list"),
        **_rows("operation", "one", *METHODS),
    },
    "operation": {
        "parameters": ("parameter", "list"),
        "requestBody": ("request-body", "one"),
        "responses": ("response", "map"),
        "callbacks": ("callback", "map"),
        "servers": ("server", "list"),
    },
    "parameter": _VALUE,
    "header": _VALUE,
    "request-body": _CONTENT,
    "media-type": _rows("schema", "one", "schema")
    | _rows("encoding", "map", "encoding")
    | _EXAMPLES,
    "encoding": _rows("header", "map", "headers"),
    "response": _rows("header", "map", "headers") | _CONTENT | _rows("link", "map", "links"),
    "schema": {
        **_rows("schema", "map", "properties", "patternProperties", "dependentSchemas"),
        **_rows("schema", "map", "$defs", "definitions"),
        **_rows("schema", "list", "allOf", "anyOf", "oneOf", "prefixItems"),
        **_rows("schema", "one", "items", "additionalProperties", "contains", "propertyNames"),
        **_rows("schema", "one", "not", "if", "then", "else"),
        **_rows("schema", "one", "unevaluatedItems", "unevaluatedProperties"),
    },
}


@dataclass(frozen=True, eq=False, slots=True)
class Site:
    """One OpenAPI object: what it is, under which key of its parent it stands, and where."""

    kind: str
    key: str
    name: str
    pointer: str
    data: dict[str, Any]
    parent: Site | None = field(repr=False)

    @property
    def ref(self) -> str | None:
        """Return the target of this object if it is only a reference."""
        target = self.data.get("$ref")
        return target if isinstance(target, str) else None

    def text(self, key: str) -> str:
        """Return the string at `key`, empty where there is none."""
        value = self.data.get(key)
        return value if isinstance(value, str) else ""

    @property
    def is_component(self) -> bool:
        """Return whether this is a named component."""
        return self.parent is not None and self.parent.kind == "components"

    def ancestors(self) -> Iterator[Site]:
        """Yield the objects around this one, innermost first."""
        site = self.parent
        while site is not None:
            yield site
            site = site.parent


@dataclass(slots=True)
class Survey:
    """All objects of a document in reading order, and the places with a boolean schema."""

    sites: list[Site] = field(default_factory=list)
    booleans: list[tuple[str, str, bool]] = field(default_factory=list)


def survey(data: dict[str, Any]) -> Survey:
    """Return every OpenAPI object of `data`."""
    found = Survey()
    _visit(found, Site("root", "", "", "", data, None))
    return found


def _visit(found: Survey, site: Site) -> None:
    found.sites.append(site)
    grammar = GRAMMAR.get(site.kind)
    if not grammar:
        return
    for key, value in site.data.items():
        if key not in grammar:
            continue
        kind, shape = grammar[key]
        for name, entry, pointer in _entries(shape, key, value, child(site.pointer, key)):
            if isinstance(entry, dict):
                _visit(found, Site(kind, key, name, pointer, entry, site))
            elif kind == "schema" and isinstance(entry, bool):
                found.booleans.append((pointer, key, entry))


def _entries(shape: Shape, key: str, value: Any, pointer: str) -> Iterator[tuple[str, Any, str]]:
    if shape == "one":
        yield key, value, pointer
    elif shape == "list" and isinstance(value, list):
        for index, entry in enumerate(value):
            yield str(index), entry, child(pointer, index)
    elif shape == "map" and isinstance(value, dict):
        for name, entry in value.items():
            yield name, entry, child(pointer, name)
