"""Pages in a recording that hold what another page of the same list held."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..._texts import decode, read_pairs
from ..paging import at_pointer
from ..results import Finding

if TYPE_CHECKING:
    from ..._operations import Operation
    from ..exchange import Exchange

__all__ = ["Repeats"]

_MAX_PAGES = 20_000
_SUCCESS = range(200, 300)


class Repeats:
    """Remembers the items of pages, as hashes, and at which position of their list they were."""

    def __init__(self) -> None:
        # By operation, request without its position, and items: the position they were seen at first.
        self._pages: dict[tuple[str, bytes, bytes], str] = {}
        self._repeated: dict[str, str] = {}

    def add(self, operation: Operation, exchange: Exchange) -> None:
        """Notes a page; anything that is no page is left alone."""
        rules: dict[str, Any] | None = operation.extensions.get("x-pagination")
        if rules is None or exchange.status not in _SUCCESS or len(self._pages) >= _MAX_PAGES:
            return
        name = rules.get("cursor_parameter") or rules.get(f"{rules['style']}_parameter")
        try:
            items = at_pointer(json.loads(exchange.content or b""), rules["items"])
            position, rest = _asked(exchange, str(name), rules.get("in") == "body")
        except (ValueError, RecursionError):
            return
        if name is None or not isinstance(items, list) or not items:
            return
        first = rules.get("first_page", 0)
        # Asking for the first page by its number is the same as not asking for any.
        position = "" if position in ("", str(first)) else position
        key = (operation.id, rest, _hash(json.dumps(items, sort_keys=True)))
        if self._pages.setdefault(key, position) != position:
            self._repeated[operation.id] = rules["items"]

    def findings(self) -> Iterator[tuple[str, Finding]]:
        """For each operation that repeated a page, what to say."""
        for operation_id, items in self._repeated.items():
            said = "is the same on two different pages of one list"
            yield operation_id, Finding("paging", f"body{items}", said, "repeated")


def _asked(exchange: Exchange, name: str, in_body: bool) -> tuple[str, bytes]:
    """The position that was asked for, and a hash of everything else that was asked."""
    path, _, query = exchange.url.partition("?")
    body = exchange.request_content or b""
    if in_body:
        fields = json.loads(body) if body else {}
        position = str(fields.pop(name, "")) if isinstance(fields, dict) else ""
        return position, _hash(path + query + json.dumps(fields, sort_keys=True))
    pairs = read_pairs(query)[0]
    position = next((decode(value, plus=True) or "" for key, value in pairs if key == name), "")
    others = sorted((key, value) for key, value in pairs if key != name)
    return position, _hash(path + repr(others) + repr(body))


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
