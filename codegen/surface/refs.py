"""Which classes signatures lead to, and whether users give them or get them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from codegen.surface.loading import resolve

if TYPE_CHECKING:
    import griffe

__all__ = ["References", "Way"]

Way: TypeAlias = Literal["in", "out"]


class References:
    """Collects references while a surface is read.

    Args:
        modules: What was loaded.
        own: Beginnings of the paths that belong to the distribution; others are not followed.
    """

    def __init__(self, modules: griffe.ModulesCollection, own: tuple[str, ...]) -> None:
        self._modules = modules
        self._own = own
        self._targets: dict[str, griffe.Object | None] = {}
        self._fields: dict[str, set[str]] = {}
        self._ways: dict[Way, set[str]] = {"in": set(), "out": set()}
        self.found: dict[str, griffe.Object] = {}
        """All that was referred to, by path."""

    def parameter(self, annotation: str | griffe.Expr | None) -> None:
        """A function takes this."""
        self._add(annotation, "in", "out")

    def result(self, annotation: str | griffe.Expr | None) -> None:
        """A function returns this, or an attribute holds it."""
        self._add(annotation, "out", "in")

    def inside(self, owner: str, annotation: str | griffe.Expr | None) -> None:
        """A class has a field of this type, or a type stands for it: it goes the way of its owner."""
        for path, _ in self._paths(annotation):
            self._fields.setdefault(owner, set()).add(path)

    def ways(self) -> dict[str, frozenset[Way]]:
        """For each path, which way it goes; followed through fields."""
        used: dict[str, set[Way]] = {}
        for way, paths in self._ways.items():
            todo = list(paths)
            while todo:
                path = todo.pop()
                if way not in used.setdefault(path, set()):
                    used[path].add(way)
                    todo += self._fields.get(path, ())
        return {path: frozenset(found) for path, found in used.items()}

    def _add(self, annotation: str | griffe.Expr | None, way: Way, back: Way) -> None:
        for path, called in self._paths(annotation):
            self._ways[back if called else way].add(path)

    def _paths(self, annotation: str | griffe.Expr | None) -> set[tuple[str, bool]]:
        """Paths of our own classes, and whether they are what a callback is given."""
        if annotation is None or isinstance(annotation, str):
            return set()
        import griffe

        found = set()
        called = "Callable[" in str(annotation)
        for part in annotation.iterate(flat=True):
            if isinstance(part, griffe.ExprName) and (target := self._target(part.canonical_path)):
                found.add((target.path, called))
        return found

    def _target(self, path: str) -> griffe.Object | None:
        if path not in self._targets:
            target = resolve(self._modules, path)
            if target is None or not target.path.startswith(self._own) or not _counts(target):
                target = None
            else:
                self.found[target.path] = target
            self._targets[path] = target
        return self._targets[path]


def _counts(target: griffe.Object) -> bool:
    """Classes and types with names of their own; no type variables, no namespaces of raw replies."""
    value = str(getattr(target, "value", None) or "")
    return (
        target.parent is not None
        and target.parent.is_module
        and (target.is_class or target.is_attribute)
        and not target.name.startswith("_")
        and not value.startswith(("TypeVar(", "ParamSpec("))
        and (
            "._generated." not in target.path
            or ".models" in target.path
            or "_models" in target.path
        )
    )
