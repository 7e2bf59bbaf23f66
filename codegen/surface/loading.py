"""Reads our packages with griffe: statically, nothing is imported."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import griffe

__all__ = ["SurfaceError", "load", "public_modules", "resolve"]

# Without an underscore for our own other packages, but nothing for users.
_INTERNAL = frozenset(("generated", "workflows"))


class SurfaceError(Exception):
    """A surface cannot be read; the message says what is missing."""


def load(root: Path, distribution: str) -> griffe.ModulesCollection:
    """Loads a distribution, its generated package, and the runtime it stands on.

    Args:
        root: A work tree of the repository.
        distribution: A folder of ``overlays/``.

    Raises:
        SurfaceError: There is no such package in the tree.
    """
    import griffe

    wanted = {
        f"deviceclouds.{distribution}": root / "overlays" / distribution / "src",
        f"deviceclouds._generated.{distribution}": root / "generated" / distribution / "src",
        "deviceclouds.runtime": root / "overlays" / "runtime" / "src",
    }
    there = {n: p for n, p in wanted.items() if p.joinpath(*n.split(".")).is_dir()}
    if f"deviceclouds.{distribution}" not in there:
        raise SurfaceError(f"no package deviceclouds.{distribution} in {root / 'overlays'}")
    loader = griffe.GriffeLoader(search_paths=list(there.values()), allow_inspection=False)
    try:
        for name in there:
            loader.load(name)
        loader.resolve_aliases(implicit=True, external=False)
    except (griffe.GriffeError, KeyError, SyntaxError, OSError) as error:
        # A package whose __init__ does not parse is not found: then the file and its line are named.
        _refuse_unread(loader.modules_collection, there)
        raise SurfaceError(f"deviceclouds.{distribution} in {root}: {error}") from error
    _refuse_unread(loader.modules_collection, there)
    return loader.modules_collection


def _refuse_unread(modules: griffe.ModulesCollection, there: dict[str, Path]) -> None:
    """griffe leaves out what it cannot parse, which would look like a removal."""
    for name, source in there.items():
        folder = source.joinpath(*name.split("."))
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(source).with_suffix("").parts
            dotted = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found = resolve(modules, dotted)
            # Without its __init__ a package is read as a namespace, that is, as empty.
            if found is None or found.filepath != path:
                try:
                    ast.parse(path.read_bytes())
                except SyntaxError as error:
                    raise SurfaceError(f"{path}:{error.lineno}: {error.msg}") from None


def public_modules(
    modules: griffe.ModulesCollection, distribution: str
) -> dict[str, griffe.Module]:
    """The package, and what lies in it without an underscore; of packages therein, only themselves."""
    package = modules[f"deviceclouds.{distribution}"]
    inner = {
        name: module
        for name, module in sorted(package.modules.items())
        if not name.startswith("_") and name not in _INTERNAL and not module.is_alias
    }
    return {package.path: package, **{module.path: module for module in inner.values()}}


def resolve(modules: griffe.ModulesCollection, path: str) -> griffe.Object | None:
    """What a dotted path stands for in the end; None for what is not ours."""
    import griffe

    if not path.startswith("deviceclouds."):
        return None
    try:
        found = modules[path]
        target = found.final_target if found.is_alias else found
    except (KeyError, griffe.AliasResolutionError, griffe.CyclicAliasError):
        return None
    return target  # type: ignore[no-any-return]
