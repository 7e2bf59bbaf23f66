"""Headers of a recording: an allow-list; credentials become their scheme and a stand-in."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from ..._bodies import media_type

if TYPE_CHECKING:
    from ..._operations import Operation, Reply
    from ..._spec import Spec
    from .urls import UrlScrubber
    from .values import Scrubber

__all__ = ["BOUNDARY", "HeaderScrubber", "clean_type"]

BOUNDARY = "deviceclouds-recording"
"""Separates the parts of every recorded multipart body."""

Pairs = list[tuple[str, str]]

_TYPE_NAMES = """
    application/json application/problem+json application/xml application/octet-stream application/zip
    application/x-www-form-urlencoded application/yaml application/pdf application/gzip multipart/form-data text/plain
    text/html text/csv text/xml text/event-stream image/jpeg image/png video/mp4 video/mp2t
"""
_TYPES = frozenset(_TYPE_NAMES.split())
_CHARSETS = frozenset(
    (
        "utf-8",
        "utf8",
        "us-ascii",
        "ascii",
        "iso-8859-1",
        "latin1",
        "windows-1252",
        "utf-16",
        "shift_jis",
        "euc-jp",
    )
)
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_SCHEMES = ("Bearer", "Basic", "Digest", "Token", "Negotiate")
_NUMBER = re.compile(r"[0-9]{1,12}", re.ASCII)
_HTTP_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT",
    re.ASCII,
)
# Any other ending could be anybody's name.
_NUMBERS = re.compile(
    r"retry-after|age|(x-)?rate-?limit(-(limit|remaining|reset|used|policy|after|requests|tokens|second|minute|hour|day))*"
    r"|x-pagination-(records|total|count|pages?|limit|offset|size|next|previous)"
)
_LONGEST = 4096
_DATES = ("date", "expires", "last-modified", "retry-after")
_LINK = re.compile(r"<([^>]*)>")
_REL = re.compile(r"rel=\"?(next|prev|first|last|self)\b")


class HeaderScrubber:
    """Scrubs the headers of requests and replies; what is not known is left out.

    Args:
        scrubber: Scrubs single values.
        urls: Scrubs URLs.
    """

    def __init__(self, scrubber: Scrubber, urls: UrlScrubber) -> None:
        self._scrubber = scrubber
        self._spec = scrubber.spec
        self._urls = urls
        schemes: dict[str, Any] = self._spec.document.get("components", {}).get(
            "securitySchemes", {}
        )
        resolved = (self._spec.resolve(scheme) for scheme in schemes.values())
        self._keys = {s["name"].lower() for s in resolved if s.get("in") == "header"}

    def request(self, operation: Operation, headers: Pairs) -> Pairs:
        """A request's headers, names in lower case."""
        known = {p.name.lower(): p.raw for p in operation.parameters if p.location == "header"}
        made: Pairs = []
        for name, value in _lower(headers):
            if name == "authorization" or name in self._keys:
                made.append((name, self._credentials(value)))
            elif name == "content-type":
                made.append((name, clean_type(self._spec, value)))
            elif name in known:
                made.append((name, self._scrubber.parameter(known[name], name, value)))
        return made

    def reply(self, reply: Reply | None, headers: Pairs) -> Pairs:
        """A reply's headers, names in lower case."""
        known = {} if reply is None else {k.lower(): raw for k, raw in reply.headers.items()}
        made = ((name, self._of_reply(known, name, value)) for name, value in _lower(headers))
        return [(name, value) for name, value in made if value is not None]

    def _of_reply(self, known: dict[str, Any], name: str, value: str) -> str | None:
        if name == "content-type":
            return clean_type(self._spec, value)
        if name in known:
            plain = value.strip('"') if name == "etag" else value
            made = self._scrubber.parameter(known[name], name, plain)
            return f'"{made}"' if plain != value else made
        if name == "etag":
            return f'"{self._scrubber.substitutes.word(value)}"'
        if name == "location":
            return self._urls.location(value)
        if name == "link":
            return self._link(value)
        number = _NUMBERS.fullmatch(name) and _NUMBER.fullmatch(value.strip())
        if number or (name in _DATES and _HTTP_DATE.fullmatch(value.strip())):
            return value.strip()
        return None

    def _link(self, value: str) -> str | None:
        made = []
        for part in value[:_LONGEST].split(","):
            found, relation = _LINK.search(part), _REL.search(part)
            if found and relation:
                made.append(f'<{self._urls.location(found[1])}>; rel="{relation[1]}"')
        return ", ".join(made) or None

    def _credentials(self, value: str) -> str:
        word, _, rest = value.strip().partition(" ")
        scheme = next((each for each in _SCHEMES if each.lower() == word.lower()), None)
        rest = rest.strip()
        if scheme is None:
            words = [self._scrubber.substitutes.word(part) for part in value.split()]
            return " ".join(words)
        if not rest:
            return scheme
        if scheme == "Basic":
            return f"Basic {self._basic(rest)}"
        # What is no token must not become one.
        return f"{scheme} {self._scrubber.substitutes.word(rest) if _TOKEN.fullmatch(rest) else '*** ***'}"

    def _basic(self, text: str) -> str:
        try:
            plain = base64.b64decode(text, validate=True)
        except ValueError:
            return "***"
        name = self._scrubber.substitutes.word(text)
        made = f"{name}:{name}" if b":" in plain else name
        return base64.b64encode(made.encode()).decode()


def clean_type(spec: Spec, header: str) -> str:
    """A Content-Type with nothing in it that somebody made up: known types, charsets, our own boundary."""
    kind, charset = media_type(header)
    if kind and kind not in _TYPES and kind not in _documented(spec):
        kind = "application/x-undocumented"
    if charset is not None:
        kind += f"; charset={charset if charset in _CHARSETS else 'x-undocumented'}"
    if "boundary=" in header.lower():
        kind += f"; boundary={BOUNDARY}"
    return kind


def _documented(spec: Spec) -> set[str]:
    operations = spec.operations.values()
    sent = {operation.body.content_type for operation in operations if operation.body}
    replies = (reply for operation in operations for reply in operation.responses.values())
    return sent.union(*(reply.content for reply in replies))


def _lower(headers: Pairs) -> Pairs:
    return [(name.lower(), value) for name, value in headers]
