"""The document is OpenAPI 3.1, and its schemas are JSON Schema 2020-12.

The structure is judged by openapi-spec-validator's schema. Its further walk takes a second, repeats
what our own rules say and gives no place, so it is left to the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import jsonschema_rs
from openapi_spec_validator.schemas import openapi_v31_schema_validator

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem, shorten

MOST_ERRORS = 20
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def check_version(doc: SpecDocument) -> Iterator[Problem]:
    """OpenAPI 3.1, with paths: the generator refuses anything else."""
    version = doc.data.get("openapi")
    if not (isinstance(version, str) and version.startswith("3.1.")):
        yield doc.problem("/openapi", "openapi-version", f"version {version!r} instead of 3.1.x")
    if not doc.data.get("paths"):
        yield doc.problem("/paths", "no-paths", "the document has no paths")


def check_structure(doc: SpecDocument) -> Iterator[Problem]:
    """Every OpenAPI object has the keys and types the specification asks for."""
    told: set[str] = set()
    for error in openapi_v31_schema_validator.iter_errors(doc.data):
        pointer = child("", *error.absolute_path)
        if pointer in told or len(told) >= MOST_ERRORS:
            continue
        told.add(pointer)
        yield doc.problem(pointer, "openapi", shorten(_message(error.message, error.absolute_path)))


def check_schemas(doc: SpecDocument) -> Iterator[Problem]:
    """Every schema is valid JSON Schema."""
    meta = jsonschema_rs.Draft202012Validator({"$ref": DIALECT})
    for site in doc.sites("schema"):
        if site.parent is not None and site.parent.kind == "schema":
            continue
        for error in meta.iter_errors(site.data):
            pointer = child(site.pointer, *error.instance_path)
            yield doc.problem(pointer, "json-schema", shorten(error.message))


def _message(message: str, path: Iterable[Any]) -> str:
    # The validator goes on to quote the schema and the whole instance.
    said = message.partition("Failed validating")[0]
    return f"{'/'.join(map(str, path)) or 'document'}: {said}"


RULES = (check_version, check_structure, check_schemas)
