"""What a parameter can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..._operations import Parameter
    from ..._spec import Spec

__all__ = ["parameter_schema"]

_HEADER = r"^[!-~]([ -~]*[!-~])?$"


def parameter_schema(spec: Spec, parameter: Parameter) -> dict[str, Any]:
    """The schema of what a parameter can carry: without what clients refuse on purpose."""
    schema: dict[str, Any] = dict(spec.resolve(parameter.schema))
    kinds = schema.get("type")
    if isinstance(kinds, list):
        left = [kind for kind in kinds if kind != "null"]
        schema["type"] = left[0] if len(left) == 1 else left
    if schema.get("type") == "array":
        schema["minItems"] = max(1, schema.get("minItems", 1))
    plain = schema.get("type") == "string" and not {"pattern", "format", "enum"} & schema.keys()
    if plain and parameter.location == "path":
        schema["minLength"] = max(1, schema.get("minLength", 1))
    if plain and parameter.location == "header":
        schema["pattern"] = _HEADER
    return schema
