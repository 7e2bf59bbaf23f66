"""Where a vendor's API is in a HAR file: at a documented server, or where its paths match."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, NoReturn
from urllib.parse import urlsplit

import msgspec

from ..._check import _below_base
from ..._load import available_vendors
from ..._spec import load_spec
from ..results import ContractRunError
from .plain_urls import plain_url

if TYPE_CHECKING:
    from pathlib import Path

    from ..._spec import Spec
    from .files import HarFile

__all__ = ["Call", "Guess", "Place", "find_base", "likely_vendor", "locate", "refuse"]

_MAX_CALLS = 5000  # that many different ones show where an API is
_MAX_PREFIX = 8
_SHOWN = 5
_ENOUGH = 2  # operations, or literal segments of a single one


class Call(NamedTuple):
    """Method and URL, without the query."""

    method: str
    url: str


class Place(NamedTuple):
    """Where the API is, and what the reader should know of how that was found."""

    base_url: str | None
    remark: str = ""


class Guess(NamedTuple):
    """A base URL.

    Attributes:
        base_url: The base URL; None for the servers of the specification.
        operations: How many different operations were called there.
    """

    base_url: str | None
    operations: int


class _Head(msgspec.Struct):
    method: str
    url: str


class _Peek(msgspec.Struct):
    request: _Head


def locate(spec: Spec, har: HarFile, path: Path, base_url: str | None) -> Place:
    """Where a vendor's API is in a file.

    Args:
        spec: The specification.
        har: The file.
        path: Its path, for messages.
        base_url: What the user says; None for nothing.

    Raises:
        ContractRunError: Nothing of this vendor is in it.
    """
    if base_url is not None:
        return Place(base_url)
    if har.origin is not None:
        return Place(har.origin.base)
    calls = _calls(har)
    guess = find_base(spec, calls)
    if guess is None:
        refuse(spec.vendor, har, path)
    if guess.base_url is None:
        return Place(None)
    other = likely_vendor(calls, spec.vendor)
    rival = None if other is None else find_base(load_spec(other), calls)
    if rival is not None and (rival.base_url is None or rival.operations > guess.operations):
        refuse(spec.vendor, har, path)
    # Reports mask hosts that may name a customer; with its scheme they know one.
    scheme = guess.base_url.partition("://")[0]
    return Place(
        guess.base_url,
        f"{scheme}://{_host(guess.base_url)} is taken for {spec.vendor}'s cloud, because its paths fit; give the base"
        " URL if that is wrong",
    )


def refuse(vendor: str, har: HarFile, path: Path) -> NoReturn:
    """Says that nothing of a vendor is in a file, and what is."""
    calls = _calls(har)
    if not calls:
        count = len(har.entries)
        raise ContractRunError(f"{path}: none of its {count} entries can be read; save it again")
    likely = likely_vendor(calls, vendor)
    hosts = Counter(_host(call.url) for call in calls)
    shown = ", ".join(host for host, _ in hosts.most_common(_SHOWN))
    advice = (
        f"it seems to be {likely}'s: give {likely} as the vendor"
        if likely is not None
        else "if its API is at one of them, give the base URL"
    )
    if likely is None and _are_preflights(vendor, calls):
        advice = "those to its own host are CORS preflight requests: save it again with the calls they are about"
    raise ContractRunError(
        f"{path}: no request of {vendor} is in it; it has requests to {shown}; {advice}"
    )


def _are_preflights(vendor: str, calls: Iterable[Call]) -> bool:
    """Whether all that was asked of a vendor's documented servers is what browsers ask on their own."""
    spec = load_spec(vendor)
    methods = {call.method for call in calls if _below_base(spec, call.url, None) is not None}
    return methods == {"OPTIONS"}


def _calls(har: HarFile) -> list[Call]:
    decoder = msgspec.json.Decoder(_Peek, strict=False)
    calls: dict[Call, None] = {}
    for raw in har.entries:
        try:
            request = decoder.decode(raw).request
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue
        url = plain_url(request.url).partition("?")[0]
        calls[Call(request.method.upper(), url)] = None
    return list(calls)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "no host"
    except ValueError:
        return "no host"


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
