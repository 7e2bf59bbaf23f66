"""Later pages of a list: the stand-in has one page, so the second request must find its end."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from ._texts import decode, read_pairs

if TYPE_CHECKING:
    from ._operations import Operation

__all__ = ["page_of"]


def page_of(operation: Operation, example: Any, query: str, content: bytes) -> Any:
    """The example as the page that was asked for.

    Args:
        operation: The operation, with or without ``x-pagination``.
        example: Its example reply, taken for the first page.
        query: Query string of a valid request.
        content: Body of a valid request.

    Returns:
        The example itself for the first page. Where pages are found by cursor, the second one is
        the same without a next cursor; where they are counted, it has no items.
    """
    rules = operation.extensions.get("x-pagination")
    if rules is None or not _is_later(rules, query, content):
        return example
    page = copy.deepcopy(example)
    if rules["style"] == "cursor":
        # AITRIOS requires the field: an empty cursor says the same as none.
        return _replace(page, rules["next"], "")
    if rules["style"] == "link":
        return _replace(page, rules["next"], None)
    return _replace(page, rules["items"], [])


def _is_later(rules: dict[str, Any], query: str, content: bytes) -> bool:
    style = rules["style"]
    name = rules["cursor_parameter" if style == "link" else f"{style}_parameter"]
    given = _given(rules, name, query, content)
    if style in ("cursor", "link"):
        return bool(given)
    first = rules.get("first_page", 0)
    # Validated before: an integer, or a number where the vendor says so.
    return given is not None and float(given) > first


def _given(rules: dict[str, Any], name: str, query: str, content: bytes) -> Any:
    if rules.get("in") == "body":
        return json.loads(content).get(name) if content else None
    values = (value for key, value in read_pairs(query)[0] if key == name)
    return next((decode(value, plus=True) for value in values), None)


def _replace(page: Any, pointer: str, value: Any) -> Any:
    """Sets, or for None removes, what a JSON pointer leads to."""
    *way, last = pointer.split("/")
    if not way:
        return value
    node = page
    for name in way[1:]:
        node = node.get(name, {})
    if value is None:
        node.pop(last, None)
    else:
        node[last] = value
    return page
