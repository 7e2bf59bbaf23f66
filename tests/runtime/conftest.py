"""Both kinds of client, on every family of HTTP clients, and both ways of decoding."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from deviceclouds.runtime import _decode

from .families import KINDS, WAYS
from .raw_server import RawServer
from .raw_server import Reply as RawReply
from .seams import WAYS as SEAMS
from .seams import Seam, Way, name_of
from .support import Cloud, FakeClock, Reply, Session, reply

OpenSession = Callable[..., Session]


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests with a client over HTTP run with every family; others that ask for a kind with both kinds."""
    if "family" in metafunc.fixturenames:
        metafunc.parametrize(("kind", "family"), WAYS, ids=["-".join(way) for way in WAYS])
    elif "kind" in metafunc.fixturenames and not any(
        "kind" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")
    ):
        metafunc.parametrize("kind", KINDS)


@pytest.fixture
def opened(kind: str, family: str, runner: asyncio.Runner) -> Iterator[OpenSession]:
    """Opens a session: ``opened("amnimo", reply({}), retries=0)``."""
    sessions: list[Session] = []

    def open_session(
        vendor: str = "amnimo", *replies: Reply, took: float = 0.0, **options: Any
    ) -> Session:
        cloud = Cloud(list(replies) or [reply({})], FakeClock(), took)
        session = Session(kind, runner, vendor, cloud, family=family, **options)
        sessions.append(session)
        return session

    yield open_session
    for session in sessions:
        session.close()


OpenSeam = Callable[..., Seam]
Serve = Callable[..., RawServer]


@pytest.fixture(params=SEAMS, ids=name_of)
def way(request: pytest.FixtureRequest) -> Way:
    """Each class of real clients."""
    one: Way = request.param
    return one


@pytest.fixture
def seam(way: Way, runner: asyncio.Runner) -> Iterator[OpenSeam]:
    """Opens the HTTP seam over a real client: ``seam(params={"api": "1"})``."""
    opened: list[Seam] = []

    def open_one(**options: Any) -> Seam:
        opened.append(Seam(way, runner, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server: ``serve(http(b"{}"))``."""
    started: list[RawServer] = []

    def start(*replies: RawReply) -> RawServer:
        started.append(RawServer(*replies).__enter__())
        return started[-1]

    yield start
    for server in started:
        server.__exit__()


@pytest.fixture(params=["fast", "lenient"])
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Decodes with the fast path on or off; the decoders of other tests are put back afterwards."""
    use_path(str(request.param), monkeypatch)
    return str(request.param)


def use_path(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Switches the fast path and forgets the decoders made so far."""
    if path == "lenient":
        monkeypatch.setenv("DEVICECLOUDS_LENIENT_ONLY", "1")
    else:
        monkeypatch.delenv("DEVICECLOUDS_LENIENT_ONLY", raising=False)
    monkeypatch.setattr(_decode, "_decoders", {})
