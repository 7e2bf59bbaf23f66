"""JSON schema checks on compiled schemas, with errors in our words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema_rs

from ._problems import Problem
from ._undocumented import close_schema, undocumented_fields

if TYPE_CHECKING:
    from ._spec import Spec

__all__ = ["MAX_PROBLEMS", "SchemaChecker", "pointer"]

MAX_PROBLEMS = 50
"""A value with a million faults is reported by its first ones."""

_LARGE = 20_000

_MAX_NAME = 80
_MASK = "***"
_REF = "#/components/schemas/"
_OneOfMultiple = jsonschema_rs.ValidationErrorKind.OneOfMultipleValid


class _Compiled(NamedTuple):
    schema: Any  # kept alive, because the cache goes by its id
    document: dict[str, Any]
    plain: jsonschema_rs.Draft202012Validator
    closed: jsonschema_rs.Draft202012Validator


class SchemaChecker:
    """Checks values against schemas of one document; each schema is compiled once.

    Args:
        spec: The document.
    """

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._compiled: dict[int, _Compiled] = {}
        components = spec.document.get("components", {}).get("schemas", {})
        self._components: dict[str, Any] = components
        self._closed = {name: close_schema(schema) for name, schema in components.items()}

    def problems(self, schema: Any, value: Any, location: str) -> list[Problem]:
        """Where a value breaks its schema; at most MAX_PROBLEMS.

        Args:
            schema: A schema object of the document.
            value: What ``json.loads`` gives.
            location: Where the value is, put before each pointer.
        """
        compiled = self._compile(schema)
        try:
            if compiled.plain.is_valid(value):
                return []
            errors = _errors(compiled.plain, value)
            found = islice(_explain(errors, compiled.document, location), MAX_PROBLEMS)
            return list(dict.fromkeys(found))
        except (ValueError, RecursionError):
            # Lone surrogates, or deeper than the validator goes.
            return [
                Problem(
                    location, "is nested too deep or holds text that is not Unicode", "unreadable"
                )
            ]

    def undocumented(self, schema: Any, value: Any, location: str) -> list[Problem]:
        """Fields not named by the schema, in objects whose fields it does name.

        Takes the same arguments as :meth:`problems`; gives at most MAX_PROBLEMS.
        """
        compiled = self._compile(schema)
        try:
            if compiled.closed.is_valid(value):
                return []
            paths = undocumented_fields(self, schema, value)
            return [
                Problem(location + pointer(path), "is not documented", "undocumented")
                for path in islice(paths, MAX_PROBLEMS)
            ]
        except (ValueError, RecursionError):
            return []

    def variant(self, variants: list[Any], value: Any) -> Any:
        """The variant of a union that a value fits, or comes closest to."""
        for variant in variants:
            if self._compile(variant).plain.is_valid(value):
                return variant
        contexts = [list(_errors(self._compile(each).plain, value)) for each in variants]
        return variants[_closest(contexts, variants, value, self._spec.document)]

    def resolve(self, schema: Any) -> Any:
        """A schema with its own reference followed."""
        return self._spec.resolve(schema)

    def _compile(self, schema: Any) -> _Compiled:
        compiled = self._compiled.get(id(schema))
        if compiled is None:
            document = _with_components(schema, self._components)
            closed = _with_components(close_schema(schema), self._closed)
            compiled = _Compiled(schema, document, _validator(document), _validator(closed))
            self._compiled[id(schema)] = compiled
        return compiled


def pointer(path: Iterable[str | int]) -> str:
    """A JSON pointer; names are cut and made printable, since a stranger may have chosen them."""
    return "".join(f"/{_name(str(part)).replace('~', '~0').replace('/', '~1')}" for part in path)


def _name(text: str) -> str:
    short = text if len(text) <= _MAX_NAME else text[: _MAX_NAME - 3] + "..."
    return short if short.isprintable() else ascii(short)[1:-1]


def _validator(document: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        document, validate_formats=True, mask=_MASK, offline=True
    )


def _errors(
    validator: jsonschema_rs.Draft202012Validator, value: Any
) -> Iterable[jsonschema_rs.ValidationError]:
    """What is wrong with a value; of a very large one only what is found first."""
    if not _is_large(value):
        return validator.iter_errors(value)
    # iter_errors() makes all errors before it gives the first: a million take half a minute.
    try:
        validator.validate(value)
    except jsonschema_rs.ValidationError as error:
        return [error]
    return []


def _is_large(value: Any) -> bool:
    todo, seen = [value], 0
    while todo and seen <= _LARGE:
        node = todo.pop()
        seen += 1
        if isinstance(node, dict | list):
            seen += len(node)
            todo.extend(node.values() if isinstance(node, dict) else node)
    return seen > _LARGE


def _with_components(schema: Any, components: dict[str, Any]) -> dict[str, Any]:
    """A schema that stands alone: with the components it needs; more would cost time."""
    needed: dict[str, Any] = {}
    todo = [schema]
    while todo:
        for name in _references(todo.pop()):
            if name not in needed and name in components:
                needed[name] = components[name]
                todo.append(components[name])
    return {**schema, "components": {"schemas": needed}} if needed else dict(schema)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(_REF):
            yield reference[len(_REF) :].replace("~1", "/").replace("~0", "~")
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _explain(
    errors: Iterable[jsonschema_rs.ValidationError], document: dict[str, Any], location: str
) -> Iterator[Problem]:
    for error in errors:
        kind = error.kind
        context = getattr(kind, "context", None)
        if context and not isinstance(kind, _OneOfMultiple):
            variants = _lookup(document, error.schema_path)
            depth = len(error.instance_path)
            best = _closest(context, variants, error.instance, document, depth)
            name = _title(variants[best])
            for problem in _explain(context[best], document, location):
                yield Problem(problem.location, f"{problem.message}{name}", problem.rule)
            continue
        where = location + pointer(error.instance_path)
        if kind.name == "required":
            yield Problem(where + pointer([kind.value]), "is required", "required")
        else:
            yield Problem(where, error.message.replace("\n", " "), kind.name)


def _closest(
    contexts: list[Any], variants: list[Any], value: Any, document: dict[str, Any], depth: int = 0
) -> int:
    """Which variant was meant: its constants fit, it names most of the fields, fewest errors."""

    def distance(index: int) -> tuple[int, int, int]:
        errors = contexts[index]
        wrong_kind = sum(
            error.kind.name == "const"
            or (error.kind.name == "type" and len(error.instance_path) == depth)
            for error in errors
        )
        return wrong_kind, -_shared(variants[index], value, document), len(errors)

    return min(range(len(contexts)), key=distance)


def _shared(variant: Any, value: Any, document: dict[str, Any]) -> int:
    if "$ref" in variant:
        variant = _lookup(document, variant["$ref"][2:].split("/"))
    if not isinstance(value, dict) or not isinstance(variant, dict):
        return 0
    return len(variant.get("properties", {}).keys() & value.keys())


def _lookup(document: Any, path: Iterable[str | int]) -> Any:
    for part in path:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def _title(variant: Any) -> str:
    reference = variant.get("$ref", "") if isinstance(variant, dict) else ""
    return f" (taken for {reference.rpartition('/')[2]})" if reference else ""
