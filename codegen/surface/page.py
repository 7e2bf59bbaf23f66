"""Writes a surface as a page, ``api.md``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, count

from codegen.surface.model import Form, Item, Member, Surface
from codegen.surface.stubs import class_text, function_text, functions_text, type_text

__all__ = ["render"]

_HEAD = """# Public surface of {name}

What `import deviceclouds.{package}` offers, written from the code by `nox -s regenerate`; do not edit. What is not here
is private. When any of it may change is told in [docs/versioning.md](../../docs/versioning.md). Signatures are
shortened: `self` is left out, and what `...` stands for is not shown.
"""
_WORDS = re.compile(r"[A-Za-z_]\w*")
_PLAIN_TWIN = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
}


def render(surface: Surface, name: str) -> str:
    """The page of a distribution.

    Args:
        surface: What was read.
        name: What installers call the distribution.
    """
    return _Page(surface, name).text()


class _Page:
    def __init__(self, surface: Surface, name: str) -> None:
        self._surface = surface
        self._name = name
        self._anchors: dict[str, str] = {}
        """By name of a class; each is a heading of its own."""
        self._here: dict[str, str] = {}
        """Paths of the classes beside, by name: links prefer them to equal names elsewhere."""
        self._titles: dict[str, str] = {}
        self._taken: set[str] = set()
        self._told_with = {
            f"{item.name}Like"
            for items in (*surface.modules.values(), surface.reached)
            for item in items.values()
            if item.kind == "enum"
        }

    def text(self) -> str:
        head = _HEAD.format(name=self._name, package=self._surface.distribution)
        # The anchors must be known before the first link.
        self._sections(plan=True)
        body = self._sections(plan=False)
        return "\n".join((head, self._contents(), *body)).rstrip("\n") + "\n"

    def _sections(self, *, plan: bool) -> list[str]:
        if plan:
            self._heading(f"Public surface of {self._name}")
        lines: list[str] = []
        groups = [(f"`{m}`", self._surface.docs[m], i) for m, i in self._surface.modules.items()]
        if self._surface.reached:
            told = "Nobody imports these; signatures above lead to them."
            groups.append(("Met in signatures", told, self._surface.reached))
        for title, told, items in groups:
            self._here = {item.name: item.path for item in items.values()}
            if plan:
                self._heading(title)
            lines += [f"## {title}", "", _plain(told), ""]
            for item in _ordered(items.values()):
                if plan:
                    self._plan(item)
                elif item.name not in self._told_with:
                    lines += self._item(item, items)
        return lines

    def _plan(self, item: Item) -> None:
        if item.kind == "again" or item.name in self._told_with:
            return
        self._add(item.name, item.path, item.kind)
        if not _twin(item, self._surface):
            for key in item.namespaces:
                self._add(f"{item.name}.{key}", f"{item.name}.{key}", "namespace")

    def _add(self, name: str, path: str, kind: str) -> None:
        self._titles[path], anchor = self._heading(name, kind)
        if "._generated." in path:
            self._anchors[name] = anchor  # signatures of methods mean the model
        self._anchors.setdefault(name, anchor)
        self._anchors[path] = anchor

    def _heading(self, title: str, kind: str = "") -> tuple[str, str]:
        """A title no other heading has, and its anchor: lower case, only words. Sites number equal ones differently."""
        others = (f"{title} ({kind}{f' {n}' if n > 1 else ''})" for n in count(1))
        for shown in chain((title,), others):
            slug = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
            if slug not in self._taken:
                self._taken.add(slug)
                return shown, slug
        raise AssertionError  # it counts without end

    def _contents(self) -> str:
        lines = []
        for module, items in self._surface.modules.items():
            self._here = {item.name: item.path for item in items.values()}
            names = [
                self._link(i.name) for i in _ordered(items.values()) if i.name in self._anchors
            ]
            spaces = [
                f"[{item.name}.{key}](#{self._anchors[f'{item.name}.{key}']})"
                for item in _ordered(items.values())
                for key in item.namespaces
                if f"{item.name}.{key}" in self._anchors
            ]
            lines.append(f"- `{module}`: {' · '.join(names + spaces) or 'nothing of its own'}")
        if self._surface.reached:
            names = [self._link(item.name) for item in _ordered(self._surface.reached.values())]
            lines.append(f"- met in signatures: {' · '.join(names)}")
        return "\n".join((*lines, ""))

    def _link(self, name: str) -> str:
        anchor = self._anchors.get(self._here.get(name, name)) or self._anchors.get(name)
        return f"[{name}](#{anchor})" if anchor else name

    def _linked(self, annotation: str) -> str:
        """A type whose classes are links; for a cell of a table."""
        text = _WORDS.sub(lambda word: self._link(word[0]), annotation)
        return text.replace("|", "\\|")

    def _item(self, item: Item, beside: dict[str, Item]) -> Iterator[str]:
        if item.kind == "again":
            yield from (f"`{item.name}`: see {self._link(item.type)}.", "")
            return
        yield from (f"### {self._titles[item.path]}", "")
        if item.doc:
            yield from (_plain(item.doc), "")
        if item.kind in ("type", "constant"):
            yield from _code(type_text(item))
            return
        if item.kind == "function":
            yield from _code("\n".join(function_text(item.name, item.forms)).replace("\1", " "))
            return
        twin = _twin(item, self._surface)
        if twin is not None:
            yield from self._as_twin(item, twin)
            return
        yield from self._methods(item)
        like = beside.get(f"{item.name}Like") if item.kind == "enum" else None
        yield from _code(class_text(item) + (f"\n\n{type_text(like)}" if like else ""))
        for key, space in item.namespaces.items():
            yield from self._namespace(f"{item.name}.{key}", space)

    def _methods(self, item: Item) -> Iterator[str]:
        """What the methods of a client do; those of other classes are few."""
        told = [m for m in item.members.values() if m.doc and not m.name.startswith("_")]
        if item.namespaces and told:
            yield from ("| method | what |", "|---|---|")
            for member in told:
                yield f"| `{member.name}` | {_plain(member.doc).replace('|', chr(92) + '|')} |"
            yield ""

    def _namespace(self, title: str, space: Item) -> Iterator[str]:
        yield from (f"#### {self._titles[title]}", "", _plain(space.doc), "")
        yield from ("| method | asks | evidence | returns |", "|---|---|---|---|")
        for member in space.members.values():
            returns = member.forms[0].returns if member.forms else ""
            yield (
                f"| `{member.name}` | `{member.operation}` | {_evidence(member.evidence)} |"
                f" {self._linked(returns)} |"
            )
        yield ""
        yield from _code(functions_text(space.members.values()))

    def _as_twin(self, item: Item, twin: Item) -> Iterator[str]:
        """An async class beside its sync one: only what differs in more than being awaited."""
        other = {name: member for name, member in item.members.items()
                 if not _alike(member, twin.members.get(_PLAIN_TWIN.get(name, name)))}  # fmt: skip
        there = {_PLAIN_TWIN.get(name, name) for name in item.members}
        missing = [name for name in twin.members if name not in there]
        spaces = [
            f"{key}.{name}"
            for key, space in twin.namespaces.items()
            for name, member in space.members.items()
            if key not in item.namespaces
            or not _alike(item.namespaces[key].members.get(name), member)
        ]
        yield f"As {self._link(twin.name)}; methods are awaited, lists are walked by `async for`."
        if missing or spaces:
            yield f"Not as there: {', '.join(f'`{name}`' for name in (*missing, *spaces))}."
        yield ""
        same_forms = _same_forms(item.forms, twin.forms)
        if other or not same_forms:
            own = Item(
                item.name, "class", item.path, forms=() if same_forms else item.forms, members=other
            )
            yield from _code(class_text(own))


def _twin(item: Item, surface: Surface) -> Item | None:
    """The sync class an async client belongs to."""
    if not item.name.startswith("Async") or item.kind != "class":
        return None
    name = item.name.removeprefix("Async")
    groups = (*surface.modules.values(), surface.reached)
    found = next((items[name] for items in groups if item.name in items and name in items), None)
    return found if found is not None and found.kind == "class" else None


def _alike(one: Member | None, other: Member | None) -> bool:
    if one is None or other is None:
        return False
    same_kind = (one.kind, one.type.replace("Async", "")) == (
        other.kind,
        other.type.replace("Async", ""),
    )
    return same_kind and _same_forms(one.forms, other.forms)


def _same_forms(one: tuple[Form, ...], other: tuple[Form, ...]) -> bool:
    return [_sync(form) for form in one] == [_sync(form) for form in other]


def _sync(form: Form) -> object:
    return (
        [(p.name, p.kind, p.type.replace("Async", ""), p.default) for p in form.parameters],
        form.returns.replace("Async", ""),
    )


def _ordered(items: Iterable[Item]) -> list[Item]:
    """Sync before async, otherwise by name; constants first."""
    return sorted(
        items,
        key=lambda i: (
            i.kind != "constant",
            i.name.removeprefix("Async").lower(),
            i.name.startswith("Async"),
            i.name,
        ),
    )


def _evidence(word: str) -> str:
    return f"**{word}**" if word in ("inferred", "unverified") else word


def _plain(text: str) -> str:
    """Without the roles of docstrings."""
    text = re.sub(r":\w+:`~?\.?([\w.]+)`", lambda m: f"`{m[1].rpartition('.')[2]}`", text)
    return text.replace("``", "`")


def _code(text: str) -> tuple[str, ...]:
    return ("```python", text, "```", "")
