"""What a spec may hold by the linter's rules and we do not generate: refused, not left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from codegen.generate.upstream import GenerationError

__all__ = ["check_supported"]

Node = Mapping[str, Any]
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def check_supported(document: Node) -> None:
    """Raises GenerationError for what our reading of a document does not cover."""
    problems = list(_problems(document))
    if problems:
        raise GenerationError("not supported:\n" + "\n".join(f"  {p}" for p in problems))


def _problems(document: Node) -> Iterator[str]:
    if not document.get("servers"):
        yield "no `servers`: a client would have no base_url"
    if "schemas" not in document.get("components", {}):
        yield "no `components.schemas`"
    tags = {tag["name"] for tag in document.get("tags", [])}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                where = f"{operation['operationId']} ({method.upper()} {path})"
                if operation["tags"][0] not in tags:
                    yield f"{where}: tag `{operation['tags'][0]}` is not listed in `tags`"
                if not any(status.startswith("2") for status in operation["responses"]):
                    yield f"{where}: no reply with a status of 2xx"
                for parameter in [*item.get("parameters", []), *operation.get("parameters", [])]:
                    yield from _parameter_problems(document, where, parameter)


def _parameter_problems(document: Node, where: str, parameter: Node) -> Iterator[str]:
    parameter = _target(document, parameter)
    label = f"{where}: {parameter['in']} parameter `{parameter['name']}`"
    if parameter["in"] not in ("path", "query", "header"):
        yield f"{label} is neither in path, query nor header"
    schema = _target(document, parameter["schema"])
    if parameter["in"] == "path" and schema.get("type") == "array":
        yield f"{label} is a list"


def _target(document: Node, node: Node) -> Node:
    while "$ref" in node:
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return node
