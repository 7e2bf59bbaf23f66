"""``python -m benchmarks.load``: a thousand clients, calls that go wrong, and whether everything still adds up."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
import time
import warnings
from collections import Counter
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2
from deviceclouds.runtime import DeviceCloudError, RetryPolicy, UnverifiedOperationWarning
from deviceclouds.testing import MOUNTS
from deviceclouds.testing.sandbox.sandbox import CLIENTS, demo_arguments

from benchmarks.load_work import WORK, Ledger, Work

T = TypeVar("T")

__all__ = ["FAULTS", "Report", "run", "settle"]

FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 503},
    {"kind": "html", "status": 502},
    {"kind": "reset"},
    {"kind": "truncated"},
    {"kind": "latency", "latency": 0.1},
)
"""Kinds of faults; all are as frequent."""

_SHARED = 20
"""Clients that share an HTTP client. A pool looks through all its connections for each request: not too many."""

_RETRIES = RetryPolicy(attempts=8, backoff=0.05, max_backoff=0.5)


@dataclass
class Report:
    """What came of it.

    Attributes:
        clients: How many there were.
        seconds: How long they worked.
        requests: Requests that were sent, repeated ones included.
        received: Requests in the sandbox's journal.
        unanswered: Requests that ended without a reply's head, by kind of error.
        ledgers: By vendor.
        wrong: What must not be.
    """

    clients: int
    seconds: float
    requests: int
    received: int
    unanswered: Counter[str]
    ledgers: dict[str, Ledger]
    wrong: list[str] = field(default_factory=list)


@dataclass
class _Count:
    """Requests that were sent, and those that ended without a reply's head."""

    sent: int = 0
    unanswered: Counter[str] = field(default_factory=Counter)


class _Counted(httpx2.AsyncHTTPTransport):
    """Counts what is sent."""

    def __init__(self, count: _Count) -> None:
        # Given up sooner than the server does: no request meets a connection that is being closed.
        super().__init__(limits=httpx2.Limits(keepalive_expiry=2))
        self._count = count

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self._count.sent += 1
        try:
            return await super().handle_async_request(request)
        except httpx2.HTTPError as error:
            self._count.unanswered[type(error).__name__] += 1
            raise


async def run(origin: str, *, clients: int, seconds: float, faults: float = 0.05) -> Report:
    """Lets clients work for some time, then counts.

    Args:
        origin: Scheme, host and port of a sandbox without rate limits, nobody else's, and without VizioSense: what
            its webhooks send is in the journal too.
        clients: How many work at the same time, each with a client of its own.
        seconds: How long; what was begun is brought to an end.
        faults: How many of all calls go wrong, from 0 to 1.
    """
    count = _Count()
    ledgers = {work.vendor: Ledger() for work in WORK}
    async with httpx2.AsyncClient(base_url=f"{origin}/_sandbox", timeout=60) as controls:
        before = await _received(controls)
        for fault in FAULTS:
            rule = {**fault, "times": None, "probability": faults / len(FAULTS)}
            (await controls.post("/faults", json=rule)).raise_for_status()
        took = await _all_work(origin, clients, seconds, ledgers, count)
        (await controls.delete("/faults")).raise_for_status()
        async with httpx2.AsyncClient(transport=_Counted(count), timeout=60) as http:
            for kind in WORK:
                await settle(kind(_client(kind.vendor, origin, http)), ledgers[kind.vendor])
        received = await _received(controls) - before
        own = (await controls.get("/state")).json()["own_problems"]
    sent, unanswered = count.sent, count.unanswered
    report = Report(clients, took, sent, received, unanswered, ledgers)
    report.wrong = [f"{v}: {text}" for v, ledger in ledgers.items() for text in ledger.wrong]
    report.wrong += [f"the sandbox broke the specification: {problem}" for problem in own]
    # A request whose connection ended may have arrived or not; all others did.
    least = sent - sum(unanswered.values())
    if not least <= received <= sent:
        report.wrong.append(f"{sent} requests sent, {received} received")
    return report


async def _all_work(
    origin: str, clients: int, seconds: float, ledgers: dict[str, Ledger], count: _Count
) -> float:
    """Everybody works; gives the seconds it took."""
    began = time.monotonic()
    async with AsyncExitStack() as open_:
        workers, http = [], None
        for number in range(clients):
            if http is None or number % _SHARED == 0:
                http = httpx2.AsyncClient(transport=_Counted(count), timeout=60)
                await open_.enter_async_context(http)
            kind = WORK[number % len(WORK)]
            client = await open_.enter_async_context(_client(kind.vendor, origin, http))
            workers.append(
                _work(kind(client), ledgers[kind.vendor], number, time.monotonic() + seconds)
            )
        await asyncio.gather(*workers)
    return time.monotonic() - began


async def _work(work: Work, ledger: Ledger, number: int, until: float) -> None:
    """Makes, reads, changes, reads; deletes three of four."""
    turn = 0
    while time.monotonic() < until:
        turn += 1
        name = f"load-{number}-{turn}"
        key = await _told(ledger, "make", work.make(name))
        if key is None:
            ledger.unclear.add(name)
            continue
        ledger.made[name] = texts = {name}
        await _read(work, ledger, key, texts)
        texts.add(f"{name} changed")
        changed = await _told(ledger, "change", work.change(key, f"{name} changed"))
        if changed is not None:
            texts.discard(name if changed else f"{name} changed")
        await _read(work, ledger, key, texts)
        if (number // len(WORK) + turn) % 4:
            del ledger.made[name]
            # Where the reply was lost, the second try finds nothing: that, too, is done.
            await _told(ledger, "delete", work.delete(key))
            ledger.gone.add(name)


async def _read(work: Work, ledger: Ledger, key: str, texts: set[str]) -> None:
    found = await _told(ledger, "read", work.read(key))
    if found is None:
        ledger.wrong.append(f"{key} could not be read")
    elif found not in texts:
        ledger.wrong.append(f"{key} is {found!r}, not {' or '.join(sorted(texts))}")


async def _told(ledger: Ledger, kind: str, call: Awaitable[T]) -> T | None:
    """What a call gives; None where it raised."""
    ledger.calls += 1
    try:
        return await call
    except DeviceCloudError:
        ledger.failed[kind] += 1
        return None


async def settle(work: Work, ledger: Ledger) -> None:
    """Compares what is there with what the clients were told."""
    found = Counter[str]()
    async with work.client:
        async for name, text in work.all():
            found[name] += 1
            if text not in ledger.made.get(name, {text}):
                ledger.wrong.append(f"{name} is {text!r} in the end")
    for name, count in found.items():
        if count > 1:
            ledger.wrong.append(f"{name} is there {count} times")
        if name in ledger.gone:
            ledger.wrong.append(f"{name} is still there")
        elif name not in ledger.made and name not in ledger.unclear:
            ledger.wrong.append(f"{name} was never asked for")
    ledger.wrong += [f"{name} is lost" for name in ledger.made if name not in found]


def _client(vendor: str, origin: str, http: httpx2.AsyncClient) -> Any:
    cls = getattr(importlib.import_module(f"deviceclouds.{vendor}"), f"Async{CLIENTS[vendor]}")
    arguments = demo_arguments(vendor, origin + MOUNTS[vendor], origin)
    return cls(**arguments, http_client=http, retries=_RETRIES)


async def _received(controls: httpx2.AsyncClient) -> int:
    """How many requests the journal has numbered."""
    calls = (await controls.get("/journal")).json()
    return int(calls[-1]["number"]) if calls else 0


def main(argv: list[str] | None = None) -> int:
    """Runs it against a sandbox in a process of its own; 0 if everything adds up."""
    from benchmarks.sandbox import serving

    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args(argv)
    _more_files(options.clients)
    with serving(*(work.vendor for work in WORK)) as server:
        origin = f"http://127.0.0.1:{server.port}"
        report = asyncio.run(run(origin, clients=options.clients, seconds=options.seconds))
        memory = server.ask()["megabytes"]
    print(_said(report), f"the sandbox's memory: {memory:.0f} MB at most", sep="\n")
    return 1 if report.wrong else 0


def _said(report: Report) -> str:
    lines = [
        f"{report.clients} clients, {report.seconds:.0f} s: {report.requests:,} requests sent, "
        f"{report.received:,} in the journal; without an answer: {dict(report.unanswered) or 'none'}"
    ]
    for vendor, ledger in report.ledgers.items():
        lines.append(
            f"{vendor}: {ledger.calls:,} calls; raised {dict(ledger.failed) or 'never'}; "
            f"{len(ledger.made):,} things there, {len(ledger.gone):,} deleted, {len(ledger.unclear):,} unclear"
        )
    lines += ["nothing lost, nothing twice" if not report.wrong else "WRONG:", *report.wrong[:50]]
    return "\n".join(lines)


def _more_files(clients: int) -> None:
    """Each client has a connection, and both of its ends are files; the sandbox inherits the limit."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < clients + 200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(clients + 200, hard), hard))


if __name__ == "__main__":
    warnings.simplefilter("ignore", UnverifiedOperationWarning)
    sys.exit(main())
