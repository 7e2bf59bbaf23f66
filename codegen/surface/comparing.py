"""Compares two surfaces: what broke, and what is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from codegen.release.versions import Rating
from codegen.surface.changes import SurfaceChange
from codegen.surface.model import Item, Member, Surface
from codegen.surface.reading import read_surface
from codegen.surface.signatures import compare_forms
from codegen.surface.types import compare_types

__all__ = ["breaking_changes", "compare_surfaces"]


def breaking_changes(old_root: Path, new_root: Path, vendor: str) -> list[SurfaceChange]:
    """Compares the public surface of a distribution in two work trees: all changes, the breaking ones first.

    Args:
        old_root: A work tree of the older revision.
        new_root: A work tree of the newer one.
        vendor: A folder of ``overlays/``; ``runtime``, ``testing`` and ``cli`` are fine, too.

    Raises:
        SurfaceError: A tree has no such package, or it cannot be parsed.
    """
    return compare_surfaces(read_surface(old_root, vendor), read_surface(new_root, vendor))


def compare_surfaces(old: Surface, new: Surface) -> list[SurfaceChange]:
    """Compares two surfaces of one distribution: all changes, the breaking ones first, then in order of the source."""
    found: dict[SurfaceChange, None] = {}
    for module in dict.fromkeys((*old.modules, *new.modules)):
        label = _label(old.distribution, module)
        if module not in new.modules or module not in old.modules:
            found[_gone_or_come(module, "module", module in new.modules)] = None
            continue
        changes = _items(label, old.modules[module], new.modules[module])
        found.update(dict.fromkeys(changes))
    exported = {item.name for items in new.modules.values() for item in items.values()}
    # What nobody can import is missed only where a signature led to it, and that has changed then, too.
    both = [name for name in old.reached if name in new.reached and name not in exported]
    for name in both:
        found.update(dict.fromkeys(_item(name, old.reached[name], new.reached[name])))
    order: dict[Rating, int] = {"breaking": 0, "feature": 1, "fix": 2}
    return sorted(_without_twins(list(found)), key=lambda change: order[change.rating])


def _label(distribution: str, module: str) -> str:
    inner = module.removeprefix(f"deviceclouds.{distribution}").lstrip(".")
    return f"{inner}." if inner else ""


def _without_twins(changes: list[SurfaceChange]) -> list[SurfaceChange]:
    """Leaves out what happened to an async class just as to its sync twin."""
    seen = {(c.kind, c.name, _plain(c.old), _plain(c.new), c.rating) for c in changes}

    def is_twin(change: SurfaceChange) -> bool:
        name = ".".join(part.removeprefix("Async") for part in change.name.split("."))
        key = (change.kind, name, _plain(change.old), _plain(change.new), change.rating)
        return name != change.name and key in seen

    return [change for change in changes if not is_twin(change)]


def _plain(text: str | None) -> str | None:
    return text.replace("Async", "") if text is not None else None


def _gone_or_come(name: str, what: str, come: bool) -> SurfaceChange:
    if come:
        return SurfaceChange("added", name, None, what, "feature", f"The {what} `{name}` is new.")
    return SurfaceChange("removed", name, what, None, "breaking", f"The {what} `{name}` is gone.")


def _items(label: str, old: Mapping[str, Item], new: Mapping[str, Item]) -> Iterator[SurfaceChange]:
    for name in dict.fromkeys((*old, *new)):
        if name in old and name in new:
            yield from _item(f"{label}{name}", old[name], new[name])
        else:
            item = old.get(name) or new[name]
            kind = "name" if item.kind == "again" else item.kind
            yield _gone_or_come(f"{label}{name}", kind, name in new)


def _item(name: str, old: Item, new: Item) -> Iterator[SurfaceChange]:
    if "again" in (old.kind, new.kind):
        return  # compared where it is shown first
    if old.kind != new.kind:
        yield SurfaceChange(
            "kind", name, old.kind, new.kind, "breaking",
            f"`{name}` is a {new.kind}, no longer a {old.kind}.",
        )  # fmt: skip
        return
    yield from _bases(name, old, new)
    yield from _forms(name, old, new)
    if old.kind == "type" and not name.endswith("Like"):  # told by the enumeration it is made from
        yield from _type(name, old.type, new.type, old.used | new.used)
    if old.kind == "constant" and old.type != new.type:
        yield SurfaceChange(
            "value",
            name,
            old.type,
            new.type,
            "fix",
            f"`{name}` is `{new.type}`; it was `{old.type}`.",
        )
    for key in dict.fromkeys((*old.namespaces, *new.namespaces)):
        inner = f"{name}.{key}"
        if key in old.namespaces and key in new.namespaces:
            yield from _members(inner, old.namespaces[key], new.namespaces[key])
        elif key in old.members or key in new.members:
            is_one = key in new.namespaces
            yield SurfaceChange(
                "kind", inner, None, None, "breaking",
                f"`{inner}` is {'now' if is_one else 'no longer'} a namespace.",
            )  # fmt: skip
        else:
            yield _gone_or_come(inner, "namespace", key in new.namespaces)
    yield from _members(name, old, new)


def _bases(name: str, old: Item, new: Item) -> Iterator[SurfaceChange]:
    for base in old.bases:
        if base not in new.bases:
            yield SurfaceChange(
                "base-removed", name, base, None, "breaking", f"`{name}` is no longer a `{base}`."
            )
    for base in new.bases:
        if base not in old.bases:
            yield SurfaceChange(
                "base-added", name, None, base, "feature", f"`{name}` is a `{base}`."
            )


def _forms(name: str, old: Item, new: Item) -> Iterator[SurfaceChange]:
    for change in compare_forms(name, old.forms, new.forms, record=old.record and new.record):
        if old.record and "in" not in new.used and new.used:
            continue  # only we make such objects
        yield change
    if bool(old.forms) != bool(new.forms) and not _is_read_only(new):
        yield SurfaceChange(
            "kind", name, None, None, "feature" if new.forms else "breaking",
            f"`{name}` has {'a' if new.forms else 'no'} constructor of its own.",
        )  # fmt: skip


def _is_read_only(item: Item) -> bool:
    return item.kind in ("constant", "type", "enum") or item.used == frozenset(("out",))


def _members(name: str, old: Item, new: Item) -> Iterator[SurfaceChange]:
    for key in dict.fromkeys((*old.members, *new.members)):
        inner = f"{name}.{key}"
        if key in old.namespaces or key in new.namespaces:
            continue
        if key not in new.members or key not in old.members:
            member = old.members.get(key) or new.members[key]
            yield _gone_or_come(inner, member.kind, key in new.members)
            continue
        yield from _member(inner, old.members[key], new.members[key], old, new)


def _member(
    name: str, old: Member, new: Member, owner: Item, later: Item
) -> Iterator[SurfaceChange]:
    if old.kind != new.kind:
        # A field can be read, set and given to the constructor; a property can only be read.
        harmless = (old.kind, new.kind) == ("property", "field")
        yield SurfaceChange(
            "kind", name, old.kind, new.kind, "feature" if harmless else "breaking",
            f"`{name}` is a {new.kind}, no longer a {old.kind}.",
        )  # fmt: skip
        return
    if old.forms:
        yield from compare_forms(name, old.forms, new.forms)
        return
    if old.kind == "value":
        if old.default != new.default:
            yield SurfaceChange(
                "value", name, old.default, new.default, "breaking",
                f"`{name}` stands for {new.default}; it stood for {old.default}.",
            )  # fmt: skip
        return
    used = frozenset(("out",)) if old.kind == "property" else owner.used | later.used
    yield from _type(name, old.type, new.type, used)
    if None not in (old.default, new.default) and old.default != new.default and "in" in used:
        yield SurfaceChange(
            "default", name, old.default, new.default, "breaking",
            f"`{name}` is `{new.default}` if left out; it was `{old.default}`.",
        )  # fmt: skip


def _type(name: str, old: str, new: str, used: frozenset[str]) -> Iterator[SurfaceChange]:
    how = compare_types(old, new)
    if how == "same":
        return
    # Users who only give it may give more than before; users who only get it may get less.
    safe = (how == "wider" and used == {"in"}) or (how == "narrower" and used == {"out"})
    yield SurfaceChange(
        "type",
        name,
        old,
        new,
        "feature" if safe else "breaking",
        f"`{name}` is `{new}`; it was `{old}`.",
    )
