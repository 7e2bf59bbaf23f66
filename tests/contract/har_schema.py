"""The rules of HAR 1.2, as a JSON schema written from its description; stricter than most readers."""

from __future__ import annotations

from typing import Any

_NUMBER, _TEXT, _INTEGER = {"type": "number"}, {"type": "string"}, {"type": "integer"}
_DURATION = {"type": "number", "minimum": 0}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {}), "comment": _TEXT},
        # Fields of one's own begin with an underscore.
        "patternProperties": {"^_": {}},
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_PAIR = _object({"name": _TEXT, "value": _TEXT})
_COOKIE = _object({"name": _TEXT, "value": _TEXT})
_POST = _object({"mimeType": _TEXT, "text": _TEXT})
_REQUEST = _object(
    {
        "method": {"enum": ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"]},
        "url": {"type": "string", "format": "uri"},
        "httpVersion": _TEXT,
        "cookies": _list(_COOKIE),
        "headers": _list(_PAIR),
        "queryString": _list(_PAIR),
        "headersSize": _INTEGER,
        "bodySize": _INTEGER,
    },
    {"postData": _POST},
)
_CONTENT = _object({"size": _INTEGER, "mimeType": _TEXT}, {"text": _TEXT, "encoding": _TEXT})
_RESPONSE = _object(
    {
        "status": {"type": "integer", "minimum": 0, "maximum": 599},
        "statusText": _TEXT,
        "httpVersion": _TEXT,
        "cookies": _list(_COOKIE),
        "headers": _list(_PAIR),
        "content": _CONTENT,
        "redirectURL": _TEXT,
        "headersSize": _INTEGER,
        "bodySize": _INTEGER,
    }
)
_ENTRY = _object(
    {
        "startedDateTime": {"type": "string", "format": "date-time"},
        "time": _DURATION,
        "request": _REQUEST,
        "response": _RESPONSE,
        "cache": {"type": "object"},
        "timings": _object({"send": _DURATION, "wait": _DURATION, "receive": _DURATION}),
    }
)
_CREATOR = _object({"name": _TEXT, "version": _TEXT})
HAR: dict[str, Any] = _object(
    {
        "log": _object(
            {"version": {"const": "1.2"}, "creator": _CREATOR, "entries": _list(_ENTRY)},
            {"pages": {"type": "array"}},
        )
    }
)
