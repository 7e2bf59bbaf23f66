"""Plain HTTP to a sandbox in this process, as a stranger's program sends it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from deviceclouds.testing._bridge import AsgiBridge
from deviceclouds.testing.sandbox import Sandbox

__all__ = ["raw_http"]


@contextmanager
def raw_http(sandbox: Sandbox) -> Iterator[httpx2.Client]:
    """A client without any credentials; addresses are relative to the sandbox's host."""
    bridge = AsgiBridge(sandbox.app)
    with httpx2.Client(transport=bridge, base_url="http://sandbox.test") as client:
        yield client
