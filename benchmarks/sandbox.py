"""What the sandbox promises: it starts soon, answers fast though it checks everything, and stays small."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.data import ROOT, VENDORS
from benchmarks.load_client import ask_again_and_again
from benchmarks.report import Row, Table

__all__ = ["SMALL", "measure", "walk_all_lists"]

START = 1.0
"""Seconds until the first reply."""

SMALL_CALL = 200.0
"""Microseconds of one core a small call may take: 5,000 of them in a second."""

MEMORY = 300.0
"""MB with all fleets at full size, all lists walked."""

SMALL = {
    "aitrios": "GetDevice",
    "amnimo": "get_camera",
    "proglove": "get_me",
    "scailable": "get_function",
    "viziosense": "get_device",
}
"""A small call of each vendor."""


@dataclass
class _Server:
    """A sandbox in another process; ``seconds`` are those until its first reply."""

    process: subprocess.Popen[str]
    port: int
    seconds: float

    def ask(self) -> dict[str, Any]:
        """What it has used: memory, CPU seconds; and replies of its own that broke the specification."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found


def measure(*, rounds: int, seconds: float = 1.0, repeats: int = 3) -> list[Table]:
    """Start, small calls, memory.

    Args:
        rounds: How often each call is timed; the best counts.
        seconds: How long one round is.
        repeats: How many starts; the fastest counts.
    """
    rows = []
    with serving() as server, _core(-1):
        starts = [server.seconds]
        for _ in range(repeats - 1):
            with serving() as other:
                starts.append(other.seconds)
        rows.append(Row("start: import, make, first reply", min(starts), "s", START))
        rows += [_small_call(server, vendor, rounds, seconds) for vendor in SMALL]
        walked = walk_all_lists(server.port)
        found = server.ask()
        note = f"{walked:,} items of all lists read"
        rows.append(Row("memory, fleets at full size", found["megabytes"], "MB", MEMORY, note))
        problems = "; ".join(" ".join(problem) for problem in found["problems"])
        rows.append(
            Row("replies against the spec", float(len(found["problems"])), "", 0.0, problems)
        )
    return [Table("The sandbox: one core serves, another one asks", tuple(rows))]


def _small_call(server: _Server, vendor: str, rounds: int, seconds: float) -> Row:
    """CPU time of the server for one call: on a busy machine, a clock on the wall would measure the neighbours."""
    request = _request(vendor, SMALL[vendor])
    costs, rates = [], []
    for _ in range(rounds):
        before = server.ask()["cpu"]
        calls, took = ask_again_and_again(server.port, request, seconds)
        costs.append((server.ask()["cpu"] - before) / calls)
        rates.append(calls / took)
    name = f"{vendor} {SMALL[vendor]}"
    details = {"calls/s": max(rates)}
    return Row(name, 1e6 * min(costs), "us", SMALL_CALL, _how(), details)


@contextmanager
def serving(*vendors: str) -> Iterator[_Server]:
    """A sandbox in a process of its own, of all vendors or some. Raises RuntimeError if it does not start."""
    with _core(0):
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.sandbox_server", *vendors],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("the sandbox did not start")
        yield _Server(process, **json.loads(line))
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def walk_all_lists(port: int) -> int:
    """Reads all pages of all lists with our clients, all events and inferences included; gives the number of items."""
    from deviceclouds.runtime import UnverifiedOperationWarning
    from deviceclouds.testing import MOUNTS
    from deviceclouds.testing._calls import example_invocations
    from deviceclouds.testing.sandbox.sandbox import CLIENTS, demo_arguments

    origin, seen = f"http://127.0.0.1:{port}", 0
    for vendor in VENDORS:
        cls = getattr(importlib.import_module(f"deviceclouds.{vendor}"), CLIENTS[vendor])
        arguments = demo_arguments(vendor, origin + MOUNTS[vendor], origin)
        with warnings.catch_warnings(), cls(**arguments) as client:
            warnings.simplefilter("ignore", UnverifiedOperationWarning)
            for invocation in example_invocations(vendor):
                if invocation.operation.pagination is not None:
                    seen += _walk(client, invocation)
            if vendor == "proglove":
                # Without a span of time, the latest day's only.
                now = int(time.time() * 1000)
                span = {"start_time_millis": 0, "end_time_millis": now}
                seen += _count(client.events.list_events(**span, limit=500))
            if vendor == "aitrios":
                devices = [d.device_id for d in client.manage_devices.get_devices(limit=1000)]
                for first in range(0, len(devices), 10):
                    some = devices[first : first + 10]
                    seen += _count(client.insight.get_inferences(devices=some))
    return seen


def _count(items: Iterable[object]) -> int:
    return sum(1 for _ in items)


def _walk(client: Any, invocation: Any) -> int:
    operation = invocation.operation
    # Without filters: they are query parameters that may be left out.
    filters = {p.name for p in operation.parameters if not p.required and not p.client_supplied}
    named = {name: value for name, value in invocation.arguments.items() if name not in filters}
    namespace, _, method = operation.name.partition(".")
    pager = getattr(getattr(client, namespace), method)(*invocation.path_arguments, **named)
    return _count(pager)


def _request(vendor: str, operation: str) -> bytes:
    from deviceclouds.testing import MOUNTS, example_request, load_spec

    call = example_request(load_spec(vendor), operation)
    head = {"Host": "127.0.0.1", **call.headers, "Content-Length": str(len(call.content))}
    lines = [f"{call.method} {MOUNTS[vendor]}{call.url} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in head.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + call.content


def _how() -> str:
    found = [name for name in ("uvloop", "httptools") if importlib.util.find_spec(name)]
    return f"with {' and '.join(found)}" if found else "without the extra [fast]"


@contextmanager
def _core(position: int) -> Iterator[None]:
    """Stays on the first (0) or last (-1) core, and what is started meanwhile too, where the system lets one say so."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(before)[position]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
