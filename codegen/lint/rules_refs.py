"""References lead to components of the right kind in the same file."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child, tokens
from codegen.lint.report import Problem
from codegen.lint.shapes import BESIDE_REF
from codegen.lint.sites import GRAMMAR, Site

SECTION_OF = {kind: section for section, (kind, _) in GRAMMAR["components"].items()}


def check_references(doc: SpecDocument) -> Iterator[Problem]:
    """Each `$ref` names an existing component of its kind, and nothing beside it is lost."""
    for site in doc.survey.sites:
        if "$ref" in site.data:
            yield from _check_reference(doc, site)


def _check_reference(doc: SpecDocument, site: Site) -> Iterator[Problem]:
    here = child(site.pointer, "$ref")
    ref = site.ref
    if site.kind == "path-item":
        yield doc.problem(
            here, "path-item-ref", "a path item is a reference: all its operations vanish"
        )
    elif ref is None or not ref.startswith("#"):
        yield doc.problem(here, "remote-ref", f"`{ref}` leaves the file: the generator drops it")
    elif site.is_component:
        yield doc.problem(
            here,
            "component-alias",
            f"component `{site.name}` is only a reference",
            f"use `{ref}` where it is meant",
        )
    elif doc.resolve(ref) is None:
        yield doc.problem(here, "bad-ref", f"`{ref}` does not exist")
    elif tokens(ref[1:])[:-1] != ["components", SECTION_OF.get(site.kind, "?")]:
        section = SECTION_OF.get(site.kind, "?")
        yield doc.problem(here, "ref-place", f"`{ref}` is not in components/{section}")
    lost = sorted(set(site.data) - BESIDE_REF - {"$ref"})
    if lost:
        yield doc.problem(here, "ref-siblings", f"lost beside the reference: {', '.join(lost)}")


RULES = (check_references,)
