"""References of a document: each must lead to something in the same file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from codegen.compare.errors import DocumentError
from codegen.compare.places import JSON
from codegen.lint.pointers import lookup, tokens
from codegen.lint.sites import survey

_BUNDLE = "bundle it into one file first, for example with `redocly bundle`"


def target_of(document: dict[str, Any], ref: str, pointer: str) -> tuple[str, JSON]:
    """Return (pointer, value) of what `ref`, which stands at `pointer`, leads to; raises `DocumentError`."""
    if not ref.startswith("#"):
        raise DocumentError(
            f"the reference `{ref}` leads to another file", pointer=pointer, remedy=_BUNDLE
        )
    for target in dict.fromkeys((ref[1:], unquote(ref[1:]))):
        if target == "" or target.startswith("/"):
            found, value = lookup(document, tokens(target))
            if found:
                return target, value
    raise DocumentError(
        f"the reference `{ref}` leads nowhere",
        pointer=pointer,
        remedy="mend it, or get a complete copy of the file",
    )


def check_references(document: dict[str, Any]) -> None:
    """Raise `DocumentError` for the first reference that cannot be followed to its end."""
    ends: set[str] = set()
    for pointer, ref in references(document):
        passed = {ref}
        target, value = target_of(document, ref, pointer)
        while target not in ends and isinstance(value, dict) and _only_reference(value):
            if value["$ref"] in passed:
                raise DocumentError(
                    f"the reference `{ref}` leads in a circle", pointer=pointer, remedy="mend it"
                )
            passed.add(value["$ref"])
            target, value = target_of(document, value["$ref"], target)
        ends.add(target)


def _only_reference(value: dict[str, Any]) -> bool:
    return isinstance(value.get("$ref"), str)


def references(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (pointer, target) of every reference; a `$ref` in an example is none."""
    for site in survey(document).sites:
        if site.ref is not None:
            yield site.pointer, site.ref
