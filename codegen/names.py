"""Python names of wire names: the one place where the linter and the generator get them from.

Words are split as openapi-python-client splits them. Unlike it, a trailing underscore goes only to
keywords and to names generated code needs itself: a field called `type` or `format` keeps its name.
"""

from __future__ import annotations

from functools import cache
from keyword import iskeyword

from openapi_python_client.strings import ClassName, snake_case

PREFIX = "field_"

#: A field of such a name would hide what annotations and decorators of its class body mean by it.
SHADOWED = frozenset(
    {"bool", "bytes", "datetime", "dict", "float", "int", "list"}
    | {"object", "property", "set", "str", "tuple"}
)

#: Generated code uses these names for its own arguments; the linter refuses them as properties.
RESERVED = frozenset({"cls", "d", "self", "src_dict"})

#: Arguments every method has, so a parameter or body field has to give way.
CALL_OPTIONS = frozenset({"body", "extra_headers", "retries", "timeout"})


@cache
def python_name(wire: str) -> str:
    """Return the attribute name of a property: `isUrl` is `is_url`, `class` is `class_`."""
    name = snake_case(wire)
    if not name.isidentifier():
        name = f"{PREFIX}{name}"
    taken = iskeyword(name) or name in SHADOWED or name in RESERVED
    return f"{name}_" if taken else name


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


def member_name(value: str | int, index: int) -> str:
    """Return the member name of an enum value, which stands at `index` of its list."""
    if isinstance(value, int):
        return f"VALUE_NEGATIVE_{-value}" if value < 0 else f"VALUE_{value}"
    # openapi-python-client numbers the values that do not start with a letter.
    key = value.upper() if value[:1].isalpha() else f"VALUE_{index}"
    return snake_case(key).upper()
