"""Many clients at once over sockets, with calls that go wrong: nothing is lost, nothing is there twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from deviceclouds.testing.sandbox import Sandbox

from benchmarks.load import FAULTS, run, settle
from benchmarks.load_work import WORK, Ledger, Work

CLIENTS = 100

pytestmark = pytest.mark.filterwarnings(
    "ignore::deviceclouds.runtime.UnverifiedOperationWarning",
)


def test_everything_adds_up(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "uvicorn.error")  # connections that end early were asked for
    vendors = [work.vendor for work in WORK]
    with Sandbox(vendors, size=0.05, rate_limits=False) as sandbox, sandbox.serve() as server:
        report = asyncio.run(run(server.url, clients=CLIENTS, seconds=3, faults=0.15))
        faults = {entry.fault for entry in sandbox.journal.entries}
        assert not sandbox.world.own_problems
    assert report.wrong == []
    assert report.received <= report.requests
    assert {fault["kind"] for fault in FAULTS} <= faults
    for ledger in report.ledgers.values():
        assert ledger.made
        assert ledger.gone
    # Creating is never repeated; all else is, until it succeeds.
    raised = [ledger.failed for ledger in report.ledgers.values()]
    assert sum(failed["make"] for failed in raised) > 0
    assert sum(failed["read"] for failed in raised) == 0


class FakeWork(Work):
    """A cloud that holds what it is told to hold."""

    vendor = "aitrios"

    def __init__(self, *things: tuple[str, str]) -> None:
        super().__init__(FakeClient())
        self.things = things

    async def all(self) -> AsyncIterator[tuple[str, str]]:
        for thing in self.things:
            yield thing


class FakeClient:
    async def __aenter__(self) -> None: ...
    async def __aexit__(self, *error: object) -> None: ...


@pytest.mark.parametrize(
    ("things", "said"),
    [
        ([], "a is lost"),
        ([("a", "a"), ("a", "a")], "a is there 2 times"),
        ([("a", "b")], "a is 'b' in the end"),
        ([("a", "a"), ("gone", "gone")], "gone is still there"),
        ([("a", "a"), ("x", "x")], "x was never asked for"),
        ([("a", "a"), ("unclear", "y")], None),
        ([("a", "a")], None),
    ],
)
def test_what_does_not_add_up_is_told(things: Any, said: str | None) -> None:
    ledger = Ledger(made={"a": {"a"}}, unclear={"unclear"}, gone={"gone"})
    asyncio.run(settle(FakeWork(*things), ledger))
    assert ledger.wrong == ([] if said is None else [said])


def test_four_clouds_are_worked_with() -> None:
    assert {work.vendor for work in WORK} == {"aitrios", "amnimo", "proglove", "scailable"}
