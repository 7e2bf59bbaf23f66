"""URLs of a recording: a reserved host instead of the cloud's, stand-ins for path and query values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from ..._check import _route
from ..._texts import decode, read_pairs

if TYPE_CHECKING:
    from ..._operations import Operation, Parameter
    from .values import Scrubber

__all__ = ["HOST", "UNREADABLE", "UrlScrubber", "encoded"]

HOST = "https://cloud.invalid"
"""Reserved by RFC 2606: no host will ever have this name."""

UNREADABLE = "%FF"
"""Stands for text whose percent-encoding is broken: broken too."""

_WHOLE = re.compile(r"(https?|wss?|rtsps?|ftps?|sftp|s3|gs|mqtts?|amqps?)://\S+", re.IGNORECASE)
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_RELATIVE = re.compile(r"/[^\s?#]*\?[^\s#]*=\S*")
_LONGEST = 4096  # a longer text is no URL


class UrlScrubber:
    """Scrubs the URLs of requests, and those that replies hold.

    Args:
        scrubber: Scrubs single values; what it takes for a URL it hands over to this object.
        base_url: The server's base URL, where the specification does not name the server.
    """

    def __init__(self, scrubber: Scrubber, base_url: str | None) -> None:
        self._scrubber = scrubber
        self._spec = scrubber.spec
        self._base_url = base_url
        bases = self._spec.bases
        self.base = HOST + (urlsplit(bases[0]).path.rstrip("/") if bases else "")
        """Base URL of everything that is recorded."""
        self._names = {
            parameter.name
            for operation in self._spec.operations.values()
            for parameter in operation.parameters
            if parameter.location == "query"
        }
        scrubber.address = self.value

    def request(self, operation: Operation, values: dict[str, str], query: str) -> str:
        """The URL of a call.

        Args:
            operation: What was called.
            values: Values of its path, still encoded.
            query: Its query string, still encoded.
        """
        path = operation.path
        for parameter in operation.parameters:
            if parameter.location == "path" and parameter.name in values:
                text = self._joined(parameter, values[parameter.name], plus=False)
                path = path.replace(f"{{{parameter.name}}}", text)
        pairs = "&".join(self._pairs(operation, query))
        return f"{self.base}{path}" + (f"?{pairs}" if pairs or "?" in query else "")

    def value(self, text: str) -> str | None:
        """A stand-in for a text that is a URL; None for any other text."""
        if len(text) > _LONGEST or (not _WHOLE.fullmatch(text) and not _RELATIVE.fullmatch(text)):
            return None
        return self.location(text)

    def location(self, text: str) -> str:
        """A stand-in for a URL or a reference to one."""
        for method in ("GET", "POST") if _WHOLE.fullmatch(text) else ():
            route = _route(self._spec, method, text, self._base_url)
            if route.operation is not None:
                return self.request(route.operation, route.values, route.query)
        rest, _, query = text.partition("#")[0].partition("?")
        host = ""
        # At the start only: a path may hold another URL, whose scheme is no scheme but a path.
        if found := _SCHEME.match(rest):
            name, slash, path = rest[found.end() :].partition("/")
            host = f"{_scheme(found[1])}://{self._scrubber.substitutes.word(name)}.invalid"
            rest = slash + path
        path = "/".join(self._segment(segment) for segment in rest.split("/"))
        pairs = "&".join(self._unknown(query))
        return host + path + (f"?{pairs}" if pairs else "")

    def _segment(self, segment: str) -> str:
        text = decode(segment)
        if text is None:
            return UNREADABLE
        return encoded(self._scrubber.substitutes.text(text))

    def _unknown(self, query: str) -> Iterator[str]:
        for name, value in _pairs_of(query):
            text = decode(value, plus=True)
            shown = UNREADABLE if text is None else encoded(self._scrubber.substitutes.text(text))
            kept = name if name in self._names else self._scrubber.name(name)
            yield f"{encoded(kept)}={shown}"

    def _pairs(self, operation: Operation, query: str) -> Iterator[str]:
        known = {p.name: p for p in operation.parameters if p.location == "query"}
        keys = set(self._key_names(operation))
        for pair in query.split("&") if query else ():
            pairs, good = read_pairs(pair)
            if not good:
                yield f"{UNREADABLE}="
            for name, value in pairs:
                if name in known:
                    yield f"{encoded(name)}={self._joined(known[name], value, plus=True)}"
                elif name in keys:
                    words = [self._scrubber.substitutes.word(word) for word in value.split("%20")]
                    yield f"{encoded(name)}={'%20'.join(words) if value else ''}"
                else:
                    yield f"{encoded(self._scrubber.name(name))}="

    def _key_names(self, operation: Operation) -> Iterator[str]:
        schemes: dict[str, Any] = self._spec.document.get("components", {}).get(
            "securitySchemes", {}
        )
        for alternative in operation.security:
            for name in alternative:
                scheme = self._spec.resolve(schemes.get(name, {}))
                if scheme.get("in") == "query":
                    yield str(scheme.get("name"))

    def _joined(self, parameter: Parameter, text: str, plus: bool) -> str:
        many = self._spec.resolve(parameter.schema).get("type") == "array"
        # Split before decoding: an encoded comma belongs to its item.
        split = many and not (parameter.explode and parameter.location == "query")
        return ",".join(
            self._encoded_value(parameter, part, plus)
            for part in (text.split(",") if split else [text])
        )

    def _encoded_value(self, parameter: Parameter, text: str, plus: bool) -> str:
        plain = decode(text, plus=plus)
        if plain is None:
            return UNREADABLE
        return encoded(self._scrubber.parameter(parameter.raw, parameter.name, plain))


def encoded(text: str) -> str:
    """Percent-encodes everything but unreserved characters."""
    return quote(text, safe="", errors="replace")


def _pairs_of(query: str) -> list[tuple[str, str]]:
    return read_pairs(query)[0] if query else []


def _scheme(text: str) -> str:
    return text.lower() if _WHOLE.fullmatch(f"{text}://x") else "https"
