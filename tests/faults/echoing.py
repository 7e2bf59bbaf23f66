"""Clouds that repeat what they were sent."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx2

from tests.runtime.support import reply


def said(request: httpx2.Request) -> str:
    """All that is secret in a request, as a careless cloud repeats it."""
    parts = [*request.headers.values(), request.content.decode()]
    basic = request.headers.get("authorization", "")
    if basic.startswith("Basic "):
        parts.append(base64.b64decode(basic[6:]).decode())
    if request.content[:1] == b"{":
        body = json.loads(request.content)
        body = body.get("AuthParameters", body)
        parts += [value for value in body.values() if isinstance(value, str)]
        parts.append(json.dumps(body, ensure_ascii=False).replace("/", "\\/"))
    return "you sent: " + " | ".join(parts)


def echo(request: httpx2.Request, status: int = 500) -> httpx2.Response:
    """An error in the shapes of all vendors, that repeats what was sent in every word."""
    text = said(request)
    names = ("error_description", "errorSummary", "message", "Message", "title", "details")
    body: dict[str, Any] = dict.fromkeys(names, text)
    body |= {"error": text, "code": text, "httpError": text, "__type": text, "status": text}
    body |= {"nested": {"headers": dict(request.headers)}}
    return reply([body] if "amnimo" in request.url.host else body, status)
