"""Our specification of a vendor beside the vendor's own file: all findings, ordered and numbered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from codegen.adopt.findings import Finding, Kind, Raw, grouped, numbered
from codegen.adopt.judging import judge
from codegen.adopt.matching import Matching, addresses, match_operations
from codegen.adopt.preparing import Prepared, prepare
from codegen.compare import Facts, Place, ReadDocument, facts_of
from codegen.lint.document import SpecDocument

_ORDER = {Kind.WRONG: 0, Kind.LACK: 1, Kind.EXTRA: 2, Kind.UNSAID: 3}


@dataclass
class Comparison:
    """What the two say, and how they differ."""

    ours: SpecDocument
    theirs: ReadDocument
    our_facts: Facts
    their_facts: Facts
    matching: Matching
    prepared: Prepared
    findings: list[Finding]
    remarks: list[str] = field(default_factory=list)

    @property
    def vendor(self) -> str:
        """Return the folder of our specification, which is the vendor's name."""
        return self.ours.path.resolve().parent.name


def compare(ours: SpecDocument, theirs: ReadDocument) -> Comparison:
    """Return how the vendor's file differs from our specification."""
    mine, other = facts_of(ours.data), facts_of(theirs.data)
    matching = match_operations(mine, other)
    prepared = prepare(mine, other, matching)
    raws = [
        *_api(mine, other, matching),
        *_alone(mine, other, matching),
        *judge(prepared, matching.pairs),
    ]
    found = _ordered(grouped(raws), mine)
    result = Comparison(ours, theirs, mine, other, matching, prepared, found)
    result.remarks = list(_remarks(mine, other))
    return result


def _ordered(findings: list[Finding], mine: Facts) -> list[Finding]:
    """Order by operation as in our file, those of several operations and of neither last; kinds within."""
    rank = {place.operation: index for index, place in enumerate(mine.operations())}

    def key(finding: Finding) -> tuple[int, int, str, int]:
        operation = next(iter(finding.operations), "")
        if not operation:
            return 0, 0, "", _ORDER[finding.kind]
        shared = 2 if len(finding.operations) > 1 else 1
        first = rank.get(operation, len(rank))
        name = operation if first == len(rank) else ""
        return shared, first, name, _ORDER[finding.kind]

    said = sorted((f for f in findings if f.kind is not Kind.UNSAID), key=key)
    unsaid = sorted((f for f in findings if f.kind is Kind.UNSAID), key=key)
    return numbered([*said, *unsaid])


def _alone(mine: Facts, other: Facts, matching: Matching) -> Iterator[Raw]:
    """Yield the operations that only one side has."""
    api = Place("api")
    for place in matching.ours_only:
        home = mine.home(place)
        yield Raw(Kind.EXTRA, place, "", mine.places[place], None, home, "", api)
    for place in matching.theirs_only:
        home = other.home(place)
        yield Raw(Kind.LACK, place, "", None, other.places[place], "", home, api)


def _api(mine: Facts, other: Facts, matching: Matching) -> Iterator[Raw]:
    """Yield what differs in servers, as far as theirs name a host."""
    api = Place("api")
    ours, theirs = _addresses(mine), _addresses(other)
    stated = bool(theirs) and any(urlsplit(address).path.rstrip("/") for address in theirs)
    if matching.base is not None and (stated or any(matching.base)) and _differ(matching.base):
        here, there = (part or "/" for part in matching.base)
        if stated or matching.base[1]:
            yield Raw(Kind.WRONG, api, "base path", here, there, "/servers", "/servers", api)
    hosts = {urlsplit(address).netloc for address in theirs} - {""}
    if hosts:
        known = {urlsplit(address).netloc for address in ours}
        for host in sorted(hosts - known):
            words = f"they name the host `{host}`, we do not"
            yield Raw(Kind.LACK, api, "servers", None, words, "/servers", "/servers", api)
        for host in sorted(known - hosts):
            words = f"we name the host `{host}`, they do not"
            yield Raw(Kind.EXTRA, api, "servers", host, words, "/servers", "/servers", api)


def _differ(base: tuple[str, str]) -> bool:
    return base[0].rstrip("/") != base[1].rstrip("/")


def _addresses(facts: Facts) -> list[str]:
    servers = facts.places[Place("api")].get("servers", ())
    return [address for server in servers for address in addresses(server)]


def _remarks(mine: Facts, other: Facts) -> Iterator[str]:
    ours, theirs = (facts.places[Place("api")].get("version") for facts in (mine, other))
    if str(ours) != str(theirs):
        yield f"Their file is of version {theirs} of the API, ours of {ours}."
    if any(place.is_webhook for place in mine.operations()) and not any(
        place.is_webhook for place in other.operations()
    ):
        yield "Their file says nothing of webhooks, so ours were not compared."
