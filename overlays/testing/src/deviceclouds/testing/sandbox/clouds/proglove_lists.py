"""Insight's lists: items, a relative link to the next page, and how the list came about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..cloud import page

if TYPE_CHECKING:
    from ..calls import Call

__all__ = ["SAMPLE_TOKEN", "list_body", "listed"]

SAMPLE_TOKEN = "11234"  # noqa: S105  # a cursor
"""The document's sample of a cursor. Here it leads behind the end of every list."""


def listed(call: Call, items: Sequence[Any], path: str, description: str) -> dict[str, Any]:
    """A page of a list; it has 100 items where no size can be asked for, which is our choice."""
    if call.get("next_token") == SAMPLE_TOKEN:
        return list_body([], path, None, description)
    cut = page(call, items)
    return list_body(cut["items"], path, cut["next"], description)


def list_body(
    items: list[Any],
    path: str,
    cursor: str | None,
    description: str,
    filters: Sequence[tuple[str, Any]] = (),
) -> dict[str, Any]:
    """A list as the document shows it.

    Args:
        items: Those of this page.
        path: The list's path after the customer identifier.
        cursor: That of the next page; None at the end, where the link is taken to be absent.
        description: Words for people.
        filters: Names and values of what was filtered by.
    """
    return {
        "items": items,
        # Neither base URL nor customer identifier, as in the document.
        "links": {} if cursor is None else {"next": f"/{path}?next_token={cursor}"},
        "metadata": {
            "description": description,
            # Whether this is the size of the page or of the list is not documented.
            "size": len(items),
            "filters": [{"name": name, "value": value} for name, value in filters],
        },
    }
