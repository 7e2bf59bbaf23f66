"""Calls of a cloud go straight to it; a router takes everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from starlette.routing import Route

if TYPE_CHECKING:
    import re

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Doors"]


class Doors:
    """An application before others. Routing and middleware cost as much as the answer of a small call.

    Args:
        router: Answers whatever is not a cloud's.
        clouds: Applications by the path they are mounted at.
        routes: Routes of the router, which win over the clouds'.
    """

    def __init__(
        self, router: ASGIApp, clouds: Mapping[str, ASGIApp], routes: Iterable[BaseRoute]
    ) -> None:
        self._router = router
        own = [route for route in routes if isinstance(route, Route)]
        self._clouds: list[tuple[str, ASGIApp, list[re.Pattern[str]]]] = [
            (f"{mount}/", app, [r.path_regex for r in own if r.path.startswith(f"{mount}/")])
            for mount, app in clouds.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        await self._door(scope)(scope, receive, send)

    def _door(self, scope: Scope) -> ASGIApp:
        if scope["type"] == "http":
            path: str = scope["path"]
            for mount, app, exceptions in self._clouds:
                if path.startswith(mount):
                    taken = any(pattern.match(path) for pattern in exceptions)
                    return self._router if taken else app
        return self._router
