"""Unions: of named objects that can be told apart by a constant."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.shapes import (
    core,
    is_null,
    is_object,
    is_union,
    nullable_inner,
    properties,
    required,
)
from codegen.lint.sites import Site


def check_form(doc: SpecDocument) -> Iterator[Problem]:
    """A union is a `oneOf` of references to objects; `anyOf` only adds null to a reference."""
    for site in doc.sites("schema"):
        inner = nullable_inner(doc, site)
        if inner is not None:
            yield from _check_nullable(doc, site, inner)
        elif is_union(doc, site):
            yield from _check_union(doc, site)


def _check_nullable(doc: SpecDocument, site: Site, inner: Site) -> Iterator[Problem]:
    if "oneOf" in site.data or not inner.ref:
        yield doc.problem(
            site.pointer,
            "nullable-form",
            "null joins in an unusual way",
            'anyOf of one $ref and {type: "null"}, or type: [<type>, "null"]',
        )
    yield from _check_siblings(doc, site, "oneOf" if "oneOf" in site.data else "anyOf")


def _check_union(doc: SpecDocument, site: Site) -> Iterator[Problem]:
    if "anyOf" in site.data:
        yield doc.problem(
            child(site.pointer, "anyOf"),
            "any-of",
            "anyOf of several things",
            "oneOf of named objects",
        )
        return
    yield from _check_siblings(doc, site, "oneOf")
    for variant in doc.below(site, "oneOf"):
        target = doc.follow(variant)
        if is_null(variant.data):
            yield doc.problem(
                variant.pointer,
                "union-variant",
                "null is a variant",
                "join null where the union is used",
            )
        elif not variant.ref:
            yield doc.problem(
                variant.pointer, "union-variant", "a variant has no name", "make it a component"
            )
        elif not is_object(target) or is_union(doc, target):
            yield doc.problem(
                variant.pointer, "union-variant", f"variant `{target.name}` is not an object"
            )


def _check_siblings(doc: SpecDocument, site: Site, key: str) -> Iterator[Problem]:
    lost = {
        "properties",
        "required",
        "type",
        "items",
        "enum",
        "allOf",
        "anyOf",
        "oneOf",
        "additionalProperties",
    }
    beside = sorted(lost & set(site.data) - {key})
    if beside:
        yield doc.problem(
            child(site.pointer, key), "union-siblings", f"lost beside {key}: {', '.join(beside)}"
        )


def check_told_apart(doc: SpecDocument) -> Iterator[Problem]:
    """Variants can be told apart: by a common const in replies, by a mark of each in requests."""
    for site in doc.sites("schema"):
        if "oneOf" not in site.data or nullable_inner(doc, site):
            continue
        variants = [core(doc, variant) for variant in doc.below(site, "oneOf")]
        if not variants or not all(is_object(variant) for variant in variants):
            continue
        pointer = child(site.pointer, "oneOf")
        only_sent = site.pointer in doc.in_requests and site.pointer not in doc.in_replies
        if only_sent:
            for variant in variants:
                if not _has_mark(
                    doc, variant, [other for other in variants if other is not variant]
                ):
                    yield doc.problem(
                        pointer,
                        "union-mark",
                        f"nothing marks variant `{variant.name}`",
                        "a required const, or a required property no other variant has",
                    )
        elif not _common_const(doc, variants):
            yield doc.problem(
                pointer,
                "union-const",
                "the variants share no required const property",
                "the same property in each, with different strings",
            )


def _constants(doc: SpecDocument, variant: Site) -> dict[str, str]:
    known = properties(doc, variant)
    values = {name: known[name].data.get("const") for name in required(variant) if name in known}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def _common_const(doc: SpecDocument, variants: list[Site]) -> bool:
    constants = [_constants(doc, variant) for variant in variants]
    common = set(constants[0]).intersection(*constants[1:])
    return any(len({own[name] for own in constants}) == len(variants) for name in common)


def _has_mark(doc: SpecDocument, variant: Site, others: list[Site]) -> bool:
    for name in required(variant):
        if not any(name in properties(doc, other) for other in others):
            return True
    taken = [_constants(doc, other) for other in others]
    return any(
        all(other.get(name) != value for other in taken)
        for name, value in _constants(doc, variant).items()
    )


RULES = (check_form, check_told_apart)
