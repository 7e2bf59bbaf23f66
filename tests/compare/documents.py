"""Small documents for the tests."""

from __future__ import annotations

from typing import Any

from codegen.compare import Facts, Place, as_3_1, facts_of

Schema = Any


def document(schema: Schema, *, version: str = "3.1.0", **components: Schema) -> dict[str, Any]:
    """Return a document with one operation that replies with `schema`."""
    return {
        "openapi": version,
        "info": {"title": "Test", "version": "1"},
        "paths": {
            "/things": {
                "get": {
                    "operationId": "list_things",
                    "responses": {
                        "200": {
                            "description": "Things",
                            "content": {"application/json": {"schema": schema}},
                        }
                    },
                }
            }
        },
        "components": {"schemas": components},
    }


def facts(schema: Schema, *, version: str = "3.1.0", **components: Schema) -> Facts:
    """Return the facts of `document(...)`, read like a file."""
    return facts_of(as_3_1(document(schema, version=version, **components))[1])


def reply(pointer: str = "") -> Place:
    """Return a place in the reply of `document(...)`."""
    return Place("reply", "GET /things", "reply", "200", "application/json", "", pointer)


def fields(found: Facts) -> dict[str, dict[str, Any]]:
    """Return the facts of the reply by pointer."""
    return {
        place.pointer: own
        for place, own in found.places.items()
        if place.part == "reply" and place.media
    }


def ref(name: str) -> dict[str, str]:
    """Return a reference to a schema component."""
    return {"$ref": f"#/components/schemas/{name}"}
