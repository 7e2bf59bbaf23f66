"""The sandbox's page."""

from __future__ import annotations

from typing import Any


def page_routes(sandbox: Any) -> list[Any]:
    """Routes of the page."""
    return []
