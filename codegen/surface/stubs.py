"""Signatures and classes as short Python text, in the manner of stub files."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from codegen.surface.model import Form, Item, Member, Parameter

__all__ = ["class_text", "function_text", "functions_text", "type_text"]

_WIDTH = 100
_WAYS = {"in": "passed to methods", "out": "got from methods"}


def function_text(name: str, forms: Iterable[Form], *, decorator: str = "") -> Iterator[str]:
    """Lines of a function's signatures; of a method, too: ``self`` is left out."""
    for form in forms:
        if decorator:
            yield decorator
        result = f" -> {form.returns}" if form.returns and name != "__init__" else ""
        head = f"{'async ' if form.awaited else ''}def {name}("
        parts = _parameters(form.parameters)
        line = f"{head}{', '.join(parts)}){result}: ..."
        if len(line) <= _WIDTH:
            yield line
            continue
        yield head
        yield from textwrap.wrap(
            ",\0".join(part.replace(" ", "\1") for part in parts).replace("\0", " ") + ",",
            _WIDTH,
            initial_indent="    ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield f"){result}: ..."


def class_text(item: Item) -> str:
    """A class with its public members."""
    bases = f"({', '.join(item.bases)})" if item.bases else ""
    head = f"class {item.name}{bases}:"
    body: list[str] = []
    if item.forms and not item.record:
        body += function_text("__init__", item.forms)
    for member in item.members.values():
        body += _member(member)
    if not body:
        return f"{head} ...{_how(item)}"
    return _plain([f"{head}{_how(item)}", *(f"    {line}" for line in body)])


def type_text(item: Item) -> str:
    """A type or a constant."""
    head = f"{item.name} = "
    if len(head + item.type) <= _WIDTH or " | " not in item.type:
        return head + item.type
    parts = item.type.split(" | ")
    return "\n".join((f"{head}(", f"    {parts[0]}", *(f"    | {part}" for part in parts[1:]), ")"))


def functions_text(members: Iterable[Member]) -> str:
    """Methods of a namespace."""
    return _plain(line for member in members for line in function_text(member.name, member.forms))


def _plain(lines: Iterable[str]) -> str:
    return "\n".join(lines).replace("\1", " ")


def _how(item: Item) -> str:
    notes = []
    if item.record and item.forms and {p.kind for p in item.forms[0].parameters} == {"keyword"}:
        notes.append("made by keywords")
    if item.record and item.used:
        notes.append(" and ".join(_WAYS[way] for way in ("in", "out") if way in item.used))
    return f"  # {'; '.join(notes)}" if notes else ""


def _member(member: Member) -> Iterator[str]:
    known = f"  # {member.evidence}" if member.evidence else ""
    if member.kind == "value":
        yield f"{member.name} = {member.default}"
    elif member.kind == "property":
        yield f"{member.name}: {member.type or 'Any'}  # read-only"
    elif member.kind == "field":
        default = f" = {member.default}" if member.default is not None else ""
        annotation = f": {member.type}" if member.type else "" if default else ": Any"
        yield f"{member.name}{annotation}{default}{known}"
    else:
        decorator = "" if member.kind == "method" else f"@{member.kind.replace(' ', '')}"
        yield from function_text(member.name, member.forms, decorator=decorator)


def _parameters(parameters: tuple[Parameter, ...]) -> list[str]:
    parts: list[str] = []
    starred = False
    for index, one in enumerate(parameters):
        if one.kind in ("keyword", "*") and not starred:
            starred = True
            if one.kind == "keyword":
                parts.append("*")
        prefix = one.kind if one.kind in ("*", "**") else ""
        annotation = f": {one.type}" if one.type else ""
        equals = " = " if one.type else "="
        default = f"{equals}{one.default}" if one.default is not None else ""
        parts.append(f"{prefix}{one.name}{annotation}{default}")
        after = parameters[index + 1].kind if index + 1 < len(parameters) else ""
        if one.kind == "positional-only" and after != "positional-only":
            parts.append("/")
    return parts
