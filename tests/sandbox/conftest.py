"""The client of a test's sandbox, where that is of one cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from deviceclouds.testing.sandbox import Sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Any]:
    (vendor,) = sandbox.vendors
    with sandbox.client(vendor) as client:
        yield client
