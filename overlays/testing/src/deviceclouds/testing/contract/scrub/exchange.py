"""A whole exchange, scrubbed, with proof that the specification says the same to what is left."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ..._check import _lower, _route
from ..exchange import Exchange, judge
from .bodies import BodyScrubber
from .headers import HeaderScrubber
from .urls import UrlScrubber
from .values import Scrubber

if TYPE_CHECKING:
    from ..._spec import Spec
    from ..results import Finding

__all__ = ["ExchangeScrubber", "Scrubbed"]


class Scrubbed(NamedTuple):
    """What may be stored.

    Attributes:
        operation_id: What was called.
        exchange: Without anything that was secret or personal.
        findings: What the specification says to it.
        faithful: Whether it said as much to the original: the same kinds and rules, as often.
    """

    operation_id: str
    exchange: Exchange
    findings: tuple[Finding, ...]
    faithful: bool


class ExchangeScrubber:
    """Scrubs the exchanges of one recording.

    Args:
        spec: The specification.
        base_url: The server's base URL, where the specification does not name the server.
    """

    def __init__(self, spec: Spec, base_url: str | None = None) -> None:
        self._spec = spec
        self._base_url = base_url
        self.values = Scrubber(spec)
        self._urls = UrlScrubber(self.values, base_url)
        self._headers = HeaderScrubber(self.values, self._urls)
        self._bodies = BodyScrubber(self.values)

    @property
    def base(self) -> str:
        """Base URL of what is recorded."""
        return self._urls.base

    def scrub(self, exchange: Exchange) -> Scrubbed | None:
        """What may be stored of an exchange; None where it is no operation of the specification."""
        route = _route(self._spec, exchange.method, exchange.url, self._base_url)
        operation = route.operation
        if operation is None:
            return None
        reply = None if exchange.status is None else operation.reply(exchange.status)
        asked, said = _lower(exchange.request_headers), _lower(exchange.headers)
        sent, got = exchange.request_content, exchange.content
        made = Exchange(
            operation.method,
            self._urls.request(operation, route.values, route.query),
            self._headers.request(operation, exchange.request_headers),
            None
            if sent is None
            else self._bodies.request(operation.body, asked.get("content-type"), sent),
            exchange.status,
            self._headers.reply(reply, exchange.headers),
            None if got is None else self._bodies.reply(reply, said.get("content-type"), got),
        )
        before = judge(self._spec, exchange, self._base_url).findings
        after = judge(self._spec, made, self.base).findings
        return Scrubbed(operation.id, made, after, _kinds(before) == _kinds(after))


def _kinds(findings: tuple[Finding, ...]) -> Counter[tuple[str, str]]:
    return Counter((finding.kind, finding.rule) for finding in findings)
