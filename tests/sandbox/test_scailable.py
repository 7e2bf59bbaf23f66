"""Scailable's cloud in the sandbox: every operation, catalogues, lists with filters and orders."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.scailable.models import UpdateFunctionData
from deviceclouds.testing import example_call, example_request
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.sandbox import Sandbox, SandboxClock
from deviceclouds.testing.sandbox.clouds import cloud_of
from deviceclouds.testing.sandbox.world import World

from .raw_http import raw_http

NIL = "00000000-0000-0000-0000-000000000000"
NOBODY = "11111111-2222-4333-8444-555555555555"
SAMPLE = "f50af7e0-0dd5-4361-ab96-2e04f7bc7e30"
CATALOGUE = "0b9f2a4e-3c1d-4e5f-8a6b-7c8d9e0f1a2b"
SPEC = load_spec("scailable")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["scailable"], strict=True) as sandbox:
        sandbox.clock.freeze()
        yield sandbox


@pytest.mark.parametrize("operation_id", SPEC.operations)
def test_the_specifications_own_call_of_each_operation_works(
    sandbox: Sandbox, operation_id: str
) -> None:
    call = example_request(SPEC, operation_id)
    url = f"/scailable/cpt{call.url}"
    with raw_http(sandbox) as raw:
        reply = raw.request(call.method, url, headers=call.headers, content=call.content)
    assert reply.status_code == 200, reply.text
    assert sandbox.journal.operations("scailable") == {operation_id}
    assert not sandbox.world.own_problems


def test_catalogues_come_and_go(client: Any) -> None:
    before = {one.uuid: one.name for one in client.catalogue.list_catalogues()}
    made = client.catalogue.create_catalogue(name="Mine")
    assert client.catalogue.get_catalogue(made.uuid).name == "Mine"
    answer = client.catalogue.update_catalogue(made.uuid, name="Yours")
    assert (answer.message, answer.uuid) == ("Done", made.uuid)
    after = {one.uuid: one.name for one in client.catalogue.list_catalogues()}
    assert after == {**before, made.uuid: "Yours"}
    assert client.catalogue.delete_catalogue(made.uuid).message == "Done"
    assert {one.uuid for one in client.catalogue.list_catalogues()} == before.keys()
    for call in (client.catalogue.get_catalogue, client.catalogue.delete_catalogue):
        with pytest.raises(rt.NotFoundError, match="Not found"):
            call(made.uuid)
    with pytest.raises(rt.NotFoundError):
        client.catalogue.update_catalogue(made.uuid, name="x")


def test_only_empty_catalogues_are_deleted(client: Any) -> None:
    full = next(one for one in client.catalogue.list_catalogues() if one.uuid != CATALOGUE)
    with pytest.raises(rt.BadRequestError, match="not empty"):
        client.catalogue.delete_catalogue(full.uuid)
    for function in client.function.list_functions(catalogue=full.uuid, limit=1000):
        assert client.function.delete_function(function.uuid).message == "Done"
    client.catalogue.delete_catalogue(full.uuid)


def test_a_catalogue_needs_a_name(client: Any) -> None:
    with pytest.raises(rt.BadRequestError, match="Name: must not be empty"):
        client.catalogue.create_catalogue(name=" ")


def test_catalogues_of_an_organisation(client: Any) -> None:
    every = {one.uuid for one in client.catalogue.list_catalogues()}
    organisation = example_call(SPEC, "list_catalogues").parameters["Organisation"]
    mine = {one.uuid for one in client.catalogue.list_catalogues(organisation=organisation)}
    assert CATALOGUE in mine < every
    assert client.catalogue.list_catalogues(organisation=NOBODY) == []


def test_all_pages_of_all_functions(client: Any) -> None:
    for limit in (7, 100, 1000):
        found = [one.uuid for one in client.function.list_functions(limit=limit)]
        assert len(set(found)) == len(found) == 300
    assert SAMPLE in found
    raw = client.with_raw_response.function.list_functions(limit=3)
    assert raw.headers["X-Pagination-Records"] == "300"
    assert len(client.function.list_functions(limit=1, offset=299).first_page().items) == 1
    assert client.function.list_functions(offset=300).first_page().items == []


def test_catalogues_divide_the_functions(client: Any) -> None:
    everything = {one.uuid for one in client.function.list_functions()}
    found = [one.uuid for one in client.function.list_functions(catalogue=NIL)]
    assert SAMPLE in found
    assert 0 < len(found) < 300
    for one in client.catalogue.list_catalogues():
        inside = [each.uuid for each in client.function.list_functions(catalogue=one.uuid)]
        licensed = client.function.list_functions(licensed_catalogue=[one.uuid, NOBODY])
        assert {each.uuid for each in licensed} == set(inside)
        found += inside
    assert set(found) == everything


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"q": "PEOPLE COUNT"}, lambda f: "people count" in f["Name"].lower()),
        ({"status": "error"}, lambda f: f["Status"] == "error"),
        ({"status": "none"}, lambda f: False),
        ({"functions": [SAMPLE, NOBODY]}, lambda f: f["UUID"] == SAMPLE),
        ({"width": "320-"}, lambda f: f["InputDriverDetails"]["width"] >= 320),
        ({"width": "-160"}, lambda f: f["InputDriverDetails"]["width"] <= 160),
        ({"height": "200-400"}, lambda f: 200 <= f["InputDriverDetails"]["height"] <= 400),
        ({"input_property": "channels"}, lambda f: True),
        ({"input_property": "none"}, lambda f: False),
        ({"output_property": "bboxes"}, lambda f: "bboxes" in f["OutputDriverDetails"]),
        ({"source_name": "none"}, lambda f: False),
        (
            {"q": "counter", "width": "320-", "status": "ok"},
            lambda f: (
                "counter" in f["Name"]
                and f["InputDriverDetails"]["width"] >= 320
                and f["Status"] == "ok"
            ),
        ),
    ],
)
def test_filters(client: Any, arguments: dict[str, Any], expected: Any) -> None:
    def listed(**given: Any) -> list[dict[str, Any]]:
        page = client.function.list_functions(limit=1000, **given).first_page()
        found: list[dict[str, Any]] = json.loads(page.raw.content)
        return found

    wanted = [one for one in listed() if expected(one)]
    assert listed(**arguments) == wanted
    assert bool(wanted) == ("none" not in arguments.values())


def test_filters_by_what_replies_do_not_show(client: Any) -> None:
    parts = [
        {one.uuid for one in client.function.list_functions(source_name=name)}
        for name in ("Example", "Edge Impulse", "Model zoo", "In house")
    ]
    assert sum(map(len, parts)) == len(set().union(*parts)) == 300
    by_url = client.function.list_functions(source_url="https://example.com/models")
    assert {one.uuid for one in by_url} == parts[0]
    some, all_ = (
        len(list(client.function.list_functions(runtime_arch=arch)))
        for arch in ("aarch64", "x86_64")
    )
    assert 100 < some < all_ == 300
    assert len(list(client.function.list_functions(customization="metavms"))) == 100


@pytest.mark.parametrize("text", ["200", "-", "a-b", "1-2-3", "", "1.5-", "٣-"])
def test_ranges_that_are_none(client: Any, text: str) -> None:
    with pytest.raises(rt.BadRequestError, match="Height: must be a range"):
        client.function.list_functions(height=text).first_page()


@pytest.mark.parametrize("arguments", [{"offset": -1}, {"limit": 0}, {"limit": -1}])
def test_pages_that_are_none(client: Any, arguments: dict[str, int]) -> None:
    with pytest.raises(rt.BadRequestError, match="or more"):
        client.function.list_functions(**arguments).first_page()


def test_orders(client: Any) -> None:
    names = [one.name for one in client.function.list_functions(order_by=["Name"])]
    assert names == sorted(names)
    back = [one.name for one in client.function.list_functions(order_by=["-Name"])]
    assert back == names[::-1]
    updated = [one.updated_at for one in client.function.list_functions(order_by=["-UpdatedAt"])]
    assert updated == sorted(updated, reverse=True)
    first = client.function.create_linked_function(body={"Name": "AAA"})
    second = client.function.create_linked_function(body={"Name": "AAA"})
    two = client.function.list_functions(order_by=["Name", "-InsertedAt"], limit=2).first_page()
    assert {one.uuid for one in two.items} == {first.uuid, second.uuid}
    newest = next(iter(client.function.list_functions(order_by=["-InsertedAt"], limit=1)))
    assert newest.uuid in (first.uuid, second.uuid)


def test_the_most_important_order_comes_first(client: Any, sandbox: Sandbox) -> None:
    made = []
    for name in ("B", "A", "B", "A"):
        made.append(client.function.create_linked_function(body={"Name": name}).uuid)
        sandbox.clock.advance(60)
    found = client.function.list_functions(order_by=["Name", "-InsertedAt"], functions=made)
    assert [one.uuid for one in found] == [made[3], made[1], made[2], made[0]]


@pytest.mark.filterwarnings("ignore::deviceclouds.runtime.UnverifiedOperationWarning")
def test_the_list_for_older_clients(client: Any) -> None:
    new = [one.uuid for one in client.function.list_functions(status="ok", catalogue=NIL)]
    old = client.function.list_functions_compat(status="ok", catalogue=NIL, limit=10)
    assert [one.uuid for one in old] == new


def test_statistics_count_what_happens(client: Any, sandbox: Sandbox) -> None:
    before = client.service.get_function_statistics()
    assert before.total == 300
    assert before.first_inserted_at < before.last_inserted_at
    sandbox.clock.advance(5)
    made = client.function.create_linked_function(body={})
    after = client.service.get_function_statistics()
    assert after.total == 301
    assert after.number_of_events == before.number_of_events + 1
    assert after.number_of_events_last_30 == before.number_of_events_last_30 + 1
    assert after.last_inserted_at > before.last_inserted_at
    client.function.delete_function(made.uuid)
    assert client.service.get_function_statistics().total == 300
    sandbox.clock.advance(31 * 86400)
    assert client.service.get_function_statistics().number_of_events_last_30 == 0


def test_statistics_of_nothing(client: Any) -> None:
    for one in list(client.function.list_functions()):
        client.function.delete_function(one.uuid)
    found = client.service.get_function_statistics()
    assert found.total == 0
    assert not found.first_inserted_at


def test_the_service_itself(sandbox: Sandbox) -> None:
    with sandbox.client("scailable", token=None) as nobody:
        assert nobody.service.get_status().connected is True
        assert nobody.service.get_openapi()["paths"].keys() == {
            operation.path for operation in SPEC.operations.values()
        }


def test_unknown_functions(client: Any) -> None:
    for call in (client.function.get_function, client.function.delete_function):
        with pytest.raises(rt.NotFoundError, match="Not found"):
            call(NOBODY)
    with pytest.raises(rt.NotFoundError):
        client.function.update_function(NOBODY, data=UpdateFunctionData(name="x"))


def test_async_client(sandbox: Sandbox) -> None:
    async def walk() -> int:
        async with sandbox.async_client("scailable") as client:
            return len([one async for one in client.function.list_functions(limit=50)])

    assert asyncio.run(walk()) == 300


def test_the_same_seed_makes_the_same_fleet() -> None:
    def fleet(seed: int) -> Any:
        world = World(seed=seed, size=0.1, clock=SandboxClock(1.8e9, frozen=True))
        store = cloud_of("scailable", world)._store  # type: ignore[attr-defined]
        return list(store.models.values()), list(store.catalogues.values())

    assert fleet(1) == fleet(1)
    assert fleet(1)[0] != fleet(2)[0]
    assert fleet(1)[1] != fleet(2)[1]
