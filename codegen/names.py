"""Python names of wire names: the one place where the linter and the generator get them from.

Words are split as openapi-python-client splits them. Unlike it, a trailing underscore goes only to
keywords and to names generated code needs itself: a field called `type` or `format` keeps its name.
"""

from __future__ import annotations

from functools import cache
from keyword import iskeyword

from openapi_python_client.strings import ClassName, snake_case

PREFIX = "field_"

#: A field of such a name would hide what annotations of its class body mean by it.
SHADOWED = frozenset({"bool", "bytes", "datetime", "dict", "float", "int", "list", "str"})

#: Arguments every method has, so a parameter or body field has to give way.
CALL_OPTIONS = frozenset({"body", "extra_headers", "options", "retries", "timeout"})

#: Generated modules import these names beside models; a schema must not take one.
RESERVED_CLASSES = frozenset(
    {"Any", "AsyncCaller", "AsyncPager", "Body", "CallOptions", "Evidence", "FileInput", "Limits"}
    | {"Literal", "Mapping", "OpenIntEnum", "OpenStrEnum", "Operation", "PagedOperation", "Pager"}
    | {"Pagination", "Parameter", "Poll", "Reply", "Sequence", "SyncCaller", "TypeAlias", "Unpack"}
    | {"Unset"}
)


@cache
def python_name(wire: str) -> str:
    """Return the attribute name of a property: `isUrl` is `is_url`, `class` is `class_`."""
    name = snake_case(wire)
    if not name.isidentifier():
        name = f"{PREFIX}{name}"
    return f"{name}_" if iskeyword(name) or name in SHADOWED or name == "self" else name


def parameter_name(wire: str) -> str:
    """Return the argument name of a parameter or flattened body field: `timeout` is `timeout_`."""
    name = python_name(wire)
    return f"{name}_" if name in CALL_OPTIONS else name


@cache
def class_name(wire: str) -> str:
    """Return the class name of a schema, in PascalCase."""
    return str(ClassName(wire, PREFIX))


def method_name(operation_id: str) -> str:
    """Return the method name of an operationId: `GetDevices` is `get_devices`."""
    return python_name(operation_id)


def namespace(tag: str) -> str:
    """Return the namespace of a tag: `Manage Devices` is `manage_devices`."""
    return python_name(tag)


def member_name(value: str | int) -> str:
    """Return the member name of an enum value: `UpdatedAt` is `UPDATED_AT`, `-Name` is `MINUS_NAME`."""
    text = str(value)
    sign = {"-": "MINUS_", "+": "PLUS_"}.get(text[:1], "")
    name = f"{sign}{snake_case(text[1:] if sign else text)}".upper()
    return name if name.isidentifier() else f"VALUE_{name}".rstrip("_")
