"""Scailable's authorisation service: sign-in, new tokens, sign-out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..tokens import DEMO
from .small_bodies import json_object, read_small

if TYPE_CHECKING:
    from starlette.requests import Request

    from ..world import World

__all__ = ["ACCESS_SECONDS", "REFRESH_SECONDS", "SignIn"]

ACCESS_SECONDS = 3600
"""Life of an access token. The cloud's is not known; its tokens are JSON Web Tokens that say it, these are not."""

REFRESH_SECONDS = 30 * 86400
"""Life of a refresh token, likewise; what ``KeepLoggedIn`` does to it is not known either."""

_MOST_SIGNED_OUT = 10_000


class SignIn:
    """Gives out tokens for ``demo``. Errors have the shape of the Compute API, which is said to be the same.

    Args:
        world: Gives out the tokens.
    """

    def __init__(self, world: World) -> None:
        self._tokens = world.tokens
        self._signed_out: dict[str, None] = {}
        self._calls = {
            "authenticate/signin": self._sign_in,
            "authenticate/refresh-token": self._refresh,
            "authenticate/signout": self._sign_out,
        }

    def routes(self) -> list[Route]:
        """Absolute addresses; all methods, so that a wrong one gets an error in the vendor's shape."""
        methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
        return [Route("/scailable/auth/{call:path}", self.answer, methods=methods)]

    def is_signed_out(self, token: str) -> bool:
        """Whether a token was given back by signing out."""
        return bool(self._signed_out) and _hash(token) in self._signed_out

    async def answer(self, request: Request) -> Response:
        """One call of the service."""
        call = self._calls.get(request.path_params["call"])
        if call is None:
            return _failed(404, "Not found")
        if request.method != "POST":
            return JSONResponse({"Message": "only POST is known here"}, 405, {"Allow": "POST"})
        content = await read_small(request)
        if content is None:
            return _failed(413, "the body is too large")
        body = json_object(content) if content else {}
        if body is None:
            return _failed(400, "the body is no JSON object")
        word, _, token = request.headers.get("authorization", "").partition(" ")
        return call(body, token.strip() if word.lower() == "bearer" else "")

    def _sign_in(self, body: dict[str, Any], _: str) -> Response:
        # The published page asks for Username, the vendor's own client sends Email.
        name = body.get("Username") or body.get("Email")
        for field, value in (("Username", name), ("Password", body.get("Password"))):
            if not isinstance(value, str) or not value:
                return _failed(400, "must not be empty", field)
        if (name, body["Password"]) != (DEMO, DEMO):
            return _unauthorized()
        refresh = self._tokens.issue("scailable", REFRESH_SECONDS, "refresh")
        return JSONResponse({"AccessToken": self._access(), "RefreshToken": refresh})

    def _refresh(self, body: dict[str, Any], token: str) -> Response:
        if self._state(token, "refresh") != "good":
            return _unauthorized()
        if body.get("GrantType") == "RefreshToken":
            # As the vendor's own client has it: another refresh token, and nothing else. The old one stays good.
            new = self._tokens.issue("scailable", REFRESH_SECONDS, "refresh")
            return JSONResponse({"RefreshToken": new})
        return JSONResponse({"AccessToken": self._access()})

    def _sign_out(self, _: dict[str, Any], token: str) -> Response:
        if "good" not in (self._state(token, "access"), self._state(token, "refresh")):
            return _unauthorized()
        # Only this token: whether the cloud ends the whole session is not known. The static one is for everybody.
        if token != DEMO:
            self._signed_out[_hash(token)] = None
        if len(self._signed_out) > _MOST_SIGNED_OUT:
            del self._signed_out[next(iter(self._signed_out))]
        return JSONResponse({"AuthorizationInvalid": False, "Message": "Done"})

    def _access(self) -> str:
        return self._tokens.issue("scailable", ACCESS_SECONDS)

    def _state(self, token: str, kind: str) -> str:
        if self.is_signed_out(token):
            return "unknown"
        return self._tokens.state("scailable", token, kind)


def _unauthorized() -> Response:
    return JSONResponse({"AuthorizationInvalid": True, "Message": "Not authorized"}, 401)


def _failed(status: int, message: str, field: str | None = None) -> Response:
    if field is None:
        return JSONResponse({"Message": message}, status)
    named = {"Message": message, "Name": field}
    return JSONResponse({"Field": named, "Message": "Invalid request"}, status)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
