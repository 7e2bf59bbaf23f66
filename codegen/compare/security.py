"""What a security scheme means, apart from its name."""

from __future__ import annotations

from typing import Any

from codegen.compare.schemas import Location, Schemas
from codegen.lint.pointers import child


def meanings(schemas: Schemas) -> dict[str, Location]:
    """Return the security schemes of a document by name, references followed."""
    components = schemas.document.get("components")
    listed = components.get("securitySchemes") if isinstance(components, dict) else None
    result = {}
    for name, scheme in (listed if isinstance(listed, dict) else {}).items():
        location = Location(child("/components/securitySchemes", name), scheme)
        if isinstance(scheme, dict) and "$ref" in scheme:
            location = schemas.resolve(scheme["$ref"], location.pointer)
        result[str(name)] = location
    return result


def meaning_of(scheme: dict[str, Any]) -> str:
    """Return what a client sends: `http bearer`, `apiKey header authorization`, `oauth2` ..."""
    kind = str(scheme.get("type", "unknown"))
    if kind == "http":
        return f"http {str(scheme.get('scheme', '')).lower()}"
    if kind == "apiKey":
        name, where = str(scheme.get("name", "")), str(scheme.get("in", ""))
        return f"apiKey {where} {name.lower() if where == 'header' else name}"
    return kind
