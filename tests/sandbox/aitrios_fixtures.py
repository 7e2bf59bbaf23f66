"""What the tests of the AITRIOS Console share: a sandbox that is strict with itself, and clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.testing.sandbox import Sandbox

__all__ = ["DEVICE", "MODULE", "PROJECT", "console", "device_id", "refused", "sandbox"]

DEVICE = "Aid-80010001-0000-2000-9002-000000000001"
MODULE = "b8d57d00-ba85-4fd0-b78a-000000000001"
PROJECT = "0b5f1c3e-6a52-4a8c-9c55-3f7a2f0c11d2"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["aitrios"], strict=True, size=0.05) as sandbox:
        sandbox.clock.freeze()
        yield sandbox
        assert not sandbox.world.own_problems


@pytest.fixture
def console(sandbox: Sandbox) -> Iterator[Any]:
    with sandbox.client("aitrios", retries=0) as console:
        yield console


def device_id(number: int) -> str:
    """Id of a seeded device from number 4 on; see the sandbox's fleet for how the first ones behave."""
    return f"Aid-80010001-0000-2000-9002-{number + 1:012x}"


def refused(call: Callable[[], Any], status: int, code: str) -> rt.ApiStatusError:
    """The error of a call that has to be refused in a certain way."""
    with pytest.raises(rt.ApiStatusError) as caught:
        call()
    assert (caught.value.status_code, caught.value.code) == (status, code)
    return caught.value
