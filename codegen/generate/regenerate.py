"""Regenerates vendors: lint, generate into a temporary tree, compare, then swap the tree in whole."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from codegen.generate.changes import describe_changes
from codegen.generate.driver import count_written, format_tree, generate
from codegen.generate.stamp import write_stamp
from codegen.generate.swap import swap
from codegen.generate.upstream import GenerationError
from codegen.generate.views import VendorView
from codegen.lint import SpecDocument, lint_document
from codegen.lint.plain import SpecSyntaxError

__all__ = ["RegenerationError", "package_folder", "regenerate", "vendors_of"]

Say = Callable[[str], None]
AS_IT_WAS = "generated/ is as it was"


class RegenerationError(Exception):
    """Nothing was written; the message says why."""


def vendors_of(root: Path) -> list[str]:
    """Vendors that have a specification, in alphabetical order."""
    return sorted(path.parent.name for path in (root / "specs").glob("*/openapi.yaml"))


def package_folder(tree: Path, vendor: str) -> Path:
    """Where a vendor's package lies in a tree of generated code."""
    return tree / vendor / "src" / "deviceclouds" / "_generated" / vendor


def regenerate(root: Path, vendors: Sequence[str], *, check: bool = False, say: Say) -> bool:
    """Regenerates vendors, all or none.

    Args:
        root: The repository.
        vendors: Which vendors; all that have a spec if empty.
        check: Compare only; write nothing.
        say: Takes each line of the report.

    Returns:
        Whether ``generated/`` was, or now is, exactly what the specs say. With ``check`` False means it is not.

    Raises:
        RegenerationError: A spec has problems, or generation lost something. ``generated/`` is as it was.
    """
    chosen = _chosen(root, vendors)
    generated = root / "generated"
    # Beside the target, so that the swap is a rename on one file system.
    with tempfile.TemporaryDirectory(prefix=".regenerate-", dir=root) as temporary:
        tree = Path(temporary) / "fresh"
        views = [_generate_one(root, vendor, tree) for vendor in chosen]
        try:
            format_tree(*(tree / vendor for vendor in chosen))
        except GenerationError as error:
            raise RegenerationError(f"{error}; {AS_IT_WAS}") from error
        for view in views:
            _finish(root, view, tree)
        stale = [view.vendor for view in views if not _report(view, generated, tree, say)]
        if not vendors:
            stale += _orphans(generated, chosen, say)
        if check:
            for vendor in stale:
                say(
                    f"{vendor}: generated/{vendor} is stale; run `nox -s regenerate` and commit the result"
                )
            return not stale
        if stale:
            try:
                swap(generated, tree, stale, Path(temporary) / "old")
            except OSError as error:
                raise RegenerationError(f"cannot swap: {error}; {AS_IT_WAS}") from error
    return True


def _chosen(root: Path, vendors: Sequence[str]) -> list[str]:
    known = vendors_of(root)
    if not known:
        raise RegenerationError(f"no specs/<vendor>/openapi.yaml in {root}")
    unknown = sorted(set(vendors) - set(known))
    if unknown:
        raise RegenerationError(f"no specs/{unknown[0]}/openapi.yaml; there are {', '.join(known)}")
    return sorted(set(vendors)) or known


def _orphans(generated: Path, chosen: list[str], say: Say) -> list[str]:
    """Vendors that are generated and have no specification any more."""
    there = {path.name for path in generated.glob("*") if _contents(path)}
    orphans = sorted(there - set(chosen))
    for name in orphans:
        say(f"{name}: has no specification any more")
    return orphans


def _generate_one(root: Path, vendor: str, tree: Path) -> VendorView:
    path = root / "specs" / vendor / "openapi.yaml"
    try:
        document = SpecDocument.load(path)
    except SpecSyntaxError as error:
        raise RegenerationError(f"{path}:{error.line}: {error.message}; {AS_IT_WAS}") from error
    except (OSError, UnicodeError) as error:
        raise RegenerationError(f"{path}:1: {error}; {AS_IT_WAS}") from error
    problems = lint_document(document)
    if problems:
        shown = "\n".join(str(problem) for problem in problems)
        raise RegenerationError(f"{shown}\n{len(problems)} problem(s); {AS_IT_WAS}")
    try:
        return generate(vendor, document.data, package_folder(tree, vendor))
    except GenerationError as error:
        raise RegenerationError(f"{path}: {error}\n{AS_IT_WAS}") from error


def _finish(root: Path, view: VendorView, tree: Path) -> None:
    package = package_folder(tree, view.vendor)
    operations, models = count_written(package)
    if (operations, models) != (len(view.operations), len(view.models) + len(view.enums)):
        raise RegenerationError(
            f"{view.vendor}: the spec has {len(view.operations)} operations and"
            f" {len(view.models) + len(view.enums)} models, the generated code {operations} and {models};"
            f" {AS_IT_WAS}"
        )
    write_stamp(
        tree / view.vendor / "generated.toml",
        root / "specs" / view.vendor / "openapi.yaml",
        view,
        operations,
        models - len(view.enums),
    )


def _report(view: VendorView, generated: Path, tree: Path, say: Say) -> bool:
    """Says what changed; whether nothing did."""
    before, after = generated / view.vendor, tree / view.vendor
    if _same(before, after):
        say(
            f"{view.vendor}: {len(view.operations)} operations, {len(view.models)} models, unchanged"
        )
        return True
    changes = describe_changes(
        package_folder(generated, view.vendor), package_folder(tree, view.vendor)
    )
    say(f"{view.vendor}: {len(view.operations)} operations, {len(view.models)} models")
    for line in changes or ["~ stamp only"]:
        say(f"  {line}")
    return False


def _same(one: Path, other: Path) -> bool:
    return _contents(one) == _contents(other)


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
