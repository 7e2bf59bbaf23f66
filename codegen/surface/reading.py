"""From griffe's objects to a surface: what is public, and what its signatures lead to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codegen.surface.loading import load, public_modules, resolve
from codegen.surface.members import ClassReader, first_line, forms_of
from codegen.surface.model import Item, Surface
from codegen.surface.refs import References

if TYPE_CHECKING:
    import griffe

__all__ = ["read_surface"]


def read_surface(root: Path, distribution: str) -> Surface:
    """The public surface of a distribution in a work tree.

    Args:
        root: A work tree of the repository; it may be another revision's.
        distribution: A folder of ``overlays/``, such as ``aitrios`` or ``runtime``.

    Raises:
        SurfaceError: The tree has no such package, or it cannot be parsed.
    """
    return _Reader(load(root, distribution), distribution).read()


class _Reader:
    def __init__(self, modules: griffe.ModulesCollection, distribution: str) -> None:
        self._modules = modules
        self._surface = Surface(distribution)
        self._items: dict[str, Item] = {}
        self._public = {
            name: _exports(modules, module)
            for name, module in public_modules(modules, distribution).items()
        }
        exported = {target.path for found in self._public.values() for _, target in found}
        runtime = resolve(modules, "deviceclouds.runtime")
        if runtime is not None:
            exported |= {target.path for _, target in _exports(modules, runtime)}  # type: ignore[arg-type]
        own = tuple(f"deviceclouds.{part}{distribution}." for part in ("", "_generated."))
        self._refs = References(modules, own)
        self._classes = ClassReader(modules, exported, self._refs)

    def read(self) -> Surface:
        for module, found in self._public.items():
            items = self._surface.modules.setdefault(module, {})
            self._surface.docs[module] = first_line(self._modules[module])
            for name, target in found:
                items[name] = self._item(name, target, made=True)
        self._follow()
        ways = self._refs.ways()
        for path, item in self._items.items():
            item.used = frozenset(ways.get(path, ()))
        return self._surface

    def _item(self, name: str, target: griffe.Object, *, made: bool) -> Item:
        known = self._items.get(target.path)
        if known is not None:
            return Item(name, "again", target.path, type=known.name)
        item = self._items[target.path] = self._read(name, target, made)
        return item

    def _read(self, name: str, target: griffe.Object, made: bool) -> Item:
        if target.is_class:
            return self._classes.read(name, target, made=made)  # type: ignore[arg-type]
        doc = first_line(target)
        if target.is_function:
            forms = forms_of(target, self._refs)  # type: ignore[arg-type]
            return Item(name, "function", target.path, doc, forms=forms)
        value = getattr(target, "value", None)
        annotation = str(getattr(target, "annotation", None) or "")
        # Types are written as words, constants in capitals or with an annotation of their own.
        is_type = "TypeAlias" in annotation or not (annotation or name.isupper() or name[0] == "_")
        if is_type:
            self._refs.inside(target.path, value)
        return Item(name, "type" if is_type else "constant", target.path, doc, str(value or ""))

    def _follow(self) -> None:
        """Reads what signatures lead to, until nothing new turns up."""
        reached = self._surface.reached
        while fresh := sorted(self._refs.found.keys() - self._items.keys()):
            for path in fresh:
                target = self._refs.found[path]
                # Nobody can import it, so nobody makes one.
                item = self._item(target.name, target, made=False)
                reached[path if target.name in reached else target.name] = item
        self._surface.reached = dict(sorted(reached.items()))


def _exports(
    modules: griffe.ModulesCollection, module: griffe.Module
) -> list[tuple[str, griffe.Object]]:
    """Public names of a module, sorted, with what they stand for."""
    if module.name == "models":
        # Has nothing of its own: it hands on what was generated.
        path = f"deviceclouds._generated.{module.parent.name}.models"  # type: ignore[union-attr]
        module = resolve(modules, path) or module  # type: ignore[assignment]
    names = module.exports
    own = f"{module.path}." if names is None else "deviceclouds."
    if names is None:
        names = [name for name in module.members if not name.startswith("_")]
    found = []
    for name in sorted(map(str, names)):
        target = resolve(modules, f"{module.path}.{name}")
        if target is not None and not target.is_module and target.path.startswith(own):
            found.append((name, target))
    return found
