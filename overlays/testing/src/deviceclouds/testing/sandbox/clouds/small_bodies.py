"""Bodies of sign-ins, which no specification checks: read up to a limit, then as a JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect

from ..._bodies import read_json

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["LARGEST", "json_object", "read_small"]

LARGEST = 64 * 1024
"""Bytes a sign-in may have."""


async def read_small(request: Request) -> bytes | None:
    """The body; None for one that is too large or was broken off."""
    content = b""
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > LARGEST:
                return None
    except ClientDisconnect:
        return None
    return content


def json_object(content: bytes) -> dict[str, Any] | None:
    """The JSON object of a body; None where there is none."""
    value, problems = read_json(content, "body")
    return value if not problems and isinstance(value, dict) else None
