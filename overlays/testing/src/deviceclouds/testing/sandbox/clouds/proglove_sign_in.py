"""How one signs in to Insight: the address that names the user pool, and a stand-in for Amazon's Cognito."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..tokens import DEMO
from .proglove_fleet import CUSTOMER
from .small_bodies import json_object, read_small

if TYPE_CHECKING:
    from starlette.requests import Request

    from ..world import World

__all__ = ["ID_TOKEN_SECONDS", "REFRESH_TOKEN_SECONDS", "SignIn"]

ID_TOKEN_SECONDS = 3600
"""An IdToken is valid for an hour, as the vendor says."""

REFRESH_TOKEN_SECONDS = 30 * 86400
"""Cognito's default for refresh tokens; the vendor's own setting is not known."""

REGION = "eu-west-1"
CLIENT_ID = "sandboxclient"
POOL_ID = f"{REGION}_Sandbox"

_AMZ_JSON = "application/x-amz-json-1.1"
_TARGET = "AWSCognitoIdentityProviderService.InitiateAuth"


class SignIn:
    """Tells where users are kept, and signs them in.

    Args:
        world: Gives out the tokens.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Absolute addresses."""
        return [
            Route("/proglove/auth-information", self.information, methods=["GET"]),
            Route("/proglove-cognito", self.cognito, methods=["POST"]),
            # Clients post to the root or to /login; Cognito takes both.
            Route("/proglove-cognito/", self.cognito, methods=["POST"]),
            Route("/proglove-cognito/login", self.cognito, methods=["POST"]),
        ]

    async def information(self, request: Request) -> Response:
        """Region and user pool of a customer; needs no token."""
        customer = request.query_params.get("id")
        if customer != CUSTOMER:
            # What the vendor answers here is not known; the shape is that of its other errors.
            status, title = (404, "Not Found") if customer else (400, "Bad Request")
            details = "there is no such customer" if customer else "id is missing"
            return JSONResponse({"title": title, "details": details}, status)
        return JSONResponse(
            {
                "region": REGION,
                "customer_id": CUSTOMER,
                "user_pool_client_id": CLIENT_ID,
                "user_pool_id": POOL_ID,
            }
        )

    async def cognito(self, request: Request) -> Response:
        """``InitiateAuth`` with a password or a refresh token."""
        content = await read_small(request)
        body = None if content is None else json_object(content)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.headers.get("x-amz-target") != _TARGET:
            return _failed("UnknownOperationException", "only InitiateAuth is known here")
        if body is None or kind != _AMZ_JSON:
            # Which of Amazon's errors a wrong content type gets is not known to us.
            return _failed(
                "SerializationException", f"the body must be a JSON object sent as {_AMZ_JSON}"
            )
        if body.get("ClientId") != CLIENT_ID:
            return _failed("ResourceNotFoundException", "User pool client does not exist.")
        parameters = body.get("AuthParameters")
        given = parameters if isinstance(parameters, dict) else {}
        match body.get("AuthFlow"):
            case "USER_PASSWORD_AUTH":
                return self._password(given)
            case "REFRESH_TOKEN" | "REFRESH_TOKEN_AUTH":
                return self._refresh(given)
            case _:
                return _failed(
                    "InvalidParameterException", "AuthFlow is not enabled for this client"
                )

    def _password(self, given: dict[str, Any]) -> Response:
        for name in ("USERNAME", "PASSWORD"):
            if not isinstance(given.get(name), str) or not given[name]:
                return _failed("InvalidParameterException", f"Missing required parameter {name}")
        if (given["USERNAME"], given["PASSWORD"]) != (DEMO, DEMO):
            return _failed("NotAuthorizedException", "Incorrect username or password.")
        refresh = self._world.tokens.issue("proglove", REFRESH_TOKEN_SECONDS, "refresh")
        return self._signed_in(RefreshToken=refresh)

    def _refresh(self, given: dict[str, Any]) -> Response:
        token = given.get("REFRESH_TOKEN")
        if not isinstance(token, str) or not token:
            return _failed("InvalidParameterException", "Missing required parameter REFRESH_TOKEN")
        state = self._world.tokens.state("proglove", token, "refresh")
        if state != "good":
            words = "Refresh Token has expired" if state == "expired" else "Invalid Refresh Token"
            return _failed("NotAuthorizedException", words)
        # No new refresh token: the old one goes on working.
        return self._signed_in()

    def _signed_in(self, **more: str) -> Response:
        tokens = self._world.tokens
        result = {
            # Of a kind of its own: the API takes the IdToken only.
            "AccessToken": tokens.issue("proglove", ID_TOKEN_SECONDS, "cognito"),
            "ExpiresIn": ID_TOKEN_SECONDS,
            "IdToken": tokens.issue("proglove", ID_TOKEN_SECONDS),
            "TokenType": "Bearer",
            **more,
        }
        return JSONResponse(
            {"AuthenticationResult": result, "ChallengeParameters": {}}, media_type=_AMZ_JSON
        )


def _failed(kind: str, message: str) -> Response:
    return JSONResponse({"__type": kind, "message": message}, 400, media_type=_AMZ_JSON)
