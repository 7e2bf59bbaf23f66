"""What the page at ``/`` shows, gathered for its template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from ..._load import MOUNTS
from ..._spec import load_spec
from ..controls import shown_call
from ..faults import KINDS, Fault
from .names import EVIDENCE, SHORT_NAMES
from .snippets import Snippets, snippets

if TYPE_CHECKING:
    from ..sandbox import Sandbox
    from .forms import FormError

__all__ = ["Overview", "Share", "evidence_shares", "overview"]

_ROWS = 50
"""Calls the page lists; the script keeps to the same number."""

_FLEET_ROWS = 6
"""Numbers a card shows at once, so that cards are about equally high."""

_DONE = {
    "advanced": ("clock", "The clock went forward."),
    "frozen": ("clock", "The clock stands still."),
    "running": ("clock", "The clock runs."),
    "fault": ("faults", "The fault is set."),
    "no-faults": ("faults", "All faults are gone."),
    "revoked": ("tokens", "Tokens revoked: {n}."),
    "revoked-demo": ("tokens", "Tokens revoked: {n}, and the static token demo."),
    "reset": ("reset", "Everything is as it was in the beginning."),
    "no-calls": ("calls", "The list of calls is empty."),
}
"""What a form has done: the panel that tells so, and the words."""

_KIND_WORDS = {
    "status": "error, vendor's shape",
    "html": "web page of a proxy",
    "reset": "connection ends",
    "truncated": "half of the reply",
    "latency": "only a delay",
}


@dataclass(frozen=True, slots=True)
class Share:
    """Operations that are known in one way: how many, and where their bar begins and how long it is, in percent."""

    status: str
    meaning: str
    count: int
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class CloudCard:
    """One cloud at a glance."""

    vendor: str
    name: str
    title: str
    version: str
    base_url: str
    fleet: Mapping[str, int]
    calls: int
    tokens: int
    operations: int
    shares: tuple[Share, ...]
    snippets: Snippets


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page shows."""

    origin: str
    stateful: bool
    now: datetime
    frozen: bool
    seed: int
    size: float
    rate_limits: bool
    clouds: tuple[CloudCard, ...]
    calls: list[dict[str, Any]]
    rows: int
    fleet_rows: int
    faults: tuple[str, ...]
    own_problems: list[tuple[str, str, str]]
    kinds: Mapping[str, str]
    operations: Mapping[str, str]
    message: str | None
    panel: str | None
    error: FormError | None
    fields: Mapping[str, str]


def overview(
    sandbox: Sandbox,
    *,
    origin: str,
    done: str,
    number: str,
    error: FormError | None,
    fields: Mapping[str, str],
) -> Overview:
    """Looks at a sandbox.

    Args:
        sandbox: The sandbox.
        origin: Scheme, host and port by which the reader knows it.
        done: Key of what a form has just done; others than ours are ignored.
        number: The number that belongs to it.
        error: What was wrong with a form.
        fields: What was sent with it.
    """
    world = sandbox.world
    panel, message = _DONE.get(done, (None, None))
    if message is not None:
        plain = number.isascii() and number.isdigit() and len(number) < 10
        message = message.format(n=number if plain else 0)
    calls = [
        {**shown_call(n, entry), "time": datetime.fromtimestamp(entry.at, UTC)}
        for n, entry in reversed(world.journal.latest(_ROWS))
    ]
    return Overview(
        origin=origin,
        stateful=sandbox.stateful,
        now=world.clock.datetime(),
        frozen=world.clock.frozen,
        seed=world.seed,
        size=world.size,
        rate_limits=world.rate_limits,
        clouds=_cards(sandbox, origin),
        calls=calls,
        rows=_ROWS,
        fleet_rows=_FLEET_ROWS,
        faults=tuple(_fault_words(rule) for rule in world.faults.rules),
        own_problems=list(world.own_problems),
        kinds={kind: _KIND_WORDS[kind] for kind in KINDS},
        operations=_operations(sandbox.vendors),
        message=message,
        panel=panel,
        error=error,
        fields=fields,
    )


@cache
def evidence_shares(vendor: str) -> tuple[Share, ...]:
    """How a vendor's operations are known, surest first; ways that do not occur are left out."""
    operations = load_spec(vendor).operations.values()
    counts = Counter(o.extensions["x-evidence"]["status"] for o in operations)
    shares, start = [], 0.0
    for status, meaning in EVIDENCE.items():
        if counts[status]:
            length = 100 * counts[status] / counts.total()
            shares.append(Share(status, meaning, counts[status], round(start, 3), round(length, 3)))
            start += length
    return tuple(shares)


def _cards(sandbox: Sandbox, origin: str) -> tuple[CloudCard, ...]:
    calls = Counter(entry.vendor for entry in sandbox.journal.entries)
    cards = []
    for vendor in sandbox.vendors:
        spec = load_spec(vendor)
        cloud = sandbox.clouds.get(vendor)
        with sandbox.world.lock:
            fleet = dict(cloud.fleet()) if cloud is not None else {}
        cards.append(
            CloudCard(
                vendor=vendor,
                name=SHORT_NAMES[vendor],
                title=spec.document["info"]["title"],
                version=spec.document["info"]["version"],
                base_url=origin + MOUNTS[vendor],
                fleet=fleet,
                calls=calls[vendor],
                tokens=sandbox.world.tokens.count.get(vendor, 0),
                operations=len(spec.operations),
                shares=evidence_shares(vendor),
                snippets=snippets(vendor, origin),
            )
        )
    return tuple(cards)


def _operations(vendors: tuple[str, ...]) -> dict[str, str]:
    """All operations, each with the names of the clouds that have it."""
    found: dict[str, list[str]] = {}
    for vendor in vendors:
        for operation_id in load_spec(vendor).operations:
            found.setdefault(operation_id, []).append(SHORT_NAMES[vendor])
    return {operation_id: ", ".join(names) for operation_id, names in sorted(found.items())}


def _fault_words(rule: Fault) -> str:
    """A rule as a sentence."""
    whose = "any cloud" if rule.vendor == "*" else SHORT_NAMES.get(rule.vendor, rule.vendor)
    what = "all operations" if rule.operation == "*" else rule.operation
    answer = _KIND_WORDS[rule.kind]
    if rule.kind in ("status", "html"):
        answer += f", status {rule.status}"
    parts = [f"{whose}, {what}: {answer}"]
    if rule.retry_after is not None and rule.kind == "status":
        parts.append(f"Retry-After {rule.retry_after:g} s")
    if rule.latency:
        parts.append(f"after {rule.latency:g} s")
    if rule.probability < 1:
        parts.append(f"{rule.probability * 100:g}\N{NO-BREAK SPACE}% of calls")
    often = "until cleared" if rule.times is None else f"{rule.times} more"
    return "; ".join([*parts, often])
