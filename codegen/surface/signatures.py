"""Compares two signatures as their callers see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codegen.release.versions import Rating
from codegen.surface.changes import ChangeKind, SurfaceChange
from codegen.surface.model import Form, Parameter
from codegen.surface.types import compare_types

__all__ = ["compare_forms"]

_POSITIONAL = ("positional-only", "positional")


def compare_forms(
    name: str, old: Sequence[Form], new: Sequence[Form], *, record: bool = False
) -> list[SurfaceChange]:
    """Compares the ways to call something.

    Args:
        name: What is called.
        old: Its signature, or its overloads.
        new: The same, later.
        record: Parameters are the fields of a class, whose names, types and defaults are compared as fields.

    Returns:
        For each old way the changes towards the new way that is nearest; what several ways share is told once.
    """
    found: dict[SurfaceChange, None] = {}
    for form in old:
        candidates = [list(_compare(name, form, other, record)) for other in new]
        nearest: list[SurfaceChange] = min(candidates, key=_weight, default=[])
        found.update(dict.fromkeys(nearest))
    for form in new[len(old) :] if old else ():
        if not any(_same_parameters(form, other) for other in old):
            text = ", ".join(p.name for p in form.parameters if p.required) or "nothing"
            found[
                SurfaceChange(
                    "added",
                    name,
                    None,
                    text,
                    "feature",
                    f"`{name}` can also be called with {text}.",
                )
            ] = None
    return list(found)


def _same_parameters(one: Form, other: Form) -> bool:
    return [p.name for p in one.parameters] == [p.name for p in other.parameters]


def _weight(changes: list[SurfaceChange]) -> tuple[int, int]:
    return sum(change.rating == "breaking" for change in changes), len(changes)


def _compare(name: str, old: Form, new: Form, record: bool) -> Iterator[SurfaceChange]:
    before = {p.name: (i, p) for i, p in enumerate(old.parameters)}
    after = {p.name: (i, p) for i, p in enumerate(new.parameters)}
    gone = [p for p in old.parameters if p.name not in after]
    come = [p for p in new.parameters if p.name not in before]
    if not record:
        for one, other in _renamed(gone, come):
            gone.remove(one)
            come.remove(other)
            yield _change(
                "parameter-renamed", name, one.name, other.name, "breaking",
                f"`{name}` calls its parameter `{one.name}` now `{other.name}`.",
            )  # fmt: skip
        for one in gone:
            yield _change(
                "parameter-removed", name, one.name, None, "breaking",
                f"`{name}` no longer takes `{one.name}`.",
            )  # fmt: skip
    for one in come:
        if one.required:
            yield _change(
                "parameter-added", name, None, one.name, "breaking",
                f"`{name}` needs the new parameter `{one.name}`.",
            )  # fmt: skip
        elif not record:
            yield _change(
                "parameter-added", name, None, one.name, "feature",
                f"`{name}` takes the new parameter `{one.name}`.",
            )  # fmt: skip
    for key, (index, one) in before.items():
        if key in after:
            place, other = after[key]
            moved = index != place and one.kind in _POSITIONAL and other.kind in _POSITIONAL
            yield from _parameter(name, one, other, moved, record)
    if not record:
        yield from _result(name, old, new)


def _renamed(gone: list[Parameter], come: list[Parameter]) -> list[tuple[Parameter, Parameter]]:
    """One that went and one that came, alike in everything but the name."""
    if len(gone) != 1 or len(come) != 1:
        return []
    one, other = gone[0], come[0]
    alike = (one.kind, one.type, one.default) == (other.kind, other.type, other.default)
    return [(one, other)] if alike else []


def _parameter(
    name: str, old: Parameter, new: Parameter, moved: bool, record: bool
) -> Iterator[SurfaceChange]:
    what = f"`{old.name}` of `{name}`"
    if new.required and not old.required:
        yield _change(
            "parameter-required",
            name,
            old.name,
            old.name,
            "breaking",
            f"{what} can no longer be left out.",
        )
    elif old.required and not new.required:
        yield _change(
            "parameter-optional", name, old.name, old.name, "feature", f"{what} can be left out."
        )
    elif old.default != new.default and not record:
        yield _change(
            "parameter-default", name, old.default, new.default, "breaking",
            f"{what} is `{new.default}` if left out; it was `{old.default}`.",
        )  # fmt: skip
    if moved:
        yield _change(
            "parameter-moved", name, old.name, old.name, "breaking",
            f"{what} has another place among the positional parameters.",
        )  # fmt: skip
    if old.kind != new.kind:
        wider = new.kind == "positional" and old.kind in ("keyword", "positional-only")
        yield _change(
            "parameter-kind", name, old.kind, new.kind, "feature" if wider else "breaking",
            f"{what} is given by position or keyword."
            if wider
            else f"{what} is given otherwise: {new.kind}, no longer {old.kind}.",
        )  # fmt: skip
    how = compare_types(old.type, new.type)
    if how != "same" and not record:
        yield _change(
            "parameter-type", name, old.type, new.type, "feature" if how == "wider" else "breaking",
            f"{what} takes `{new.type}`; it took `{old.type}`.",
        )  # fmt: skip


def _result(name: str, old: Form, new: Form) -> Iterator[SurfaceChange]:
    if old.awaited != new.awaited:
        yield _change(
            "awaited", name, str(old.awaited), str(new.awaited), "breaking",
            f"`{name}` {'must now' if new.awaited else 'can no longer'} be awaited.",
        )  # fmt: skip
    how = compare_types(old.returns, new.returns)
    if how != "same":
        # Whoever got nothing did nothing with it.
        safe = how == "narrower" or old.returns in ("None", "")
        yield _change(
            "returns", name, old.returns, new.returns, "feature" if safe else "breaking",
            f"`{name}` returns `{new.returns}`; it returned `{old.returns}`.",
        )  # fmt: skip


def _change(
    kind: ChangeKind, name: str, old: str | None, new: str | None, rating: Rating, sentence: str
) -> SurfaceChange:
    return SurfaceChange(kind, name, old, new, rating, sentence)
