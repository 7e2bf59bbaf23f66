"""Reads classes and signatures of one package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from codegen.surface.loading import resolve
from codegen.surface.model import Form, Item, Member, Parameter, ParameterKind
from codegen.surface.refs import References

if TYPE_CHECKING:
    import griffe

__all__ = ["ClassReader", "first_line", "forms_of"]

_KINDS: dict[str, ParameterKind] = {
    "positional-only": "positional-only",
    "positional or keyword": "positional",
    "variadic positional": "*",
    "keyword-only": "keyword",
    "variadic keyword": "**",
}
_SPECIAL = frozenset(
    f"__{name}__"
    for name in ("call", "enter", "exit", "aenter", "aexit", "iter", "aiter", "next", "anext")
) | frozenset(("__len__", "__getitem__", "__contains__", "__bool__"))
_ENUMS = frozenset(("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"))
_OPERATION = re.compile(r"``([A-Z]+ \S+)`` \(\w+\)\. Evidence: (\w+)")
_FIELD = re.compile(r"^ {4}(?P<name>\w+): (?P<text>.*(?:\n {8}.*)*)", re.MULTILINE)
_GUESSED = re.compile(r"\((inferred|unverified)\)\s*$")


def first_line(thing: griffe.Object) -> str:
    """First line of a docstring."""
    text = thing.docstring.value if thing.docstring is not None else ""
    return text.strip().split("\n", 1)[0].strip()


def forms_of(function: griffe.Function, refs: References) -> tuple[Form, ...]:
    """Ways to call a function: its overloads, or itself."""
    forms = tuple(_form(one) for one in function.overloads or (function,))
    for one in function.overloads or (function,):
        for parameter in one.parameters:
            refs.parameter(parameter.annotation)
        refs.result(one.returns)
    return forms


def _form(function: griffe.Function) -> Form:
    parameters = list(function.parameters)
    if parameters and parameters[0].name in ("self", "cls") and function.parent.is_class:  # type: ignore[union-attr]
        parameters = parameters[1:]
    return Form(
        tuple(
            Parameter(
                one.name,
                _KINDS[one.kind.value] if one.kind is not None else "positional",
                str(one.annotation or ""),
                # griffe gives variadic parameters an empty default
                None
                if one.default is None or (one.kind and "variadic" in one.kind.value)
                else str(one.default),
            )
            for one in parameters
        ),
        str(function.returns or ""),
        "async" in function.labels,
    )


class ClassReader:
    """Reads classes.

    Args:
        modules: What was loaded.
        exported: Paths of the classes that a public module exports. What is inherited from them is shown there.
        refs: Takes what signatures lead to.
    """

    def __init__(
        self, modules: griffe.ModulesCollection, exported: set[str], refs: References
    ) -> None:
        self._modules = modules
        self._exported = exported
        self._refs = refs

    def read(self, name: str, cls: griffe.Class, *, made: bool = True) -> Item:
        """A class with its members, those of its private bases included.

        Args:
            name: What it is called.
            cls: What griffe read.
            made: Whether users make one, so that its constructor matters.
        """
        chain = [cls, *self._private_bases(cls)]
        bases = tuple(dict.fromkeys(self._public_bases(cls)))
        item = Item(name, "class", cls.path, first_line(cls), bases=bases)
        if any(base.rpartition(".")[2] in _ENUMS for base in bases):
            item.kind = "enum"
        item.record = _is_record(cls, bases)
        guessed = _guesses(cls)
        for one in chain:
            for key, member in one.members.items():
                if key in item.members or key in item.namespaces or member.is_alias:
                    continue
                if key.startswith("_") and key not in _SPECIAL:
                    continue
                self._put(item, cls, key, member, guessed)  # type: ignore[arg-type]
        if made:
            item.forms = self._constructor(item, chain)
        _type_by_constructor(item)
        return item

    def _put(
        self,
        item: Item,
        cls: griffe.Class,
        key: str,
        member: griffe.Object,
        guessed: dict[str, str],
    ) -> None:
        if member.is_function:
            item.members[key] = self._method(member)  # type: ignore[arg-type]
            return
        if not member.is_attribute:
            return
        annotation = getattr(member, "annotation", None)
        space = self._namespace(member, annotation)
        if space is not None:
            item.namespaces[key] = self._read_namespace(key, member, space)
            return
        value = getattr(member, "value", None)
        doc, evidence = first_line(member), guessed.get(key, "")
        if "property" in member.labels:
            self._refs.result(annotation)
            item.members[key] = Member(key, "property", type=str(annotation or ""), doc=doc)
        elif item.kind == "enum":
            if annotation is None:
                item.members[key] = Member(key, "value", default=str(value), doc=doc)
        else:
            self._refs.inside(cls.path, annotation)
            default = None if value is None or not item.record else str(value)
            item.members[key] = Member(
                key, "field", (), str(annotation or ""), default, doc, evidence=evidence
            )

    def _method(self, function: griffe.Function) -> Member:
        labels = function.labels
        kind = next(
            (k for k in ("class method", "static method") if k.replace(" ", "") in labels), None
        )
        text = function.docstring.value if function.docstring is not None else ""
        called = _OPERATION.search(" ".join(text.split()))
        operation, evidence = called.groups() if called else ("", "")
        return Member(
            function.name,
            kind or "method",  # type: ignore[arg-type]
            forms_of(function, self._refs),
            doc=first_line(function),
            operation=operation,
            evidence=evidence,
        )

    def _namespace(
        self, member: griffe.Object, annotation: str | griffe.Expr | None
    ) -> griffe.Class | None:
        """The class whose methods stand under this attribute, for those that nobody imports."""
        import griffe

        if "property" not in member.labels or not isinstance(annotation, griffe.Expr):
            return None
        target = resolve(self._modules, annotation.canonical_path)
        is_one = target is not None and target.is_class and ".resources" in target.path
        return target if is_one else None  # type: ignore[return-value]

    def _read_namespace(self, key: str, member: griffe.Object, cls: griffe.Class) -> Item:
        item = Item(key, "class", cls.path, first_line(member))
        item.members = {
            name: self._method(one)  # type: ignore[arg-type]
            for name, one in cls.members.items()
            if one.is_function and not name.startswith("_")
        }
        return item

    def _constructor(self, item: Item, chain: list[griffe.Class]) -> tuple[Form, ...]:
        if item.kind == "enum" or "TypedDict" in item.bases or "Protocol" in item.bases:
            return ()
        for one in chain:
            made = one.members.get("__init__")
            if made is not None and made.is_function:
                if item.record:
                    return (_form(made),)  # type: ignore[arg-type]
                return forms_of(made, self._refs)  # type: ignore[arg-type]
        if not item.record:
            return ()
        keyword = "NamedTuple" not in item.bases
        return (
            Form(
                tuple(
                    Parameter(m.name, "keyword" if keyword else "positional", m.type, m.default)
                    for m in item.members.values()
                    if m.kind == "field" and not m.type.startswith("ClassVar")
                )
            ),
        )

    def _private_bases(self, cls: griffe.Class) -> Iterator[griffe.Class]:
        for base in cls.bases:
            target = self._base(base)
            if target is not None and target.path not in self._exported:
                yield target
                yield from self._private_bases(target)

    def _public_bases(self, cls: griffe.Class) -> Iterator[str]:
        for base in cls.bases:
            target = self._base(base)
            if target is None:
                name = str(base).partition("[")[0].rpartition(".")[2]
                if name not in ("object", "Generic"):
                    yield name
            elif target.path in self._exported:
                yield target.name
            else:
                yield from self._public_bases(target)

    def _base(self, base: str | griffe.Expr) -> griffe.Class | None:
        if isinstance(base, str):
            return None
        target = resolve(self._modules, base.canonical_path)
        return target if target is not None and target.is_class else None  # type: ignore[return-value]


def _type_by_constructor(item: Item) -> None:
    """An attribute without a type of its own holds what the constructor was given by its name."""
    given = {p.name: p.type for form in item.forms for p in form.parameters}
    for name, member in item.members.items():
        if member.kind == "field" and not member.type and given.get(name):
            item.members[name] = replace(member, type=given[name])


def _is_record(cls: griffe.Class, bases: tuple[str, ...]) -> bool:
    if "dataclass" in cls.labels or {"NamedTuple", "TypedDict", "BaseModel"} & set(bases):
        return True
    return any(
        str(one.value).partition("(")[0].rpartition(".")[2] in ("define", "frozen", "mutable")
        for one in cls.decorators
    )


def _guesses(cls: griffe.Class) -> dict[str, str]:
    """Fields whose description ends with how little is known of them."""
    text = cls.docstring.value if cls.docstring is not None else ""
    _, _, fields = text.partition("Attributes:\n")
    return {
        one["name"]: known[1]
        for one in _FIELD.finditer(fields)
        if (known := _GUESSED.search(one["text"]))
    }
