"""Fixtures of the vendors' own tests: a sync and an async session over a cloud that is a function."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.runtime.support import Cloud, FakeClock, Reply, Session, reply

__all__ = ["OpenSession", "kind", "opened", "runner"]

OpenSession = Callable[..., Session]


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """Runs the async ones."""
    with asyncio.Runner() as one:
        yield one


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    """Sync or async."""
    return str(request.param)


@pytest.fixture
def opened(kind: str, runner: asyncio.Runner) -> Iterator[OpenSession]:
    """Opens a session: ``opened("amnimo", reply({}), retries=0)``."""
    sessions: list[Session] = []

    def open_session(vendor: str, *replies: Reply, took: float = 0.0, **options: Any) -> Session:
        cloud = Cloud(list(replies) or [reply({})], FakeClock(), took)
        session = Session(kind, runner, vendor, cloud, **options)
        sessions.append(session)
        return session

    yield open_session
    for session in sessions:
        session.close()
