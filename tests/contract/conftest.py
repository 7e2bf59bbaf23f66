"""Runners of live runs, each with a sandbox of its own; keys of recordings that no chance decides."""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from deviceclouds.testing.contract.scrub import substitutes

from .live_runs import Runner, running


@pytest.fixture
def aitrios() -> Iterator[Runner]:
    with running("aitrios") as made:
        yield made


@pytest.fixture
def viziosense() -> Iterator[Runner]:
    with running("viziosense") as made:
        yield made


@pytest.fixture(autouse=True)
def same_keys(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has the keys of its own name, so that one which fails fails again."""
    dice = random.Random(request.node.nodeid)
    monkeypatch.setattr(substitutes, "secrets", SimpleNamespace(token_bytes=dice.randbytes))
