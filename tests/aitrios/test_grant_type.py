"""Which operations are sent ``grant_type``, and in whose name."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from deviceclouds.aitrios import Aitrios
from deviceclouds.testing._calls import example_invocations

from tests.runtime.support import TOKEN, FakeClock, reply
from tests.vendor_sessions import OpenSession

from .azure import ENTERPRISE, Azure

INVOCATIONS = {call.label: call for call in example_invocations("aitrios")}


WITHOUT = {
    "connector.get_ir_hub_connector",
    "connector.get_storage_connector",
    "insight.get_inferences",
    "train_model.delete_model_bundle",
    "train_model.get_model_bundle_versions",
    "train_model.get_model_bundles",
    "train_model.import_model_bundle",
}


def queries(**options: Any) -> dict[str, str]:
    """The query of each operation's example call, by name of the operation."""
    found = {}
    with Aitrios(**options) as client:
        for call in INVOCATIONS.values():
            operation = call.operation
            names = [p.name for p in operation.parameters if p.location == "path"]
            given = {**dict(zip(names, call.path_arguments, strict=True)), **call.arguments}
            plan = client._core.plan(operation, given, {}, FakeClock())
            found[operation.name] = plan.parts.url.partition("?")[2]
            plan.parts.close()
    assert len(found) == 94
    return found


def test_grant_type_where_it_is_declared() -> None:
    sent = queries(**ENTERPRISE)
    with_it = {name for name, query in sent.items() if "grant_type=client_credentials" in query}
    assert sent.keys() - with_it == WITHOUT
    assert not any("grant_type" in sent[name] for name in WITHOUT)
    assert all(query.count("grant_type=") <= 1 for query in sent.values())


@pytest.mark.parametrize(
    "options", [{"token": TOKEN}, {"client_id": "a", "client_secret": "b"}], ids=["token", "portal"]
)
def test_no_grant_type_in_the_developer_edition(options: dict[str, Any]) -> None:
    assert not any("grant_type" in query for query in queries(**options).values())


def test_the_callers_grant_type_wins(opened: OpenSession) -> None:
    one = opened("aitrios", Azure(), **ENTERPRISE)
    one.run(one.client.manage_devices.get_device("cam", grant_type="other"))
    assert one.cloud.requests[-1].url.query == b"grant_type=other"


def test_grant_type_on_further_pages(opened: OpenSession) -> None:
    class Paged(Azure):
        def _console(self, request: httpx2.Request) -> httpx2.Response:
            more = "starting_after" not in request.url.params
            return reply({"continuation_token": "next" if more else None, "devices": []})

    one = opened("aitrios", Paged(), **ENTERPRISE)
    pager = one.client.manage_devices.get_devices()
    if one.kind == "sync":
        assert list(pager) == []
    else:

        async def walk() -> list[Any]:
            return [item async for item in pager]

        assert one.run(walk()) == []
    sent = [dict(request.url.params) for request in one.cloud.requests[2:]]
    assert [query["grant_type"] for query in sent] == ["client_credentials"] * 2
