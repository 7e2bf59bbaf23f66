"""How the Python methods of a client are called, read from the generated source."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Method", "methods"]


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a namespace: where it is, and a call of it with all its arguments."""

    path: str
    call: str


def methods(root: Path, vendor: str) -> dict[str, Method]:
    """The methods of a vendor's sync client by ``namespace.method``.

    Args:
        root: The repository.
        vendor: Name of the vendor.
    """
    package = f"deviceclouds._generated.{vendor}.resources"
    folder = root / "generated" / vendor / "src" / package.replace(".", "/")
    found = {}
    for file in sorted(folder.glob("[!_]*.py")):
        for owner in ast.parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(owner, ast.ClassDef) or not owner.name.endswith("Resource"):
                continue
            for node in owner.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    name = f"{file.stem}.{node.name}"
                    path = f"{package}.{file.stem}.{owner.name}.{node.name}"
                    found[name] = Method(path, _call(name, node))
    return found


def _call(name: str, node: ast.FunctionDef) -> str:
    """Needed arguments by name, those that may be left out with three dots."""
    plain = [each.arg for each in node.args.args[1:]]
    named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    keywords = [f"{each.arg}={each.arg if default is None else '...'}" for each, default in named]
    gives = f"  # gives {ast.unparse(node.returns)}" if node.returns else ""
    text = f"client.{name}({', '.join([*plain, *keywords])}){gives}"
    if len(text) <= 76:
        return text
    inside = "".join(f"    {each},\n" for each in [*plain, *keywords])
    return f"client.{name}(\n{inside}){gives}"
