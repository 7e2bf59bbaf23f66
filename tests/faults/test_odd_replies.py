"""Replies of all operations with what nobody has announced: new fields, nulls, new words, all at once."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from deviceclouds.runtime import Model, Page, UnverifiedOperationWarning
from deviceclouds.testing._calls import ExampleInvocation, example_invocations

from tests.runtime.examples import success_examples
from tests.runtime.support import DEFAULTS, FakeClock, client_class

from .accounts import VENDORS

pytestmark = pytest.mark.filterwarnings(
    f"ignore::{UnverifiedOperationWarning.__module__}.{UnverifiedOperationWarning.__name__}"
)

NEW = {"x-new": {"deep": [1, {"er": None}]}, "_raw": 1, "items": 5, "to_dict": "x", "é": None}


def with_new_fields(node: Any) -> Any:
    """Each object has fields nobody knows."""
    if isinstance(node, dict):
        known = {name: with_new_fields(value) for name, value in node.items()}
        return known | {name: value for name, value in NEW.items() if name not in node}
    return [with_new_fields(item) for item in node] if isinstance(node, list) else node


def with_nulls(node: Any) -> Any:
    """Each value that is no object and no list is null."""
    if isinstance(node, dict):
        return {name: with_nulls(value) for name, value in node.items()}
    return [with_nulls(item) for item in node] if isinstance(node, list) else None


def with_new_words(node: Any) -> Any:
    """Each text is one nobody knows: another member of an enumeration, no date, no UUID."""
    if isinstance(node, dict):
        return {name: with_new_words(value) for name, value in node.items()}
    if isinstance(node, list):
        return [with_new_words(item) for item in node]
    return "BRAND_NEW" if isinstance(node, str) else node


def with_other_types(node: Any) -> Any:
    """Numbers are text, text is numbers."""
    if isinstance(node, dict):
        return {name: with_other_types(value) for name, value in node.items()}
    if isinstance(node, list):
        return [with_other_types(item) for item in node]
    return 7 if isinstance(node, str) else str(node)


def emptied(node: Any) -> Any:
    """Objects and lists inside are empty."""
    if isinstance(node, dict):
        return {name: type(v)() if isinstance(v, dict | list) else v for name, v in node.items()}
    return node


CHANGES = [with_new_fields, with_nulls, with_new_words, with_other_types, emptied]


def changed(call: ExampleInvocation, change: Callable[[Any], Any]) -> Any:
    """The operation's example, changed; what leads to the list of a page stays."""
    example = success_examples(call.operation.vendor)[call.operation.id]
    result = change(copy.deepcopy(example))
    rules = call.operation.pagination
    if rules is not None and rules.items:
        holder, new = example, result
        for step in rules.items[:-1]:
            holder, new = holder[step], new[step]
        if not isinstance(new.get(rules.items[-1]), list):
            new[rules.items[-1]] = holder[rules.items[-1]]
    return result


def answers(call: ExampleInvocation) -> bool:
    return call.operation.id in success_examples(call.operation.vendor)


CALLS = [call for vendor in VENDORS for call in example_invocations(vendor) if answers(call)]


def seen(value: Any) -> None:
    """Looks at everything: models open their parts when they are asked for."""
    if isinstance(value, Page):
        seen(list(value.items))
    elif isinstance(value, Model):
        repr(value)
        dict(value.unknown_fields)
        json.dumps(value.to_dict(), default=str)
        for field in type(value).__attrs_attrs__:  # type: ignore[attr-defined]  # models are attrs classes
            seen(getattr(value, field.name))
    elif isinstance(value, list):
        for item in value:
            seen(item)
    elif isinstance(value, dict):
        seen(list(value.values()))


def options(vendor: str) -> dict[str, Any]:
    given = {**DEFAULTS[vendor], "clock": FakeClock(), "rate_limit": None}
    if vendor == "amnimo":
        given |= {"client_id": "i", "secret_key": "s"}
    return given


class Replay:
    """Answers each call with the body it was told last."""

    def __init__(self) -> None:
        self.body: Any = None

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=self.body)


@pytest.fixture(scope="module")
def replays() -> Iterator[dict[str, tuple[Replay, Any]]]:
    made = {}
    for vendor in VENDORS:
        replay = Replay()
        http = httpx2.Client(transport=httpx2.MockTransport(replay))
        made[vendor] = replay, client_class(vendor, "sync")(http_client=http, **options(vendor))
    yield made
    for _, client in made.values():
        client._http.client.close()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.label)
def test_sync(call: ExampleInvocation, change: Any, replays: Any) -> None:
    replay, client = replays[call.operation.vendor]
    replay.body = changed(call, change)
    result = call.call(client)
    seen(result)
    if change is with_new_fields and isinstance(result, Model):
        assert result.unknown_fields["x-new"] == NEW["x-new"]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("vendor", VENDORS)
def test_async(vendor: str, change: Any) -> None:
    replay = Replay()

    async def run() -> None:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(replay)) as http:
            client = client_class(vendor, "async")(http_client=http, **options(vendor))
            for call in CALLS:
                if call.operation.vendor == vendor:
                    replay.body = changed(call, change)
                    seen(await call.call_async(client))

    asyncio.run(run())


def test_most_operations_have_an_example() -> None:
    called = {(call.operation.vendor, call.operation.name) for call in CALLS}
    assert len(called) >= 140
