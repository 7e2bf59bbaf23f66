"""A public surface as plain values, in the order of the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = [
    "Form",
    "Item",
    "ItemKind",
    "Member",
    "MemberKind",
    "Parameter",
    "ParameterKind",
    "Surface",
]

ParameterKind: TypeAlias = Literal["positional-only", "positional", "keyword", "*", "**"]
MemberKind: TypeAlias = Literal[
    "method", "class method", "static method", "property", "field", "value"
]
ItemKind: TypeAlias = Literal["class", "enum", "function", "constant", "type", "again"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function, without ``self``."""

    name: str
    kind: ParameterKind
    type: str
    default: str | None = None

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None and self.kind not in ("*", "**")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call something: a signature, or one of several overloads."""

    parameters: tuple[Parameter, ...]
    returns: str = ""
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Something of a class that has a public name."""

    name: str
    kind: MemberKind
    forms: tuple[Form, ...] = ()
    type: str = ""
    default: str | None = None
    doc: str = ""
    """First line of the docstring."""
    operation: str = ""
    """What the vendor is asked, such as ``GET /devices``."""
    evidence: str = ""
    """How well it is known, where that is stated."""


@dataclass(slots=True)
class Item:
    """A class, function or value that can be imported, or is met in a signature of one."""

    name: str
    kind: ItemKind
    path: str
    """Where it is defined; not part of the surface."""
    doc: str = ""
    type: str = ""
    """Of a constant its value, of a type what it stands for, of a repeated name where it is shown."""
    bases: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    """How a function is called, or a class made; empty where a class is not made by its users."""
    record: bool = False
    """Whether the constructor takes the fields."""
    members: dict[str, Member] = field(default_factory=dict)
    namespaces: dict[str, Item] = field(default_factory=dict)
    """Groups of methods, by the name of the attribute that holds them."""
    used: frozenset[str] = frozenset()
    """``in`` where users pass it to us, ``out`` where they get it from us; empty where that is not known."""


@dataclass(slots=True)
class Surface:
    """What users of a distribution may rely on."""

    distribution: str
    modules: dict[str, dict[str, Item]] = field(default_factory=dict)
    """By module and name; the first module is the package itself."""
    docs: dict[str, str] = field(default_factory=dict)
    """First line of each module."""
    reached: dict[str, Item] = field(default_factory=dict)
    """Classes and types met in signatures, which no public module exports."""
