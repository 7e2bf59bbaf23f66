"""Calls every operation of every vendor through the installed wheels, sync and async, and prints what came of it.

Run by `nox -s demo` in an environment that holds nothing but the wheels. The other end is the sandbox of
deviceclouds.testing. First it keeps state, and each vendor's story is lived through; then it only checks each request
against the specification and answers with the specification's example.
"""

from __future__ import annotations

import asyncio
import sys
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field

from deviceclouds.runtime import DeviceCloudError, UnverifiedOperationWarning
from deviceclouds.testing import Sandbox
from deviceclouds.testing._calls import ExampleInvocation, example_invocations, operations_of
from rich.console import Console
from rich.table import Table

from demo.stories import STORIES, tell

STATUSES = {
    "documented": "green",
    "corroborated": "cyan",
    "inferred": "yellow",
    "unverified": "red",
}


@dataclass
class Tally:
    """What happened with one vendor."""

    vendor: str
    evidence: Counter[str]
    called: set[str] = field(default_factory=set)
    sent: int = 0
    valid: int = 0
    decoded: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every operation was called, each request was valid and each reply decoded."""
        return len(self.called) == self.evidence.total() and self.sent == self.valid == self.decoded


def call_vendor(stand_in: Sandbox, vendor: str) -> Tally:
    """Calls each operation of one vendor with its examples, first sync, then async."""
    tally = Tally(vendor, Counter(o.evidence.status for o in operations_of(vendor)))
    invocations = list(example_invocations(vendor))
    seen = len(stand_in.journal.entries)
    started = time.perf_counter()
    with stand_in.client(vendor) as client:
        for invocation in invocations:
            try:
                invocation.call(client)
            except DeviceCloudError as error:
                tally.failures.append(f"{invocation.label}: {error}")
    asyncio.run(call_async(stand_in, tally, invocations))
    tally.seconds = time.perf_counter() - started
    entries = stand_in.journal.entries[seen:]
    tally.sent = 2 * len(invocations)
    tally.valid = sum(entry.ok for entry in entries)
    tally.decoded = tally.sent - len(tally.failures)
    tally.called = {entry.operation_id for entry in entries if entry.operation_id}
    return tally


async def call_async(stand_in: Sandbox, tally: Tally, calls: list[ExampleInvocation]) -> None:
    """Calls the same operations through the async client."""
    async with stand_in.async_client(tally.vendor) as client:
        for invocation in calls:
            try:
                await invocation.call_async(client)
            except DeviceCloudError as error:
                tally.failures.append(f"{invocation.label}, async: {error}")


def show(console: Console, tallies: list[Tally]) -> None:
    """Prints the table, and what failed."""
    table = Table(title="Every operation, called sync and async through the installed wheels")
    table.add_column("vendor")
    for name in ("operations", "calls", "valid", "decoded"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("how the operations are known")
    table.add_column("time", justify="right", no_wrap=True)
    for tally in tallies:
        table.add_row(*row(tally.vendor, [tally]))
    table.add_section()
    table.add_row(*row("all", tallies), style="bold")
    console.print(table)
    console.print(
        "[green]documented[/] by the vendor, [cyan]corroborated[/] by a public source, [yellow]inferred[/] from"
        " related facts,\nor an [red]unverified[/] guess, which warns when it is called.",
        highlight=False,
    )
    for line in (line for tally in tallies for line in tally.failures):
        console.print(f"[red]failed[/] {line}", highlight=False)


def row(name: str, tallies: list[Tally]) -> list[str]:
    """A line of the table: the sums of some vendors."""
    evidence = sum((tally.evidence for tally in tallies), Counter[str]())
    split = [f"[{colour}]{evidence[s]} {s}[/]" for s, colour in STATUSES.items() if evidence[s]]
    return [
        name,
        f"{sum(len(tally.called) for tally in tallies)}/{evidence.total()}",
        str(sum(tally.sent for tally in tallies)),
        str(sum(tally.valid for tally in tallies)),
        str(sum(tally.decoded for tally in tallies)),
        ", ".join(split),
        f"{sum(tally.seconds for tally in tallies):.1f} s",
    ]


def main() -> int:
    """Runs the demo; 0 when everything went as it should."""
    # The guesses among the operations warn; here they are called on purpose.
    warnings.simplefilter("ignore", UnverifiedOperationWarning)
    console = Console(width=None if sys.stdout.isatty() else 120)
    told = [tell_story(console, vendor) for vendor in STORIES]
    with Sandbox(stateful=False) as stand_in:
        tallies = [call_vendor(stand_in, vendor) for vendor in stand_in.vendors]
    show(console, tallies)
    return 0 if all(told) and all(tally.complete for tally in tallies) else 1


def tell_story(console: Console, vendor: str) -> bool:
    """Prints a day with one cloud of a stateful sandbox; whether it went well."""
    story, _ = STORIES[vendor]
    table = Table(
        title=f"{vendor}: {story.__doc__}", title_justify="left", show_header=False, min_width=90
    )
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    started = time.perf_counter()
    failure: DeviceCloudError | None = None
    with Sandbox([vendor]) as sandbox:
        try:
            for step in tell(sandbox, vendor):
                table.add_row(step.what, f"[green]{step.outcome}[/]")
        except DeviceCloudError as error:
            failure = error
            table.add_row("[red]failed[/]", str(error))
        calls = len(sandbox.journal)
        valid = sum(entry.ok for entry in sandbox.journal.entries)
    table.caption = f"{calls} calls, {valid} of them valid, {time.perf_counter() - started:.1f} s"
    console.print(table)
    return failure is None and calls == valid


if __name__ == "__main__":
    sys.exit(main())
