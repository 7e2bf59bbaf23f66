"""What the runtime knows about a model class: one table a class, made on first use."""

from __future__ import annotations

import datetime as dt
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from ._files import Upload
from ._model import Model
from ._unset import Unset

__all__ = ["FieldInfo", "is_enum", "model_fields", "models_in", "wire_names"]


class FieldInfo(NamedTuple):
    """One field of a model."""

    name: str
    wire: str
    type: Any
    """Resolved type without None and Unset."""
    required: bool
    nullable: bool
    secret: bool


class _ModuleNames(Mapping[str, Any]):
    """Names an annotation may use: the module's own, then the other models of its package, loaded when asked for."""

    def __init__(self, cls: type) -> None:
        self._module = vars(sys.modules[cls.__module__])
        self._package = sys.modules.get(cls.__module__.rpartition(".")[0])

    def __getitem__(self, name: str) -> Any:
        if name in self._module:
            return self._module[name]
        try:
            return getattr(self._package, name)
        except AttributeError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._module)

    def __len__(self) -> int:
        return len(self._module)


_COMMON = {
    "Any": Any,
    "Unset": Unset,
    "datetime": dt.datetime,
    "dict": dict,
    "list": list,
}


_tables: dict[type[Model], tuple[FieldInfo, ...]] = {}


def model_fields(cls: type[Model]) -> tuple[FieldInfo, ...]:
    """The fields of a model class, in the order of the specification."""
    table = _tables.get(cls)
    if table is None:
        table = _tables[cls] = _read_fields(cls)
    return table


_wire_names: dict[type[Model], frozenset[str]] = {}


def wire_names(cls: type[Model]) -> frozenset[str]:
    """The names on the wire of a model's fields."""
    names = _wire_names.get(cls)
    if names is None:
        names = _wire_names[cls] = frozenset(field.wire for field in model_fields(cls))
    return names


def _read_fields(cls: type[Any]) -> tuple[FieldInfo, ...]:
    import attrs

    names = _ModuleNames(cls)
    fields = []
    for attribute in attrs.fields(cls):
        annotation: Any = attribute.type
        if attribute.name in cls.__files__:
            # Not by its name: a specification may have a schema called Upload.
            annotation = Upload if attribute.default is attrs.NOTHING else Upload | Unset
        elif isinstance(annotation, str):
            # The text is generated code of our own package, never a reply.
            annotation = eval(annotation, dict(_COMMON), names)  # noqa: S307
        members = _members(annotation)
        inner = tuple(m for m in members if m not in (types.NoneType, Unset))
        fields.append(
            FieldInfo(
                name=attribute.name,
                wire=cls.__wire__.get(attribute.name, attribute.name),
                type=inner[0] if len(inner) == 1 else typing.Union[inner],  # noqa: UP007
                required=Unset not in members,
                nullable=types.NoneType in members,
                secret=attribute.name in cls.__secret__,
            )
        )
    return tuple(fields)


def _members(annotation: Any) -> tuple[Any, ...]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return typing.get_args(annotation)
    return (annotation,)


def models_in(annotation: Any) -> list[type[Model]]:
    """Model classes an annotation mentions."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in models_in(part)]


def is_enum(annotation: Any) -> bool:
    """Whether an annotation is an enumeration class."""
    return isinstance(annotation, type) and issubclass(annotation, Enum)
