"""The warning of a guessed operation: once per operation and client, at the line that made the call."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from deviceclouds.runtime import InvalidRequestError, UnverifiedOperationWarning

from .conftest import OpenSession
from .support import Cloud, FakeClock, Session, reply


@contextmanager
def heard() -> Iterator[list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield found


@pytest.fixture
def sync(runner: asyncio.Runner) -> Iterator[Session]:
    one = Session("sync", runner, "viziosense", Cloud([reply({})], FakeClock()))
    yield one
    one.http.close()


@pytest.fixture
def async_(runner: asyncio.Runner) -> Iterator[Session]:
    one = Session("async", runner, "viziosense", Cloud([reply({})], FakeClock()))
    yield one
    runner.run(one.http.aclose())


def here() -> int:
    """The line after the one this is called in."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno + 1


def told(found: list[warnings.WarningMessage], line: int) -> None:
    (one,) = found
    assert one.category is UnverifiedOperationWarning
    assert (one.filename, one.lineno) == (__file__, line)


def test_it_says_what_to_do(opened: OpenSession) -> None:
    one = opened("viziosense")
    with heard() as found:
        one.run(one.client.devices.update_device("d", name="n"))
    text = str(found[0].message)
    assert text.startswith("viziosense.devices.update_device: 'PUT /devices/{device_uuid}' is a")
    assert "it may be PATCH" in text
    assert text.endswith("pass paths={'devices.update_device': 'METHOD /path'} to the client.")


def test_once_for_each_operation_and_client(opened: OpenSession) -> None:
    for _ in range(2):
        one = opened("viziosense")
        with heard() as found:
            for _ in range(3):
                one.run(one.client.devices.update_device("d", name="n"))
                one.run(one.client.with_raw_response.devices.request_image("d"))
                one.run(one.client.devices.get_device("d"))
        assert len(found) == 2


def test_an_override_silences_it(opened: OpenSession) -> None:
    one = opened("viziosense", paths={"devices.update_device": "PATCH /devices/{device_uuid}"})
    with heard() as found:
        one.run(one.client.devices.update_device("d", name="n"))
        assert found == []
        one.run(one.client.devices.request_image("d"))
    assert len(found) == 1


def test_a_refused_call_does_not_warn(opened: OpenSession) -> None:
    one = opened("viziosense")
    with heard() as found, pytest.raises(InvalidRequestError):
        one.run(one.client.devices.update_device("..", name="n"))
    assert found == []


def test_as_an_error_it_stops_every_call(opened: OpenSession) -> None:
    one = opened("viziosense")
    for _ in range(2):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(UnverifiedOperationWarning):
                one.run(one.client.devices.update_device("d", name="n"))
    assert one.cloud.requests == []


def test_the_line_of_a_sync_call(sync: Session) -> None:
    with heard() as found:
        line = here()
        sync.client.devices.update_device("d", name="n")
    told(found, line)


def test_the_line_of_a_raw_call(sync: Session) -> None:
    raw: Any = sync.client.with_raw_response
    with heard() as found:
        line = here()
        raw.devices.update_device("d", name="n")
    told(found, line)


def test_the_line_of_an_async_call(async_: Session) -> None:
    async def call(client: Any) -> int:
        line = here()
        await client.devices.update_device("d", name="n")
        return line

    with heard() as found:
        told(found, async_.run(call(async_.client)))


def test_the_line_of_an_async_raw_call(async_: Session) -> None:
    async def call(client: Any) -> int:
        line = here()
        await client.with_raw_response.devices.update_device("d", name="n")
        return line

    with heard() as found:
        told(found, async_.run(call(async_.client)))


@pytest.mark.parametrize("raw", [False, True])
def test_the_line_of_a_list(opened: OpenSession, raw: bool) -> None:
    one = opened("scailable", reply([]))
    tag: Any = (one.client.with_raw_response if raw else one.client).function
    with heard() as found:
        line = here()
        pager = tag.list_functions_compat()
    told(found, line)
    with heard() as found:
        one.run(pager if inspect.isawaitable(pager) or raw else pager.first_page())
    assert found == []
