"""Which operation of their file is which of ours."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from codegen.compare import Facts, Place

_MOST_ADDRESSES = 50
_BRACES = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Pair:
    """An operation of both; `how` is `path` where method and path agree, else what it was found by."""

    ours: Place
    theirs: Place
    how: str


@dataclass
class Matching:
    """The operations of both files in pairs, and those without a partner.

    `base` is (what stands before our paths, what stands before theirs) where paths only agree without it.
    """

    pairs: list[Pair] = field(default_factory=list)
    ours_only: list[Place] = field(default_factory=list)
    theirs_only: list[Place] = field(default_factory=list)
    base: tuple[str, str] | None = None


def match_operations(ours: Facts, theirs: Facts) -> Matching:
    """Pair by method and path, then by operationId, then by path where one of each is left, webhooks by name."""
    mine = {_key(place): place for place in ours.operations() if not place.is_webhook}
    other = {_key(place): place for place in theirs.operations() if not place.is_webhook}
    result = Matching()
    translate, result.base = _translation(ours, theirs, mine, other)
    taken: dict[Place, Place] = {}
    for key, place in other.items():
        for candidate in translate(key):
            if candidate in mine and mine[candidate] not in taken:
                taken[mine[candidate]] = place
                result.pairs.append(Pair(mine[candidate], place, "path"))
                break
    _leftovers(result, ours, theirs, list(mine.values()), list(other.values()), translate)
    _webhooks(result, ours, theirs)
    order = {place: index for index, place in enumerate(ours.places)}
    result.pairs.sort(key=lambda pair: order[pair.ours])
    return result


def count_matches(ours: Facts, theirs: Facts) -> int:
    """Return how many operations agree in method and path."""
    return sum(pair.how == "path" for pair in match_operations(ours, theirs).pairs)


Key = tuple[str, str]
Translate = Callable[[Key], Iterator[Key]]


def _key(place: Place) -> Key:
    method, _, path = place.operation.partition(" ")
    return method, path.rstrip("/") or "/"


def _translation(
    ours: Facts, theirs: Facts, mine: dict[Key, Place], other: dict[Key, Place]
) -> tuple[Translate, tuple[str, str] | None]:
    """Return how their paths become ours, by the reading that pairs the most operations."""
    our_bases, their_bases = _bases(ours), _bases(theirs)

    def by_address(key: Key) -> Iterator[Key]:
        for their_base, our_base in itertools.product(their_bases, our_bases):
            full = their_base + ("" if key[1] == "/" else key[1])
            if full == our_base or full.startswith(our_base + "/"):
                yield key[0], full[len(our_base) :] or "/"

    best, most = by_address, _pairs(by_address, mine, other)
    base: tuple[str, str] | None = None
    for strip, add in _prefixes(mine, other):

        def by_path(key: Key, strip: str = strip, add: str = add) -> Iterator[Key]:
            if not strip and not add:
                yield key
            elif key[1] == (strip or "/"):
                # The root has no slash of its own below a prefix; alone it makes none.
                if any(path.startswith(strip + "/") and path != "/" for _, path in other):
                    yield key[0], add or "/"
            elif key[1].startswith(strip + "/"):
                yield key[0], add + key[1][len(strip) :]

        found = _pairs(by_path, mine, other)
        if found > most:
            best, most = by_path, found
            base = (our_bases[0] + add, their_bases[0] + strip)
    return best, base


def _pairs(translate: Translate, mine: dict[Key, Place], other: dict[Key, Place]) -> int:
    return len({key for entry in other for key in translate(entry) if key in mine})


def _prefixes(mine: dict[Key, Place], other: dict[Key, Place]) -> Iterator[tuple[str, str]]:
    """Yield (leave out of theirs, put before): nothing, then leading parts that all paths of a side share."""
    yield "", ""
    for prefix in _shared(other):
        yield prefix, ""
    for prefix in _shared(mine):
        yield "", prefix


def _shared(keys: dict[Key, Place]) -> list[str]:
    """Return the leading parts that most paths begin with, shortest first."""
    paths = [path.split("/")[1:] for _, path in keys]
    result = []
    for length in (1, 2, 3):
        heads = ["/" + "/".join(path[:length]) for path in paths if len(path) >= length]
        best = max(set(heads), key=lambda head: (heads.count(head), head), default="")
        if best and heads.count(best) * 2 >= len(paths):
            result.append(best)
    return result


def _bases(facts: Facts) -> list[str]:
    """Return the paths of the servers' addresses, variables filled in."""
    servers = facts.places[Place("api")].get("servers", ())
    listed = [address for server in servers for address in addresses(server)]
    return list(dict.fromkeys(urlsplit(address).path.rstrip("/") for address in listed)) or [""]


def addresses(server: dict[str, Any]) -> list[str]:
    """Return the addresses a server entry stands for."""
    names = re.findall(r"\{([^{}]*)\}", server["url"])
    variables = server.get("variables", {})
    choices = []
    for name in names:
        variable = variables.get(name, {})
        values = variable.get("enum") or [variable.get("default", f"{{{name}}}")]
        choices.append([str(value) for value in values])
    result = []
    for chosen in itertools.islice(itertools.product(*choices), _MOST_ADDRESSES):
        parts = iter(chosen)
        result.append(_BRACES.sub(lambda _, parts=parts: next(parts), server["url"]))  # type: ignore[misc]
    return result


def _leftovers(
    result: Matching,
    ours: Facts,
    theirs: Facts,
    mine: list[Place],
    other: list[Place],
    translate: Translate,
) -> None:
    result.ours_only = [place for place in mine if place not in _ours(result)]
    result.theirs_only = [place for place in other if place not in _theirs(result)]
    _pair_unique(
        result,
        "id",
        lambda place: _squashed(ours.places[place].get("operationId")),
        lambda place: _squashed(theirs.places[place].get("operationId")),
    )
    _pair_unique(
        result,
        "method",
        lambda place: _key(place)[1],
        lambda place: next((key[1] for key in translate(_key(place))), ""),
    )


def _ours(result: Matching) -> set[Place]:
    return {pair.ours for pair in result.pairs}


def _theirs(result: Matching) -> set[Place]:
    return {pair.theirs for pair in result.pairs}


def _pair_unique(
    result: Matching, how: str, mine: Callable[[Place], str], other: Callable[[Place], str]
) -> None:
    """Pair what is left where exactly one of each side has the same name."""
    for place in list(result.ours_only):
        name = mine(place)
        same = [entry for entry in result.ours_only if mine(entry) == name]
        found = [entry for entry in result.theirs_only if other(entry) == name]
        if name and len(same) == 1 and len(found) == 1:
            result.pairs.append(Pair(place, found[0], how))
            result.ours_only.remove(place)
            result.theirs_only.remove(found[0])


def _squashed(text: object) -> str:
    return re.sub(r"[^a-z0-9]", "", str(text or "").lower())


def _webhooks(result: Matching, ours: Facts, theirs: Facts) -> None:
    """Pair webhooks by name; ours stay out of it where their file has none at all, as 3.0 cannot."""
    other = {_hook(place): place for place in theirs.operations() if place.is_webhook}
    for place in ours.operations() if other else ():
        if not place.is_webhook:
            continue
        partner = other.pop(_hook(place), None)
        if partner is None:
            result.ours_only.append(place)
        else:
            result.pairs.append(Pair(place, partner, "path"))
    result.theirs_only.extend(other.values())


def _hook(place: Place) -> tuple[str, str]:
    words = place.operation.split(" ")
    return _squashed(words[1]), words[-1]
