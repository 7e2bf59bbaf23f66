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
from ._spec import load_spec

__all__ = ["ExampleInvocation", "body_model", "example_invocations", "invocation", "operations_of"]


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
            values = _without_excluded(operation, example.parameters)
            yield invocation(operation, values, body, variant)


def invocation(
    operation: Operation[Any],
    values: Mapping[str, Any],
    body: Any = None,
    variant: str = "",
    *,
    whole: bool = False,
) -> ExampleInvocation:
    """A call with arguments by their name on the wire.

    Args:
        operation: The operation.
        values: JSON values of parameters; those the client does not know are left out.
        body: The body as JSON, files as text; None for none.
        variant: Name of the body's example.
        whole: Whether to give the body as a model, where its fields are arguments too.

    Raises:
        ValueError: The body fits none of the client's models, or a value is no point in time.
    """
    positional, named = [], {}
    for parameter in operation.parameters:
        if parameter.wire not in values:
            continue
        value = values[parameter.wire]
        if parameter.kind == "date-time" and isinstance(value, str):
            value = datetime.fromisoformat(value)
        if parameter.location == "path" and not parameter.client_supplied:
            positional.append(value)
        else:
            named[parameter.name] = value
    if body is not None:
        named.update(_body_arguments(operation, body, whole=whole))
    return ExampleInvocation(operation, variant, tuple(positional), named)


def _without_excluded(operation: Operation[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    excluded = operation.pagination.excluded_by if operation.pagination else ()
    # Such a parameter must not travel with the paging ones, which the example also has.
    wires = {p.wire for p in operation.parameters if p.name in excluded}
    return {wire: value for wire, value in values.items() if wire not in wires}


def _body_arguments(operation: Operation[Any], body: Any, *, whole: bool) -> dict[str, Any]:
    table = operation.body
    if table is None:
        raise ValueError(f"{operation.vendor}.{operation.name} takes no body")
    if not table.variants:
        return {"body": body}
    model = body_model(operation, body)
    if whole or not table.flat:
        return {"body": model}
    known = inspect.signature(_facade_method(operation)).parameters
    arguments = {}
    for field in model_fields(type(model)):
        if field.wire in body:
            name = field.name if field.name in known else f"{field.name}_"
            arguments[name] = getattr(model, field.name)
    return arguments


def body_model(operation: Operation[Any], body: Any) -> Any:
    """A JSON body as the client's model: the variant whose required fields and constants it has.

    Raises:
        ValueError: It fits none of them.
    """
    variants = operation.body.variants if operation.body is not None else ()
    for name in variants:
        cls = model_class(operation.vendor, name)
        fields = model_fields(cls)
        fits = all(field.wire in body for field in fields if field.required)
        constants = all(body.get(wire) == const for wire, const in cls.__const__.items())
        if fits and constants:
            return _with_bytes(build_model(cls, body), cls.__files__)
    raise ValueError(
        f"{operation.vendor}.{operation.id}: the body fits none of {', '.join(variants)}"
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
