"""Examples: there is one of each body and reply, and it is valid by its schema."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem, shorten
from codegen.lint.shapes import core, is_binary, is_union
from codegen.lint.sites import Site

_BASE = "spec:/openapi"
_MOST_ERRORS = 3


class _Judge:
    """Validates values by schemas of one document, which is handed to the validator once."""

    def __init__(self, doc: SpecDocument) -> None:
        self.doc = doc
        # The whole document as one schema resource, so that `#/components/...` resolves.
        self.registry = jsonschema_rs.Registry([(_BASE, doc.data)], draft=jsonschema_rs.Draft202012)

    @cache  # noqa: B019  (a judge lives as long as one call of the rule)
    def validator(self, pointer: str) -> Any:
        """Return the validator of the schema at `pointer`, None where it cannot be built."""
        escaped = (
            pointer.replace("%", "%25").replace(" ", "%20").replace("{", "%7B").replace("}", "%7D")
        )
        try:
            return jsonschema_rs.Draft202012Validator(
                {"$ref": f"{_BASE}#{escaped}"}, validate_formats=True, registry=self.registry
            )
        except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
            return None  # a broken reference or schema, which other rules report

    def errors(self, schema: Site, value: Any, pointer: str) -> Iterator[Problem]:
        """Yield what is wrong with `value`, which stands at `pointer`, by `schema`."""
        # Start at the component itself, so that its validator is built once for all its examples.
        validator: Any = self.validator(self.doc.follow(schema).pointer)
        if validator is None:
            return
        for count, error in enumerate(validator.iter_errors(value)):
            if count == _MOST_ERRORS:
                break
            place = child(pointer, *error.instance_path)
            yield self.doc.problem(place, "example-invalid", shorten(error.message))


def check_validity(doc: SpecDocument) -> Iterator[Problem]:
    """Each example and default is valid by its schema, formats included."""
    judge = _Judge(doc)
    for site in doc.sites("parameter", "header", "media-type"):
        for schema in doc.below(site, "schema"):
            for pointer, value in _examples(doc, site):
                yield from judge.errors(schema, value, pointer)
    for site in doc.sites("schema"):
        for key in ("default", "example"):
            if key in site.data:
                yield from judge.errors(site, site.data[key], child(site.pointer, key))
        listed = site.data.get("examples")
        for index, value in enumerate(listed if isinstance(listed, list) else []):
            yield from judge.errors(site, value, child(site.pointer, "examples", index))


def _examples(doc: SpecDocument, site: Site) -> Iterator[tuple[str, Any]]:
    """Yield (pointer, value) of the examples of a parameter, header or media type."""
    if "example" in site.data:
        yield child(site.pointer, "example"), site.data["example"]
    for entry in doc.below(site, "examples"):
        target = doc.follow(entry)
        if "value" in target.data:
            yield child(target.pointer, "value"), target.data["value"]


def check_presence(doc: SpecDocument) -> Iterator[Problem]:
    """Each body and success reply has an example; one of each variant where it is a union."""
    judge = _Judge(doc)
    for media in _told_media(doc):
        for schema in doc.below(media, "schema"):
            target = core(doc, schema)
            values = [value for _, value in _examples(doc, media)]
            if is_binary(target):
                continue
            if not values:
                yield doc.problem(media.pointer, "no-example", f"no example of this {media.name}")
            elif is_union(doc, target):
                yield from _check_variants(doc, judge, media, target, values)


def _check_variants(
    doc: SpecDocument, judge: _Judge, media: Site, union: Site, values: list[Any]
) -> Iterator[Problem]:
    for variant in doc.below(union, "oneOf"):
        validator = judge.validator(doc.follow(variant).pointer)
        if validator and not any(validator.is_valid(value) for value in values):
            yield doc.problem(
                media.pointer, "no-example", f"no example of variant `{doc.follow(variant).name}`"
            )


def _told_media(doc: SpecDocument) -> Iterator[Site]:
    """Yield the media types of all request bodies and success replies, each once."""
    told: dict[str, Site] = {}
    for operation in doc.operations:
        body = doc.body(operation)
        places = [body] if body else []
        places += [reply for status, reply in doc.replies(operation) if status.startswith("2")]
        for place in places:
            told.update((media.pointer, media) for media in doc.below(place, "content"))
    yield from told.values()


RULES = (check_validity, check_presence)
