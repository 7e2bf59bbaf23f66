"""The sandbox's page at ``/``: fleets, calls, faults, clock and snippets, and a reference of each vendor's API.

Made on the server; the page works without scripts, and loads nothing from elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from ..sandbox import Sandbox

__all__ = ["page_routes"]


def page_routes(sandbox: Sandbox) -> list[Route]:
    """Routes of the page, its forms and its files. Nothing is rendered or read before somebody looks."""
    from .routes import make_routes

    return make_routes(sandbox)
