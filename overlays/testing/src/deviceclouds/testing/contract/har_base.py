"""Where a vendor's API is in a HAR file: at a documented server, or where its paths match."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from .._check import _below_base
from .._load import available_vendors
from .._spec import load_spec

if TYPE_CHECKING:
    from .._spec import Spec

__all__ = ["Call", "Guess", "find_base", "likely_vendor"]

_MAX_CALLS = 5000  # that many different ones show where an API is
_MAX_PREFIX = 8
_ENOUGH = 2  # operations, or literal segments of a single one


class Call(NamedTuple):
    """Method and URL, without the query."""

    method: str
    url: str


class Guess(NamedTuple):
    """A base URL.

    Attributes:
        base_url: The base URL; None for the servers of the specification.
        operations: How many different operations were called there.
    """

    base_url: str | None
    operations: int


def find_base(spec: Spec, calls: Iterable[Call]) -> Guess | None:
    """Where a vendor's API is.

    Args:
        spec: The specification.
        calls: What is in the file.

    Returns:
        The documented servers if anything was asked of them; else the base below which most operations are found, if
        at least two are, or one whose path has at least two fixed segments. None if there is none.
    """
    known = list(dict.fromkeys(calls))
    documented = {operation for call in known for operation in _documented(spec, call)}
    if documented:
        return Guess(None, len(documented))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for call in known[:_MAX_CALLS]:
        for base, operation_id in _candidates(spec, call):
            found[base].add(operation_id)
    good = {base: ids for base, ids in found.items() if _enough(spec, ids)}
    if not good:
        return None
    # Of the same operations the shorter base: an id in front of a path is not part of it.
    best = min(good, key=lambda base: (-len(good[base]), len(base)))
    return Guess(best, len(good[best]))


def likely_vendor(calls: Iterable[Call], but: str) -> str | None:
    """Which vendor's traffic it seems to be, other than one; None for none we know."""
    known = list(dict.fromkeys(calls))
    votes: Counter[str] = Counter()
    for vendor in available_vendors():
        guess = find_base(load_spec(vendor), known) if vendor != but else None
        if guess is not None:
            # A documented host says more than paths that look alike.
            votes[vendor] = guess.operations + (1000 if guess.base_url is None else 0)
    return votes.most_common(1)[0][0] if votes else None


def _documented(spec: Spec, call: Call) -> set[str]:
    rest = _below_base(spec, call.url, None)
    route = None if rest is None else spec.find(call.method, rest)
    return {route.operation.id} if route is not None and route.operation is not None else set()


def _candidates(spec: Spec, call: Call) -> Iterable[tuple[str, str]]:
    try:
        parts = urlsplit(call.url)
    except ValueError:
        return
    if parts.scheme not in ("http", "https"):
        return
    segments = parts.path.split("/")[1:]
    origin = call.url[: len(call.url) - len(parts.path)] if parts.path else call.url
    for count in range(min(len(segments), _MAX_PREFIX)):
        prefix = "".join(f"/{segment}" for segment in segments[:count])
        route = spec.find(call.method, parts.path[len(prefix) :])
        if route is not None and route.operation is not None:
            yield origin + prefix, route.operation.id


def _enough(spec: Spec, ids: set[str]) -> bool:
    if len(ids) >= _ENOUGH:
        return True
    path = spec.operations[next(iter(ids))].path
    literal = [part for part in re.split("/", path) if part and "{" not in part]
    return len(literal) >= _ENOUGH
