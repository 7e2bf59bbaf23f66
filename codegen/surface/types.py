"""Annotations as sets of alternatives, so that wider and narrower can be told."""

from __future__ import annotations

import ast
from typing import Literal, TypeAlias

__all__ = ["TypeChange", "alternatives", "compare_types"]

TypeChange: TypeAlias = Literal["same", "wider", "narrower", "other"]


def alternatives(annotation: str) -> frozenset[str]:
    """Members of a union; literals one by one. Text that does not parse is one alternative.

    Args:
        annotation: Such as ``str | None`` or ``Literal["a", "b"]``.
    """
    try:
        tree = ast.parse(annotation.strip() or "Any", mode="eval").body
    except SyntaxError:
        return frozenset((annotation,))
    return frozenset(_members(tree))


def compare_types(old: str, new: str) -> TypeChange:
    """How an annotation changed: a wider one admits all that the old one did."""
    before, after = alternatives(old), alternatives(new)
    if before == after:
        return "same"
    if _admits(after, before):
        return "wider"
    return "narrower" if _admits(before, after) else "other"


def _admits(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    if "Any" in wide or "object" in wide:
        return True
    # An int may stand where a float is asked for.
    return all(one in wide or (one == "int" and "float" in wide) for one in narrow)


def _members(tree: ast.expr) -> list[str]:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
        return [*_members(tree.left), *_members(tree.right)]
    if isinstance(tree, ast.Subscript):
        name = ast.unparse(tree.value).rpartition(".")[2]
        if name == "Optional":
            return [*_members(tree.slice), "None"]
        inner = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        if name == "Union":
            return [member for one in inner for member in _members(one)]
        if name == "Literal":
            return [f"Literal[{ast.unparse(one)}]" for one in inner]
        if name in ("Final", "ClassVar", "Annotated"):
            return _members(inner[0])
        # Inside, the order of a union does not matter either.
        parts = ", ".join(" | ".join(sorted(_members(one))) for one in inner)
        return [f"{name}[{parts}]"]
    if isinstance(tree, ast.List):
        return [f"[{', '.join(' | '.join(sorted(_members(one))) for one in tree.elts)}]"]
    return [ast.unparse(tree)]
