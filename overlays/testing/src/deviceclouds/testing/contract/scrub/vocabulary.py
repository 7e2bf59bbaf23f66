"""Which names of undocumented fields may be shown: those made of words that a specification uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["Vocabulary"]

_IDENTIFIER = re.compile(r"[A-Za-z]+([_-][A-Za-z]+)*[0-9]{0,2}", re.ASCII)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", re.ASCII)
_LONGEST = 48
_ENDINGS = ("s", "es", "d", "ed", "ing")
# Words that any interface may come to use, beside those of the specification itself.
_COMMON = """
    a access accuracy action active actor added address age alarm alert alias all amount api app architecture
    area array asset at attempt audit auth average backup band base battery beta bit block body boot brightness
    build bytes cache camera capability category celsius certificate channel charge check checksum city class
    client cloud cluster code color command comment company compression config connected connection contact
    content context continuation coordinate core cost count country cpu created credential critical currency
    current cursor custom data date day debug default degree deleted delta deprecated description detail device
    digest direction disabled disk display domain down download duration edge edition email enabled encoding end
    energy engine environment error etag event expires extension extra factor fail family feature field file
    filter firmware first flag folder foo format free frequency from gateway gpu group hardware hash health
    height history hits host hour html http humidity id identifier image in index info input install instance
    interface internal interval ip is item job json key kind label language last latency latest latitude layer
    legacy length level license limit line link list load local location lock log longitude mac major
    manufacturer map max measured media memory message meta method metric milli min minor minute mode model
    modified module monitor month name namespace network new next node note null number object of offline offset
    old on online operation option order origin os other output owner packet page parameter parent partition
    path pattern pending percent period permission phase phone plan platform point policy port position power
    prefix pressure previous price priority private problem process product profile progress project property
    protocol provider public quality quantity queue quota range rank rate ratio raw reason record ref reference
    region release remote reply request reserved reset resolution resource response result retry revision role
    root route rule run schedule schema scope score second secret section segment sensor sequence serial server
    service session set settings severity shadow shape signal signature site size slot source spare speed stable
    stage standard start state status step storage store stream string sub subject summary support sync system
    tag target task team temperature template tenant test text threshold thumbnail time timeout timestamp
    timezone title to token topic total trace type undocumented unique unit unknown up update uptime uri url
    usage used user uuid value vendor version video visible volt voltage wait warning watt weight width wifi
    with x y year z zone
"""

# Words of interfaces that are also names people go by: alone they may be somebody, beside others they are a word.
_CALLED = """
    abel al alma amber ana angel april art august bill bob carol chance chase christian clay cliff crystal dale dan dawn
    dean dick don drew duke earl ed eve faith ford frank gene glen grace grant guy harry hope ida iris jack jade jan jay
    jean jerry josh joy june kai ken lance lane lee len lily major marina mark martin mason max may mercy mike miles
    nick noel olive pat pearl penny pierce ray reed rich rob robin rod roman rose ruby said sam sandy scarlet sky sol
    stone sue summer tad tim tony val van vera victor viola wade ward will
"""
_PEOPLE = frozenset(_CALLED.split())


class Vocabulary:
    """The words of a document's names and descriptions, and some that any interface may use.

    Args:
        document: The OpenAPI document.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self._words = set(_COMMON.split())
        for text in _texts(document):
            self._words.update(match.lower() for match in _WORD.findall(text))

    def knows(self, name: str) -> bool:
        """Whether a name is a plain identifier made of known words: no token, nobody's name."""
        if len(name) > _LONGEST or not _IDENTIFIER.fullmatch(name):
            return False
        words = [word.lower() for word in _WORD.findall(name)]
        if all(word in _PEOPLE for word in words):
            return False
        return all(self._has(word) for word in words)

    def _has(self, word: str) -> bool:
        if word in self._words or f"{word}s" in self._words:
            return True
        return any(word.endswith(end) and word[: -len(end)] in self._words for end in _ENDINGS)


def _texts(node: Any) -> Iterator[str]:
    """Names and descriptions; examples are left out, because people have names in them."""
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key in ("example", "examples", "default", "x-evidence"):
            continue
        yield str(key)
        if isinstance(value, str) and key in ("description", "summary", "name", "title"):
            yield value
        else:
            yield from _texts(value)
