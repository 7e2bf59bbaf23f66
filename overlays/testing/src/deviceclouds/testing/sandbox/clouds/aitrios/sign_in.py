"""The portal's token endpoint, which is not part of the Console's API: OAuth 2.0 client credentials."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ...._texts import decode, read_pairs
from ...tokens import DEMO
from ..small_bodies import read_small

if TYPE_CHECKING:
    from starlette.requests import Request

    from ...world import World

__all__ = ["LIFETIME", "TOKEN_PATH", "Portal"]

TOKEN_PATH = "/aitrios/oauth2/default/v1/token"  # noqa: S105  # a path

LIFETIME = 3600
"""Seconds a token is good for."""


class Portal:
    """Gives out access tokens.

    Args:
        world: Knows them again.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Absolute addresses."""
        return [Route(TOKEN_PATH, self.token, methods=["POST"])]

    async def token(self, request: Request) -> Response:
        """Credentials come as HTTP Basic or as form fields; both are in use.

        The two refusals of credentials are as public code has seen them; the others are those of OAuth 2.0.
        """
        content = await read_small(request)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content is None or kind != "application/x-www-form-urlencoded":
            return _refused(400, "invalid_request", "the body must be a form")
        pairs, good = read_pairs(content.decode("utf-8", "replace"))
        form = {name: decode(value, plus=True) for name, value in pairs}
        if not good or None in form.values() or len(form) < len(pairs):
            return _refused(400, "invalid_request", "the form is malformed")
        client_id, secret = _credentials(request.headers.get("authorization"), form)
        if client_id != DEMO:
            body = {"errorCode": "invalid_client", "errorSummary": "no such client application"}
            return JSONResponse(body, 400)
        if secret != DEMO:
            return _refused(401, "invalid_client", "the client secret is wrong")
        if form.get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type", "use client_credentials")
        if form.get("scope") != "system":
            return _refused(400, "invalid_scope", "the scope is system")
        granted = {
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "access_token": self._world.tokens.issue("aitrios", LIFETIME),
            "scope": "system",
        }
        return JSONResponse(granted, headers={"Cache-Control": "no-store"})


def _credentials(header: str | None, form: dict[str, str | None]) -> tuple[str | None, str | None]:
    """Client id and secret; the header wins."""
    if not header:
        return form.get("client_id"), form.get("client_secret")
    word, _, rest = header.strip().partition(" ")
    try:
        text = base64.b64decode(rest.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    if word.lower() != "basic":
        text = ""
    client_id, _, secret = text.partition(":")
    return client_id, secret


def _refused(status: int, error: str, words: str) -> Response:
    return JSONResponse({"error": error, "error_description": words}, status)
