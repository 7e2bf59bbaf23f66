"""Every operation of every vendor, called through its client, sync and async, against the stand-in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from deviceclouds.runtime import Model, Page, UnverifiedOperationWarning
from deviceclouds.testing import MOUNTS, Sandbox, load_spec
from deviceclouds.testing._calls import ExampleInvocation, example_invocations, operations_of

VENDORS = sorted(MOUNTS)
INVOCATIONS = [call for vendor in VENDORS for call in example_invocations(vendor)]

pytestmark = pytest.mark.filterwarnings(
    f"ignore::{UnverifiedOperationWarning.__module__}.{UnverifiedOperationWarning.__name__}"
)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Sandbox]:
    with Sandbox(stateful=False) as running:
        yield running


@pytest.fixture(scope="module")
def clients(stand_in: Sandbox) -> Iterator[dict[str, Any]]:
    opened = {vendor: stand_in.client(vendor) for vendor in VENDORS}
    yield opened
    for client in opened.values():
        client.close()


def test_there_are_161_operations() -> None:
    names = [operation.name for vendor in VENDORS for operation in operations_of(vendor)]
    in_specs = sum(len(load_spec(vendor).operations) for vendor in VENDORS)
    assert len(names) == in_specs == 161
    called = {(call.operation.vendor, call.operation.name) for call in INVOCATIONS}
    assert len(called) == 161


@pytest.mark.parametrize("call", INVOCATIONS, ids=lambda call: call.label)
def test_sync(call: ExampleInvocation, stand_in: Sandbox, clients: dict[str, Any]) -> None:
    seen = len(stand_in.journal.entries)
    _check(call, call.call(clients[call.operation.vendor]))
    (entry,) = stand_in.journal.entries[seen:]
    assert (entry.operation_id, entry.ok, entry.problems) == (call.operation.id, True, ())


@pytest.mark.parametrize("vendor", VENDORS)
def test_async(vendor: str, stand_in: Sandbox) -> None:
    calls = [call for call in INVOCATIONS if call.operation.vendor == vendor]
    seen = len(stand_in.journal.entries)

    async def run() -> None:
        async with stand_in.async_client(vendor) as client:
            for call in calls:
                _check(call, await call.call_async(client))

    asyncio.run(run())
    entries = stand_in.journal.entries[seen:]
    assert [(e.operation_id, e.ok) for e in entries] == [(c.operation.id, True) for c in calls]


@pytest.mark.parametrize("vendor", VENDORS)
def test_over_loopback(vendor: str, stand_in: Sandbox) -> None:
    import httpx2

    calls = [call for call in INVOCATIONS if call.operation.vendor == vendor][:8]
    with stand_in.serve() as server, httpx2.Client() as http:
        options = {"base_url": server.base_url(vendor), "http_client": http}
        with stand_in.client(vendor, **options) as client:
            for call in calls:
                _check(call, call.call(client))


@pytest.mark.parametrize("call", INVOCATIONS, ids=lambda call: call.label)
def test_raw_response(call: ExampleInvocation, clients: dict[str, Any]) -> None:
    raw = call.call(clients[call.operation.vendor].with_raw_response)
    assert 200 <= raw.status_code < 300
    _check(call, raw.parsed)
    if call.operation.reply.shape in ("object", "array"):
        sent = json.loads(raw.content)
        for step in call.operation.pagination.items if call.operation.pagination else ():
            sent = sent[step]
        # Nothing is lost or changed between the bytes and the typed reply.
        assert _plain(raw.parsed) == _plain(sent)


PAGED = [call for call in INVOCATIONS if call.operation.pagination is not None]


@pytest.mark.parametrize("call", PAGED, ids=lambda call: call.label)
def test_lists_come_to_their_end(call: ExampleInvocation, clients: dict[str, Any]) -> None:
    rules = call.operation.pagination
    assert rules is not None
    # From the beginning: the examples begin somewhere in the middle.
    arguments = {
        k: v for k, v in call.arguments.items() if k != rules.parameter or rules.location == "body"
    }
    namespace, _, method = call.operation.name.partition(".")
    pager = getattr(getattr(clients[call.operation.vendor], namespace), method)(
        *call.path_arguments, **arguments
    )
    assert 0 < len(list(pager.items(limit_total=10_000))) < 10_000


def test_29_operations_are_paged() -> None:
    assert len({(call.operation.vendor, call.operation.name) for call in PAGED}) == 29


def _check(call: ExampleInvocation, result: Any) -> None:
    """The result has the shape the operation promises, and models hold what the specification names."""
    operation = call.operation
    shape, model = operation.reply
    if operation.pagination is not None:
        assert isinstance(result, Page)
        assert all(isinstance(item, Model) for item in result.items) or operation.item is None
    elif shape == "none":
        assert result is None
    elif shape == "array":
        assert isinstance(result, list)
    elif model is not None:
        assert type(result).__name__ in model.split("|")
        assert not result.unknown_fields
    for item in result.items if isinstance(result, Page) else ():
        assert not isinstance(item, Model) or not item.unknown_fields


def _plain(value: Any) -> Any:
    """Models as dictionaries; points in time as such, because they may be written in two ways."""
    if isinstance(value, Page):
        return _plain(list(value.items))
    if isinstance(value, Model):
        return _plain(value.to_dict())
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, str) and value[10:11] == "T":
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value
