"""A sandbox of VizioSense whose clock stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from deviceclouds.testing.sandbox import Sandbox

__all__ = ["DEVICE", "sandbox"]

DEVICE = "5f1c2b7e-8f5d-4f43-9a53-0d4c1b2f7a10"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["viziosense"], strict=True, frozen=True) as sandbox:
        yield sandbox
