"""Clients of both kinds, over clouds that sign in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .accounts import ACCOUNTS, Account
from .clouds import Opened

Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opened(kind: str, runner: asyncio.Runner) -> Iterator[Open]:
    """Opens a client over its cloud: ``opened("aitrios", retries=0)``."""
    sessions: list[Opened] = []

    def open_client(account: str | Account, **options: Any) -> Opened:
        if isinstance(account, str):
            account = ACCOUNTS[account]
        sessions.append(Opened(kind, runner, account, **options))
        return sessions[-1]

    yield open_client
    for session in sessions:
        session.close()


@pytest.fixture
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the vendors' variables is set."""
    import os

    for name in list(os.environ):
        if name.startswith(tuple(f"{vendor.upper()}_" for vendor in ACCOUNTS)):
            monkeypatch.delenv(name)
