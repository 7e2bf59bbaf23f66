"""The stand-in with clients, made-up ones here: the vendors' packages are tested elsewhere."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType
from typing import Any

import httpx2
import pytest
from deviceclouds.testing import MOUNTS, Sandbox, example_request, load_spec
from deviceclouds.testing._load import available_vendors
from deviceclouds.testing.sandbox.sandbox import CLIENTS


class Toy:
    """Stands where a vendor's client class will be."""

    def __init__(self, **options: Any) -> None:
        self.options = options


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> None:
    for vendor, name in CLIENTS.items():
        module = ModuleType(f"deviceclouds.{vendor}")
        for each in (name, f"Async{name}"):
            setattr(module, each, type(each, (Toy,), {}))
        monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.mark.usefixtures("packages")
@pytest.mark.parametrize("vendor", available_vendors())
def test_clients_reach_the_stand_in(vendor: str) -> None:
    request = example_request(load_spec(vendor), next(iter(load_spec(vendor).operations)))
    with Sandbox([vendor], stateful=False) as stand_in:
        toy = stand_in.client(vendor)
        assert type(toy).__name__ == CLIENTS[vendor]
        assert toy.options["base_url"] == stand_in.base_url(vendor)
        reply = toy.options["http_client"].request(
            request.method,
            toy.options["base_url"] + request.url,
            headers=request.headers,
            content=request.content,
        )
        assert reply.is_success
        assert not stand_in.journal.problems

        async def call() -> int:
            made = stand_in.async_client(vendor)
            assert type(made).__name__ == "Async" + CLIENTS[vendor]
            async with made.options["http_client"] as http:
                sent = await http.request(
                    request.method,
                    made.options["base_url"] + request.url,
                    headers=request.headers,
                    content=request.content,
                )
            status: int = sent.status_code
            return status

        assert asyncio.run(call()) == reply.status_code
        assert len(stand_in.journal) == 2


@pytest.mark.usefixtures("packages")
def test_demo_credentials_and_own_options() -> None:
    with Sandbox(stateful=False) as stand_in:
        assert stand_in.client("proglove").options["customer_id"] == "demo0001"
        amnimo = stand_in.client("amnimo", token="mine").options
        assert (amnimo["token"], amnimo["client_id"]) == ("mine", "demo")
        assert len(amnimo["account_id"]) == len(amnimo["subscription_id"]) == 36
        http = object()
        assert stand_in.client("aitrios", http_client=http).options["http_client"] is http


def test_missing_wheel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    # None makes the import fail, also once the real package is there.
    monkeypatch.setitem(sys.modules, "deviceclouds.aitrios", None)
    with Sandbox(["aitrios"], stateful=False) as stand_in:
        for make in (stand_in.client, stand_in.async_client):
            with pytest.raises(ModuleNotFoundError, match="install the wheel of aitrios"):
                make("aitrios")


def test_unknown_vendor() -> None:
    with pytest.raises(ValueError, match="nokia"):
        Sandbox(["nokia"], stateful=False)
    with (
        Sandbox(["amnimo"], stateful=False) as stand_in,
        pytest.raises(ValueError, match="it has amnimo"),
    ):
        stand_in.base_url("aitrios")


def test_async_context_manager() -> None:
    async def use() -> str:
        async with Sandbox(["amnimo"], stateful=False) as stand_in:
            return stand_in.base_url("amnimo")

    assert asyncio.run(use()).endswith(MOUNTS["amnimo"])


def test_served_over_loopback() -> None:
    with Sandbox(stateful=False) as stand_in:
        with stand_in.serve() as server:
            assert server.base_url("viziosense") == f"{server.url}/viziosense/api/v1"
            url = server.base_url("viziosense") + "/devices"
            with httpx2.Client(trust_env=False) as client:
                assert client.get(url, headers={"Authorization": "Bearer x"}).is_success
                assert client.get(url).status_code == 400
            with pytest.raises(OSError, match="in use"):
                stand_in.serve(server.port)
        assert len(stand_in.journal) == 2
        with httpx2.Client(trust_env=False) as client, pytest.raises(httpx2.ConnectError):
            client.get(url)


def test_closing_the_stand_in_stops_its_servers() -> None:
    with Sandbox(["amnimo"], stateful=False) as stand_in:
        server = stand_in.serve()
    with httpx2.Client(trust_env=False) as client, pytest.raises(httpx2.ConnectError):
        client.get(server.url)
