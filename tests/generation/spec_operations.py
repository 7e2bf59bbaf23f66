"""The operations of the five specs, each with what was generated for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from codegen.generate.webhooks import client_document
from codegen.lint import SpecDocument
from codegen.names import method_name, namespace

from .trees import REPO, VENDORS

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


class Case(NamedTuple):
    """An operation of a spec."""

    vendor: str
    path: str
    method: str
    data: dict[str, Any]
    parameters: list[dict[str, Any]]

    @property
    def namespace(self) -> str:
        return namespace(self.data["tags"][0])

    @property
    def name(self) -> str:
        return method_name(self.data["operationId"])

    @property
    def constant(self) -> Any:
        table = import_module(f"deviceclouds._generated.{self.vendor}.operations.{self.namespace}")
        return getattr(table, self.name.upper())

    def facade(self, *, is_async: bool = False) -> Any:
        """Return the method of the sync or async resource."""
        suffix, prefix = ("_async", "Async") if is_async else ("", "")
        place = f"deviceclouds._generated.{self.vendor}.resources{suffix}.{self.namespace}"
        module = import_module(place)
        classes = [c for n, c in vars(module).items() if re.fullmatch(rf"{prefix}\w+Resource", n)]
        (resource,) = classes
        return getattr(resource, self.name)


@cache
def spec(vendor: str) -> dict[str, Any]:
    """Return a vendor's spec."""
    return SpecDocument.load(REPO / "specs" / vendor / "openapi.yaml").data


@cache
def client_schemas(vendor: str) -> dict[str, Any]:
    """Return the schemas a client is made from; `test_webhooks` says which ones are left out."""
    schemas: dict[str, Any] = client_document(spec(vendor))["components"]["schemas"]
    return schemas


def resolve(vendor: str, node: dict[str, Any]) -> dict[str, Any]:
    """Follow references."""
    while "$ref" in node:
        target: Any = spec(vendor)
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def cases() -> Iterator[Case]:
    """Yield every operation of every spec."""
    for vendor in VENDORS:
        for path, item in spec(vendor)["paths"].items():
            for method in METHODS:
                if method in item:
                    nodes = [*item.get("parameters", []), *item[method].get("parameters", [])]
                    parameters = [resolve(vendor, node) for node in nodes]
                    yield Case(vendor, path, method, item[method], parameters)
