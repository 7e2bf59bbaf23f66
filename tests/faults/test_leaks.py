"""Credentials are in nothing that is shown: reprs, errors, tracebacks with local variables, logs, pickles."""

from __future__ import annotations

import asyncio
import base64
import copy
import gc
import logging
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime._auth import StaticToken
from deviceclouds.runtime._secret import Secret, SecretHeaders
from deviceclouds.runtime._token_call import TokenCall, form, json_body

from tests.runtime.support import client_class

from .accounts import ACCOUNTS, VENDORS, access, jwt
from .clouds import FailingStore, Opened
from .conftest import Open
from .crowds import PATIENCE, open_async, strategy_of
from .echoing import echo
from .planted import (
    CLIENT_ID,
    CLIENT_SECRET,
    ISSUED,
    MARK,
    PASSWORD,
    SECRET_KEY,
    everything,
    found,
)
from .servers import serve

TOKENS = dict.fromkeys(VENDORS, "token") | {"proglove": "id_token"}


def test_planted_values_are_found() -> None:
    """The search would find them in each way a request writes them."""
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    for text in (
        CLIENT_SECRET,
        f"Basic {basic}",
        form({"a": PASSWORD}).reveal(),
        json_body({"a": PASSWORD}).reveal(),
        repr({"a": PASSWORD}),
        f"xx{jwt(1, 0)}xx",
        *(base64.b64encode(f"{'x' * n}{MARK}-more".encode()).decode() for n in range(9)),
    ):
        assert found(text), text
    assert not found("deviceclouds client-1 someone@example.test planted")
    error = rt.ConfigurationError("x")
    error.__cause__ = ValueError(f"hidden {MARK}")
    assert found(everything(error))


def objects(one: Opened) -> Iterator[Any]:
    """A client, and whatever of ours can be reached from it."""
    pending: list[Any] = [one.client]
    seen: set[int] = set()
    while pending:
        thing = pending.pop()
        if id(thing) in seen or isinstance(thing, type):
            continue
        seen.add(id(thing))
        if type(thing).__module__.startswith("deviceclouds."):
            yield thing
            pending += gc.get_referents(thing)
        elif isinstance(thing, dict | list | tuple | set | frozenset):
            pending += gc.get_referents(thing)


@pytest.mark.parametrize("vendor", VENDORS)
def test_objects_do_not_show_them(opened: Open, vendor: str) -> None:
    one = opened(vendor, token_store=rt.MemoryTokenStore())
    one.get()
    kinds = set()
    for thing in objects(one):
        kinds.add(type(thing).__name__)
        if isinstance(thing, Secret | SecretHeaders):
            assert not found(f"{thing!r} {thing}")
            continue
        slots = {n: getattr(thing, n, None) for n in getattr(type(thing), "__slots__", ())}
        for text in (
            repr(thing),
            str(thing),
            f"{thing}",
            str(getattr(thing, "__dict__", "")),
            slots,
        ):
            assert not found(str(text)), type(thing)
    assert {"Secret", "Token", "RenewingToken", "MemoryTokenStore", "Core"} <= kinds


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("leak", [pickle.dumps, copy.deepcopy], ids=["pickle", "deepcopy"])
def test_they_are_not_pickled(opened: Open, vendor: str, leak: Callable[[Any], Any]) -> None:
    one = opened(vendor, token_store=rt.MemoryTokenStore())
    one.get()
    refused = 0
    for thing in objects(one):
        if isinstance(thing, Secret | SecretHeaders | rt.Token | rt.MemoryTokenStore):
            refused += 1
        elif thing is not one.client and thing is not strategy_of(one.client):
            continue
        with pytest.raises(TypeError, match="pickled"):
            leak(thing)
    assert refused >= 4
    for thing in (one.client._core.auth, StaticToken("t"), StaticToken(str)):
        with pytest.raises(TypeError, match="pickled"):
            leak(thing)


def test_errors_are_pickled_without_them(opened: Open) -> None:
    one = opened("amnimo", retries=0)
    one.cloud.faults = [echo]
    with pytest.raises(rt.ServerError) as caught:
        one.get()
    assert not found(repr(pickle.dumps(caught.value)))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("name", ["load", "lock"])
def test_stores_that_fail(opened: Open, vendor: str, name: str) -> None:
    one = opened(vendor, token_store=FailingStore(name))
    with pytest.raises(rt.ConfigurationError) as caught:
        one.get()
    assert not found(everything(caught.value))


@pytest.mark.parametrize("vendor", VENDORS)
def test_stores_that_keep_nothing(opened: Open, vendor: str) -> None:
    one = opened(vendor, token_store=FailingStore("save"))
    with pytest.warns(rt.TokenStoreWarning) as caught:
        one.get()
    assert not found(" ".join(str(warning.message) for warning in caught))


def test_a_store_with_an_error_of_its_own(opened: Open) -> None:
    class Broken(rt.MemoryTokenStore):
        def save(self, key: str, token: rt.Token) -> None:
            raise LookupError(key)

    for vendor in VENDORS:
        one = opened(vendor, token_store=Broken())
        with pytest.raises(LookupError) as caught:
            one.get()
        assert not found(everything(caught.value))


@pytest.mark.filterwarnings("ignore::deviceclouds.runtime.TokenQuotaWarning")
def test_a_quota_that_is_used_up(opened: Open) -> None:
    one = opened("amnimo", token_calls_per_month=1)
    one.get()
    one.cloud.revoke()
    with pytest.raises(rt.TokenQuotaError) as caught:
        one.get()
    assert not found(everything(caught.value))


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_call_that_is_cancelled(vendor: str) -> None:
    async def run(stage: str) -> None:
        async with open_async(vendor) as one:
            never = asyncio.Event()
            if stage == "sign-in":
                one.holding = never.wait
            else:
                one.holding_call = never.wait
            with pytest.raises(TimeoutError) as caught:
                async with asyncio.timeout(0.02):
                    await one.get()
            assert not found(everything(caught.value))

    for stage in ("sign-in", "call"):
        asyncio.run(run(stage))


def test_an_interrupt(opened: Open) -> None:
    def interrupt(_: Any) -> Any:
        raise KeyboardInterrupt

    for vendor in VENDORS:
        for faults in ("token_faults", "faults"):
            one = opened(vendor)
            setattr(one.cloud, faults, [interrupt])
            if one.kind == "async":
                continue  # the loop takes it, and ends
            with pytest.raises(KeyboardInterrupt) as caught:
                one.get()
            assert not found(everything(caught.value)), (vendor, faults)


@pytest.mark.parametrize("vendor", VENDORS)
def test_bugs_of_hooks(opened: Open, vendor: str) -> None:
    """What is not of the network comes through as it is."""

    def bug(_: Any) -> Any:
        raise ZeroDivisionError("in a hook")

    for faults in ("token_faults", "faults"):
        one = opened(vendor)
        setattr(one.cloud, faults, [bug])
        with pytest.raises(ZeroDivisionError) as caught:
            one.get()
        assert not found(everything(caught.value))


@pytest.mark.parametrize("vendor", VENDORS)
def test_logs_at_debug(vendor: str, kind: str, runner: asyncio.Runner, caplog: Any) -> None:
    """Ours and those of all libraries, over real connections; a refused token and a failed renewal among them."""
    one = Opened(kind, runner, ACCOUNTS[vendor])
    with caplog.at_level(logging.DEBUG, logger=""), serve(one.cloud) as url:
        given = dict(one.account.arguments)
        given |= {"base_url": f"{url}/cpt" if vendor == "scailable" else url, "retries": 0}
        given |= {"clock": one.clock, "token_store": rt.MemoryTokenStore()}
        if vendor == "aitrios":
            given["token_url"] = f"{url}/oauth2/default/v1/token"
        if vendor == "proglove":
            given["cognito_url"] = f"{url}/x.amazonaws.com"
        client = client_class(vendor, kind)(**given)
        one.run(one.account.call(client))
        one.cloud.revoke()
        one.run(one.account.call(client))
        one.cloud.revoke()
        one.cloud.token_faults = [echo]
        with pytest.raises(rt.ServerError):
            one.run(one.account.call(client))
        one.run(client.close())
    one.close()
    names = {record.name.partition(".")[0] for record in caplog.records}
    assert {"httpx2", "httpcore2"} <= names
    assert len(caplog.records) > 20
    assert not found(caplog.text)
    assert not found(str([vars(record) for record in caplog.records]))


def test_a_token_call_does_not_show_itself() -> None:
    call = TokenCall(
        "x", "https://x.test", {"Authorization": CLIENT_SECRET}, form({"a": SECRET_KEY})
    )
    assert not found(f"{call!r} {vars(call)}")
    token = rt.Token(access(1), refresh=f"{ISSUED}-refresh", expires_at=5.0)
    assert not found(f"{token!r} {token} {[token]}")
    assert PATIENCE > 1
