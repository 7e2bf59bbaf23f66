"""Bodies of a recording: JSON by schema, forms by field, anything else by its size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..._bodies import media_type, read_json
from ..._multipart import MultipartError, read_parts
from ..._texts import decode, read_pairs
from .headers import BOUNDARY, clean_type
from .urls import UNREADABLE, encoded

if TYPE_CHECKING:
    from ..._multipart import Part
    from ..._operations import Body, Reply
    from .values import Scrubber

__all__ = ["BROKEN_JSON", "BodyScrubber", "size_note"]

BROKEN_JSON = b"{"
"""Stands for what is no JSON: it is none either."""

_TOO_DEEP = b"[" * 2000 + b"]" * 2000
_BROKEN_TEXT = b"\xff"


class BodyScrubber:
    """Scrubs the bodies of requests and replies.

    Args:
        scrubber: Scrubs single values.
    """

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        self._spec = scrubber.spec

    def request(self, body: Body | None, header: str | None, content: bytes) -> bytes:
        """A request's body.

        Args:
            body: What is documented; None for nothing.
            header: Its Content-Type.
            content: The body as sent.
        """
        kind = media_type(header)[0]
        if not content or body is None or kind != body.content_type:
            return size_note(content)
        if kind == "multipart/form-data":
            return self._multipart(body, header or "", content)
        if kind == "application/x-www-form-urlencoded":
            return self._form(body, content)
        return self._json(body.schema, content)

    def reply(self, reply: Reply | None, header: str | None, content: bytes) -> bytes:
        """A reply's body.

        Args:
            reply: What is documented for its status; None for nothing.
            header: Its Content-Type.
            content: The body, decompressed.
        """
        kind = media_type(header)[0]
        media = None if reply is None else reply.content.get(kind)
        schema = None if media is None else media.get("schema", {})
        if not content:
            return content
        if kind == "application/json" or kind.endswith("+json"):
            return self._json(schema, content)
        if kind.startswith("text/") and schema is not None:
            text = content.decode("utf-8", "replace")
            return str(self._scrubber.json(schema, text)).encode()
        return size_note(content)

    def _json(self, schema: Any, content: bytes) -> bytes:
        value, problems = read_json(content, "body")
        if problems:
            return BROKEN_JSON
        try:
            return json.dumps(self._scrubber.json(schema, value), ensure_ascii=False).encode()
        except RecursionError:
            return _TOO_DEEP
        except ValueError:
            return BROKEN_JSON

    def _form(self, body: Body, content: bytes) -> bytes:
        try:
            text = content.decode("ascii")
        except UnicodeDecodeError:
            return _BROKEN_TEXT
        made: list[str] = []
        for pair in text.split("&"):
            pairs, good = read_pairs(pair)
            if not good:
                made.append(f"{UNREADABLE}=")
            for name, value in pairs:
                plain = decode(value, plus=True)
                shown = UNREADABLE if plain is None else encoded(self._field(body, name, plain))
                made.append(f"{encoded(self._name(body, name))}={shown}")
        return "&".join(made).encode()

    def _multipart(self, body: Body, header: str, content: bytes) -> bytes:
        try:
            parts = read_parts(header, content)
        except MultipartError:
            return size_note(content)
        made = b""
        for part in parts:
            name = encoded(self._name(body, part.name))
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
            if part.filename is not None:
                head += '; filename="file"'
            if part.content_type is not None:
                head += f"\r\nContent-Type: {clean_type(self._spec, part.content_type)}"
            made += head.encode() + b"\r\n\r\n" + self._part(body, part) + b"\r\n"
        return made + f"--{BOUNDARY}--\r\n".encode()

    def _part(self, body: Body, part: Part) -> bytes:
        schema = self._property(body, part.name)
        resolved = self._spec.resolve(schema or {})
        if schema is None or resolved.get("format") == "binary" or part.filename is not None:
            return size_note(part.content)
        if resolved.get("type") == "object" or "oneOf" in resolved or "anyOf" in resolved:
            return self._json(schema, part.content)
        try:
            return self._field(body, part.name, part.content.decode()).encode()
        except UnicodeDecodeError:
            return _BROKEN_TEXT

    def _field(self, body: Body, name: str, text: str) -> str:
        schema = self._property(body, name)
        # What is undocumented is reported by its name; its value says nothing.
        return "" if schema is None else self._scrubber.parameter(schema, name, text)

    def _name(self, body: Body, name: str) -> str:
        return name if self._property(body, name) is not None else self._scrubber.name(name)

    def _property(self, body: Body, name: str) -> Any:
        return self._spec.resolve(body.schema).get("properties", {}).get(name)


def size_note(content: bytes) -> bytes:
    """What is left of content that is not kept; nothing stays nothing."""
    return f"({len(content)} bytes, not kept)".encode() if content else b""
