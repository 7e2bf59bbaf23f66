"""Whether a finding in a recording of our own is about a text that is only a stand-in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..._texts import decode, read_pairs
from ..scrub.substitutes import DATE, DATE_TIME

if TYPE_CHECKING:
    from ..._spec import Spec
    from ..exchange import Exchange
    from ..results import Finding

__all__ = ["is_stand_in"]

_ABOUT_TEXT = frozenset(("enum", "const", "pattern", "format", "minLength", "maxLength"))


def is_stand_in(spec: Spec, finding: Finding, exchange: Exchange, words: frozenset[str]) -> bool:
    """Whether it is about the wording of a text that was replaced when it was recorded.

    Args:
        spec: The specification.
        finding: What was found.
        exchange: Where.
        words: Texts that were kept.
    """
    if finding.rule not in _ABOUT_TEXT:
        return False
    values = list(_values(finding, exchange))
    if not values:
        return True  # path parameters and headers: only stand-ins are texts there
    texts = [value for value in values if isinstance(value, str) and value]
    return bool(texts) and all(not _is_kept(text, words) for text in texts)


def _is_kept(text: str, words: frozenset[str]) -> bool:
    return text in words or bool(DATE_TIME.fullmatch(text) or DATE.fullmatch(text))


def _values(finding: Finding, exchange: Exchange) -> list[Any]:
    place, _, name = finding.location.partition(".")
    if place == "query":
        pairs = read_pairs(exchange.url.partition("?")[2])[0]
        found = [value for key, value in pairs if key == name]
        return [decode(part, plus=True) for value in found for part in value.split(",")]
    if not finding.location.startswith("body"):
        return []
    content = exchange.request_content if finding.kind == "request" else exchange.content
    try:
        node = json.loads(content or b"")
    except ValueError:
        return []
    for part in finding.location.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(key)] if isinstance(node, list) else node[key]
        except (KeyError, ValueError, IndexError, TypeError):
            return []
    return [node]
