"""An Azure AD and a Console behind one transport."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import httpx2

from tests.runtime.support import reply

HOST = "login.microsoftonline.com"
TENANT = "0a1b2c3d-tenant"
SECRET = "client-secret/do+not show"
ENTERPRISE: dict[str, Any] = {
    "token": None,
    "client_id": "caller",
    "client_secret": SECRET,
    "application_id": "console-app",
    "tenant_id": TENANT,
}


class Azure:
    """Gives tokens ``azure-token-1``, ``-2``, ...; the Console takes the newest only.

    Attributes:
        answers: What it answers first, in turn: a reply, or an error to raise.
        forms: The forms it was sent.
        refused: How many calls of the Console are answered with 401 first.
    """

    def __init__(self, *answers: Any, refused: int = 0, endpoint: str = f"https://{HOST}") -> None:
        self.answers = list(answers)
        self.forms: list[dict[str, str]] = []
        self.hosts: list[str] = []
        self.refused = refused
        self.endpoint = endpoint
        self.tokens = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.hosts.append(request.url.host)
        if request.url.host != HOST:
            return self._console(request)
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            if answer is not None:
                return httpx2.Response(
                    answer.status_code, headers=answer.headers, content=answer.content
                )
        if request.method == "GET":
            assert request.url.path == f"/{TENANT}/v2.0/.well-known/openid-configuration"
            base = f"{self.endpoint}/{TENANT}"
            return reply(
                {
                    "issuer": f"https://{HOST}/{TENANT}/v2.0",
                    "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{base}/oauth2/v2.0/token",
                }
            )
        assert request.url.path == f"/{TENANT}/oauth2/v2.0/token"
        self.forms.append({k: v[0] for k, v in parse_qs(request.content.decode()).items()})
        self.tokens += 1
        return reply(
            {
                "access_token": f"azure-token-{self.tokens}",
                "expires_in": 3599,
                "token_type": "Bearer",
            }
        )

    def _console(self, request: httpx2.Request) -> httpx2.Response:
        if self.refused:
            self.refused -= 1
            return reply({"code": "E.SC.API.0000002", "message": "Not signed in."}, 401)
        assert request.headers["authorization"] == f"Bearer azure-token-{self.tokens}"
        return reply({"device_id": "cam"})
