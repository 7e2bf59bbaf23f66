"""Runners of live runs, each with a sandbox of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .live_runs import Runner, running


@pytest.fixture
def aitrios() -> Iterator[Runner]:
    with running("aitrios") as made:
        yield made


@pytest.fixture
def viziosense() -> Iterator[Runner]:
    with running("viziosense") as made:
        yield made
