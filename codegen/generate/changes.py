"""What a regeneration changed, in words a maintainer wants: operations and models added, removed, changed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from codegen.generate.webhooks import MODULE

__all__ = ["describe_changes"]


def describe_changes(before: Path, after: Path) -> list[str]:
    """Lines such as ``+ operation devices.get_device``; empty if the trees are the same.

    Args:
        before: The vendor's package as it was; may be missing.
        after: The new one.
    """
    old, new = dict(_entries(before)), dict(_entries(after))
    lines = []
    for entry in sorted(old.keys() | new.keys()):
        if entry not in old:
            lines.append(f"+ {entry}")
        elif entry not in new:
            lines.append(f"- {entry}")
        elif old[entry] != new[entry]:
            lines.append(f"~ {entry}")
    if not lines and _texts(before) != _texts(after):
        lines.append("~ code or words outside operations and models")
    return lines


def _entries(package: Path) -> Iterator[tuple[str, str]]:
    """Name and source of each operation and model class."""
    for path in sorted((package / "operations").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                yield f"operation {path.stem}.{node.target.id.lower()}", ast.unparse(node)
    for path in [*sorted((package / "models").glob("*.py")), package / MODULE]:
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef):
                kind = "webhook model" if path.name == MODULE else "model"
                yield f"{kind} {node.name}", ast.unparse(node)


def _texts(package: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(package)): p.read_bytes()
        for p in sorted(package.rglob("*"))
        if p.is_file()
    }
