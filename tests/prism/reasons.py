"""Where Prism judges otherwise than our checks, and why."""

from __future__ import annotations

__all__ = ["REASONS"]

_OPEN = "JSON Schema takes fields without a name in it; in what a client of ours sends, they are mistakes"
_DOTS = "its server resolves dots before it looks for the operation"
_PARTS = (
    "it reads the parts of a multipart body as text: the documented JSON part is no object to it"
)

REASONS: dict[str, str] = {
    "empty": "it takes a number without digits for a parameter that is not there",
    "undocumented": "it ignores query parameters it does not know",
    "query not utf-8": "it reads bytes that are no UTF-8 as if they were",
    "undocumented field": _OPEN,
    "undocumented in a variant": _OPEN,
    "form undocumented": _OPEN,
    "file as field": "it does not tell a file from a field in a multipart body",
    "bearer for a raw key": "it looks whether there is a key, not at its form",
    "dots": _DOTS,
    "one dot": _DOTS,
    "scailable.create_function": _PARTS,
    "scailable.update_function": _PARTS,
}
"""By name of the case, or ``vendor.operation`` for an example request."""
