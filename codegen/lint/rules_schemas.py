"""Schemas stay within what the generator and the models carry without silent loss."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.lint.shapes import (
    component_schemas,
    core,
    is_map,
    is_object,
    is_union,
    types_of,
    wrapped_ref,
)
from codegen.lint.sites import Site
from codegen.names import RESERVED_CLASSES, class_name

REFUSED_KEYWORDS = {
    "$defs": "make it a component",
    "definitions": "make it a component",
    "discriminator": "give each variant a required const property",
    "nullable": 'write type: [<type>, "null"]',
    "readOnly": "make one schema for requests and one for replies",
    "writeOnly": "make one schema for requests and one for replies",
    **dict.fromkeys(
        (
            "patternProperties",
            "dependentSchemas",
            "dependentRequired",
            "prefixItems",
            "not",
            "if",
            "then",
            "else",
            "contains",
            "propertyNames",
            "unevaluatedItems",
            "unevaluatedProperties",
            "$id",
            "$schema",
            "$anchor",
            "$dynamicRef",
            "$dynamicAnchor",
        ),
        "the generator ignores it",
    ),
}
_RULE_OF = {"$defs": "defs", "definitions": "defs", "discriminator": "discriminator"}
_UPPER_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*\Z")


def check_keywords(doc: SpecDocument) -> Iterator[Problem]:
    """No boolean schemas, and no keyword that the generator ignores or stumbles over."""
    for pointer, key, value in doc.survey.booleans:
        if key != "additionalProperties":
            yield doc.problem(
                pointer,
                "boolean-schema",
                f"a schema is `{str(value).lower()}`: generation stops",
                "write {} for anything",
            )
        elif not value:
            yield doc.problem(pointer, "closed-object", "additionalProperties: false; replies grow")
    for site in doc.sites("schema"):
        for key in site.data:
            if key in REFUSED_KEYWORDS:
                rule = _RULE_OF.get(key, "schema-keyword")
                pointer = child(site.pointer, key)
                yield doc.problem(pointer, rule, f"`{key}` is used", REFUSED_KEYWORDS[key])


def check_all_of(doc: SpecDocument) -> Iterator[Problem]:
    """`allOf` may only wrap one reference."""
    for site in doc.sites("schema"):
        if "allOf" in site.data and wrapped_ref(doc, site) is None:
            beside = " beside properties" if "properties" in site.data else ""
            yield doc.problem(
                child(site.pointer, "allOf"),
                "all-of",
                f"allOf{beside} is merged with loss",
                "write the properties out",
            )


def check_types(doc: SpecDocument) -> Iterator[Problem]:
    """One type a schema, null aside; arrays say what they hold."""
    for site in doc.sites("schema"):
        types = types_of(site.data)
        if len(types) > 1:
            yield doc.problem(
                child(site.pointer, "type"),
                "type-list",
                f"a union of types: {', '.join(types)}",
                "only null may join a type",
            )
        if "array" in types and "items" not in site.data:
            yield doc.problem(site.pointer, "array-items", "an array does not say what it holds")
        if "properties" in site.data and types != ["object"]:
            yield doc.problem(site.pointer, "object-type", "properties without `type: object`")


def check_anonymous(doc: SpecDocument) -> Iterator[Problem]:
    """Objects, enums and unions are named components; only maps may be nameless."""
    for site in doc.sites("schema"):
        if site.is_component or site.ref:
            continue
        if "enum" in site.data:
            kind = "an enum"
        elif is_union(doc, site):
            kind = "a union"
        elif is_object(site) and not is_map(site):
            kind = "an object"
        else:
            continue
        remedy = "make it a component" if kind != "an object" else "make it a component, or a map"
        yield doc.problem(site.pointer, "anonymous-schema", f"{kind} has no name", remedy)


def check_class_names(doc: SpecDocument) -> Iterator[Problem]:
    """Component names are UpperCamelCase and stay different as class names."""
    seen: dict[str, str] = {}
    for site in component_schemas(doc):
        if not _UPPER_CAMEL.match(site.name):
            yield doc.problem(site.pointer, "schema-name", f"`{site.name}` is not UpperCamelCase")
        name = class_name(site.name)
        if name in RESERVED_CLASSES:
            yield doc.problem(site.pointer, "class-name", f"generated code uses `{name}` itself")
        if name.lower() in seen:
            # Module names are lower case: a difference in case keeps no two files apart.
            yield doc.problem(
                site.pointer,
                "class-name",
                f"`{site.name}` and `{seen[name.lower()]}` both become class `{name}`",
            )
        seen.setdefault(name.lower(), site.name)


def check_recursion(doc: SpecDocument) -> Iterator[Problem]:
    """A list, map or union does not hold itself without a named object in between."""
    for site in component_schemas(doc):
        nameless = not is_object(site) or is_map(site)
        if nameless and _holds(doc, site, site.pointer, set()):
            yield doc.problem(
                site.pointer,
                "recursive-alias",
                f"`{site.name}` holds itself",
                "put an object in between",
            )


def _holds(doc: SpecDocument, site: Site, wanted: str, passed: set[str]) -> bool:
    for entry in doc.below(site, "items", "additionalProperties", "oneOf", "anyOf", "allOf"):
        target = core(doc, entry)
        if target.pointer == wanted:
            return True
        if target.pointer in passed or (is_object(target) and not is_map(target)):
            continue
        passed.add(target.pointer)
        if _holds(doc, target, wanted, passed):
            return True
    return False


RULES = (
    check_keywords,
    check_all_of,
    check_types,
    check_anonymous,
    check_class_names,
    check_recursion,
)
