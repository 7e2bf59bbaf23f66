"""Calls every operation of a vendor's client with the specification's own example arguments."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from deviceclouds.runtime import AsyncPager, Pager
from deviceclouds.runtime._fields import model_fields
from deviceclouds.runtime._lenient import build_model
from deviceclouds.runtime._models import model_class
from deviceclouds.runtime.generated import Operation

from ._examples import example_call
from ._spec import Spec, load_spec

__all__ = ["ExampleInvocation", "example_invocations", "operations_of"]


@dataclass(frozen=True, slots=True)
class ExampleInvocation:
    """One call of one operation.

    Attributes:
        operation: The operation, as the generated code describes it.
        variant: Name of the body's example where there are several; "" otherwise.
        path_arguments: Positional arguments.
        arguments: Keyword arguments.
    """

    operation: Operation[Any]
    variant: str
    path_arguments: tuple[Any, ...]
    arguments: dict[str, Any]

    @property
    def label(self) -> str:
        """``vendor.namespace.method``, with the variant."""
        name = f"{self.operation.vendor}.{self.operation.name}"
        return f"{name}[{self.variant}]" if self.variant else name

    def call(self, client: Any) -> Any:
        """Calls the method of a sync client; a list gives its first page."""
        result = self._method(client)(*self.path_arguments, **self.arguments)
        return result.first_page() if isinstance(result, Pager) else result

    async def call_async(self, client: Any) -> Any:
        """Calls the method of an async client; a list gives its first page."""
        result = self._method(client)(*self.path_arguments, **self.arguments)
        return await (result.first_page() if isinstance(result, AsyncPager) else result)

    def _method(self, client: Any) -> Any:
        namespace, _, method = self.operation.name.partition(".")
        return getattr(getattr(client, namespace), method)


def operations_of(vendor: str) -> list[Operation[Any]]:
    """All operations of a vendor's generated package."""
    package = import_module(f"deviceclouds._generated.{vendor}.operations")
    tables = [import_module(f"{package.__name__}.{m.name}") for m in iter_modules(package.__path__)]
    return [
        value for table in tables for value in vars(table).values() if isinstance(value, Operation)
    ]


def example_invocations(vendor: str) -> Iterator[ExampleInvocation]:
    """A call for each operation of a vendor, and for each variant of a body."""
    spec = load_spec(vendor)
    for operation in operations_of(vendor):
        example = example_call(spec, operation.id)
        bodies = example.variants or {"": example.body}
        for name, body in bodies.items():
            variant = name if len(bodies) > 1 else ""
            yield _invocation(spec, operation, example.parameters, body, variant)


def _invocation(
    spec: Spec, operation: Operation[Any], values: Mapping[str, Any], body: Any, variant: str
) -> ExampleInvocation:
    positional, named = [], {}
    for parameter in operation.parameters:
        if parameter.wire not in values:
            continue
        value = values[parameter.wire]
        if parameter.kind == "date-time":
            value = datetime.fromisoformat(value)
        if parameter.location == "path" and not parameter.client_supplied:
            positional.append(value)
        else:
            named[parameter.name] = value
    excluded = operation.pagination.excluded_by if operation.pagination else ()
    for name in excluded:
        # Such a parameter must not travel with the paging ones, which the example also has.
        named.pop(name, None)
    if body is not None:
        named.update(_body_arguments(operation, body))
    return ExampleInvocation(operation, variant, tuple(positional), named)


def _body_arguments(operation: Operation[Any], body: Any) -> dict[str, Any]:
    table = operation.body
    assert table is not None  # only called where the specification has a body
    if not table.variants:
        return {"body": body}
    model = _body_model(operation, table.variants, body)
    if not table.flat:
        return {"body": model}
    known = inspect.signature(_facade_method(operation)).parameters
    arguments = {}
    for field in model_fields(type(model)):
        if field.wire in body:
            name = field.name if field.name in known else f"{field.name}_"
            arguments[name] = getattr(model, field.name)
    return arguments


def _body_model(operation: Operation[Any], variants: tuple[str, ...], body: Any) -> Any:
    """The variant whose required fields and constants the example has."""
    for name in variants:
        cls = model_class(operation.vendor, name)
        fields = model_fields(cls)
        fits = all(field.wire in body for field in fields if field.required)
        constants = all(body.get(wire) == const for wire, const in cls.__const__.items())
        if fits and constants:
            return _with_bytes(build_model(cls, body), cls.__files__)
    raise ValueError(
        f"{operation.vendor}.{operation.id}: the example fits none of {', '.join(variants)}"
    )


def _with_bytes(model: Any, files: frozenset[str]) -> Any:
    for name in files:
        value = getattr(model, name)
        if isinstance(value, str):
            setattr(model, name, value.encode())
    return model


def _facade_method(operation: Operation[Any]) -> Any:
    namespace, _, method = operation.name.partition(".")
    module = import_module(f"deviceclouds._generated.{operation.vendor}.resources.{namespace}")
    for value in vars(module).values():
        if (
            inspect.isclass(value)
            and value.__module__ == module.__name__
            and hasattr(value, method)
        ):
            return getattr(value, method)
    raise LookupError(f"{operation.vendor}.{operation.name} has no method")
