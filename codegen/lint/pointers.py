"""JSON pointers (RFC 6901) into a document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def child(pointer: str, *tokens: str | int) -> str:
    """Return the pointer of something below `pointer`."""
    for token in tokens:
        pointer += "/" + str(token).replace("~", "~0").replace("/", "~1")
    return pointer


def parent(pointer: str) -> str:
    """Return the pointer one level up; the root is its own parent."""
    return pointer.rpartition("/")[0]


def tokens(pointer: str) -> list[str]:
    """Return the unescaped parts of a pointer."""
    if not pointer:
        return []
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]


def lookup(value: Any, path: Iterable[str]) -> tuple[bool, Any]:
    """Return (found, value) of what lies at `path` below `value`."""
    for token in path:
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return False, None
    return True, value
