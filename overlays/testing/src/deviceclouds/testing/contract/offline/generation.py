"""Inputs made by schemathesis: its strategies on a document in which all arguments of a call are one JSON body."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .carried import parameter_schema

if TYPE_CHECKING:
    from ..._operations import Operation
    from ..._spec import Spec

__all__ = ["available", "generate"]

_BACKEND = "deviceclouds"


def available() -> bool:
    """Whether schemathesis is installed."""
    return find_spec("schemathesis") is not None


def generate(
    spec: Spec, operation: Operation, count: int, seed: int
) -> list[tuple[dict[str, Any], Any]]:
    """Parameters by name on the wire, and bodies, valid by the specification.

    Args:
        spec: The specification.
        operation: The operation.
        count: How many, at most.
        seed: The same seed gives the same values.

    Raises:
        ModuleNotFoundError: schemathesis is not installed.
    """
    hypothesis: Any = import_module("hypothesis")
    schemathesis: Any = import_module("schemathesis")
    # schemathesis would give texts as they travel; here values are wanted as they are before that.
    schema = schemathesis.openapi.from_dict(_arguments_document(spec, operation))
    case = schema.find_operation_by_id("call").as_strategy(
        generation_mode=schemathesis.GenerationMode.POSITIVE
    )
    found: list[tuple[dict[str, Any], Any]] = []

    def keep(case: Any) -> None:
        found.append((case.body["parameters"], case.body.get("body")))

    _register_backend()
    health = hypothesis.HealthCheck
    configured = hypothesis.settings(
        database=None,
        deadline=None,
        max_examples=count,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=[
            health.too_slow,
            health.filter_too_much,
            health.data_too_large,
            health.large_base_example,
        ],
        backend=_BACKEND,
    )
    run: Any = hypothesis.seed(seed)(configured(hypothesis.given(case)(keep)))
    with _no_folder():
        run()
    return found


@contextmanager
def _no_folder() -> Iterator[None]:
    """Lets hypothesis keep its table of characters in a folder that vanishes, instead of beside the user's files."""
    configuration: Any = import_module("hypothesis.configuration")
    before = configuration.storage_directory(intent_to_write=False).home_directory
    with tempfile.TemporaryDirectory(prefix="deviceclouds-") as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)


def _register_backend() -> None:
    """A source of values that depends on the seed alone: hypothesis' own also picks words from the modules it sees."""
    providers: Any = import_module("hypothesis.internal.conjecture.providers")
    providers.AVAILABLE_PROVIDERS.setdefault(
        _BACKEND, f"{__package__}.generation_backend.SeededProvider"
    )


def _arguments_document(spec: Spec, operation: Operation) -> dict[str, Any]:
    parameters = {p.name: _closed(parameter_schema(spec, p)) for p in operation.parameters}
    properties: dict[str, Any] = {
        "parameters": {
            "type": "object",
            "properties": parameters,
            "required": [p.name for p in operation.parameters if p.required],
            "additionalProperties": False,
        }
    }
    required = ["parameters"]
    if operation.body is not None:
        properties["body"] = _closed(operation.body.schema)
        required += ["body"] if operation.body.required else []
    components = spec.document.get("components", {}).get("schemas", {})
    whole = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    request = {"required": True, "content": {"application/json": {"schema": whole}}}
    call = {
        "operationId": "call",
        "requestBody": request,
        "responses": {"200": {"description": ""}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Arguments", "version": "1"},
        "paths": {"/": {"post": call}},
        "components": {"schemas": _needed(whole, components)},
    }


def _needed(schema: Any, components: dict[str, Any]) -> dict[str, Any]:
    """The components a schema leads to, closed; more would cost time."""
    found: dict[str, Any] = {}
    todo = list(_references(schema))
    while todo:
        name = todo.pop()
        if name not in found and name in components:
            found[name] = _closed(components[name])
            todo += _references(found[name])
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference.rpartition("/")[2]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _closed(schema: Any) -> Any:
    """A schema whose objects have named fields only: a client has no place for others. Files are plain text."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    copy: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            copy[key] = {name: _closed(part) for name, part in value.items()}
        elif key in ("example", "examples", "description") or key.startswith("x-"):
            continue
        else:
            copy[key] = value if key in ("enum", "const", "default", "required") else _closed(value)
    if "properties" in copy:
        copy.setdefault("additionalProperties", False)
    if copy.get("format") == "binary":
        del copy["format"]
    return copy
