"""A light reading of a spec: operations, and schemas with references followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ruamel.yaml import YAML

from .material import SPECS

Node = Mapping[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
NONE: Node = {}


@dataclass(frozen=True)
class Place:
    """A schema where it is used."""

    spec: Spec = field(repr=False)
    schema: Node
    nullable: bool = False
    required: bool = False
    #: A parameter that sends a list as one comma-joined text.
    joined: bool = False

    @property
    def types(self) -> set[str]:
        """Return the JSON types allowed; a union is one of objects (rule 8 of specs/README.md)."""
        kind = self.schema.get("type", "object" if "oneOf" in self.schema else None)
        return set(kind) if isinstance(kind, list) else {kind} if kind else set()

    @property
    def description(self) -> str:
        """Return the words nearest to this use of the schema."""
        return str(self.schema.get("description", ""))

    @property
    def items(self) -> Place | None:
        """Return the entries of a list."""
        return self.spec.place(self.schema["items"]) if "items" in self.schema else None

    @property
    def variants(self) -> dict[str, Place]:
        """Return the schemas of a union by name."""
        members = self.schema.get("oneOf", [])
        return {member["$ref"].rsplit("/", 1)[1]: self.spec.place(member) for member in members}

    def child(self, name: str) -> Place | None:
        """Return a property; of a union, that of the first variant which has it."""
        owners = [place.schema for place in self.variants.values()] or [self.schema]
        owners = [owner for owner in owners if name in owner.get("properties", NONE)]
        if not owners:
            return None
        required = all(name in owner.get("required", ()) for owner in owners)
        return self.spec.place(owners[0]["properties"][name], required=required)


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    spec: Spec = field(repr=False)
    id: str
    method: str
    path: str
    node: Node = field(repr=False)

    @cached_property
    def parameters(self) -> dict[str, Node]:
        """Return the parameters by name; no operation has one name in two places."""
        nodes = (self.spec.follow(node) for node in self.node.get("parameters", ()))
        return {node["name"]: node for node in nodes}

    def parameter(self, name: str) -> Place:
        """Return the schema of a parameter that exists, described in the parameter's words."""
        node = self.parameters[name]
        place = self.spec.place(node["schema"], required=node.get("required", False))
        schema = {**place.schema, "description": node.get("description", "")}
        joined = "array" in place.types and node.get("explode") is False
        return Place(self.spec, schema, place.nullable, place.required, joined)

    @property
    def body(self) -> Node:
        """Return the requestBody, empty where there is none."""
        return self.spec.follow(self.node.get("requestBody", NONE))

    @property
    def statuses(self) -> set[str]:
        """Return the statuses of the replies."""
        return set(self.node["responses"])

    def content(self, status: str) -> Node:
        """Return the media types of a reply, empty for one without content."""
        node = self.spec.follow(self.node["responses"].get(status, NONE))
        content: Node = node.get("content", NONE)
        return content

    def reply(self, status: str = "200") -> Place | None:
        """Return the schema of a reply."""
        places = (self.spec.place(kind["schema"]) for kind in self.content(status).values())
        return next(places, None)

    @property
    def request(self) -> Place | None:
        """Return the schema of the body; of a multipart one with a JSON part, that of the part."""
        kinds = self.body.get("content", NONE)
        for media, kind in kinds.items():
            place = self.spec.place(kind["schema"])
            data = place.child("data") if media == "multipart/form-data" else None
            return data or place
        return None

    @property
    def evidence(self) -> Node:
        """Return x-evidence."""
        evidence: Node = self.node["x-evidence"]
        return evidence


@dataclass(frozen=True, eq=False)
class Spec:
    """One openapi.yaml."""

    vendor: str
    data: Node = field(repr=False)

    @classmethod
    def load(cls, vendor: str) -> Spec:
        """Read a vendor's spec."""
        text = (SPECS / vendor / "openapi.yaml").read_text(encoding="utf-8")
        return cls(vendor, YAML(typ="safe").load(text))

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Return the operations by operationId."""
        found = (
            Operation(self, node["operationId"], method.upper(), path, node)
            for path, item in self.data["paths"].items()
            for method, node in item.items()
            if method in METHODS
        )
        return {operation.id: operation for operation in found}

    def at(self, method: str, path: str) -> Operation | None:
        """Return an operation by what goes over the wire; a path may include the server's."""
        prefixes = [""]
        for server in self.data["servers"]:
            tail = server["url"].partition("://")[2].partition("/")[2]
            prefixes.append(f"/{tail}")
        for operation in self.operations.values():
            if operation.method == method and path in {p + operation.path for p in prefixes}:
                return operation
        return None

    def follow(self, node: Node) -> Node:
        """Return what a reference leads to; keys beside the reference win."""
        while "$ref" in node:
            beside = {key: value for key, value in node.items() if key != "$ref"}
            target: Any = self.data
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = {**target, **beside}
        return node

    def place(self, node: Node, *, required: bool = False) -> Place:
        """Return a schema with references followed and `anyOf: [x, null]` taken apart."""
        node = self.follow(node)
        members = node.get("anyOf", ())
        nullable = any(member.get("type") == "null" for member in members)
        if nullable:
            inner = self.follow(next(m for m in members if m.get("type") != "null"))
            node = {**inner, **{key: value for key, value in node.items() if key != "anyOf"}}
        place = Place(self, node, nullable, required)
        return Place(self, node, nullable or "null" in place.types, required)


def walk(node: Any, pointer: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every object inside a node with its place; examples are data, not spec."""
    if isinstance(node, Mapping):
        yield pointer, node
        for key, value in node.items():
            if key not in {"example", "examples"}:
                yield from walk(value, f"{pointer}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from walk(value, f"{pointer}/{index}")
