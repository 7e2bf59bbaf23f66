"""However many need a token at once, it is asked for once: threads, tasks, clients that share a store."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime._secret import SecretHeaders

from tests.runtime.support import FakeClock, client_class, reply

from .accounts import ACCOUNTS, LIFE, VENDORS, access
from .clouds import FailingStore, Opened, SigningCloud, copied
from .conftest import Open
from .crowds import THREADS, Crowd, crowd_of_tasks, open_async, strategy_of

TASKS = 100


@pytest.fixture
def sync_client(runner: asyncio.Runner) -> Iterator[Callable[..., Opened]]:
    made: list[Opened] = []

    def open_client(vendor: str, **options: Any) -> Opened:
        made.append(Opened("sync", runner, ACCOUNTS[vendor], **options))
        return made[-1]

    yield open_client
    for one in made:
        one.close()


@pytest.mark.parametrize("vendor", VENDORS)
def test_threads_that_start_at_once(sync_client: Any, vendor: str) -> None:
    one = sync_client(vendor, rate_limit=None)
    crowd = Crowd(one)
    one.cloud.hold = crowd.until_all_wait
    assert crowd.run(one.get) == []
    assert one.cloud.issued == 1
    assert len(one.cloud.calls) == THREADS


@pytest.mark.parametrize("vendor", VENDORS)
def test_threads_whose_token_is_revoked(sync_client: Any, vendor: str) -> None:
    one = sync_client(vendor, rate_limit=None)
    one.get()
    one.cloud.revoke()
    # All of them are refused before one renews.
    one.cloud.faults = [Crowd.meeting(THREADS, ACCOUNTS[vendor].refusal)] * THREADS
    assert Crowd(one).run(one.get) == []
    assert one.cloud.issued == 2
    assert len(one.cloud.calls) == 1 + 2 * THREADS


@pytest.mark.parametrize("vendor", VENDORS)
def test_threads_under_load_while_the_token_is_revoked_and_expires(
    sync_client: Any, vendor: str
) -> None:
    one = sync_client(vendor, rate_limit=None)
    crowd, numbers = Crowd(one), itertools.count()

    def work() -> None:
        for _ in range(20):
            one.get()
            number = next(numbers)
            if number == 200:
                one.cloud.revoke()
            elif number == 500:
                one.clock.time += LIFE

    assert crowd.run(work) == []
    assert one.cloud.issued == 3
    assert crowd.finished == THREADS


@pytest.mark.parametrize(
    ("fault", "expected"),
    [(reply({}, 500), rt.ServerError), (httpx2.ConnectError("no"), rt.ApiConnectionError)],
)
@pytest.mark.parametrize("vendor", ["aitrios", "amnimo", "scailable"])
def test_who_waits_fails_with_the_one_who_tried(
    sync_client: Any, vendor: str, fault: Any, expected: Any
) -> None:
    one = sync_client(vendor, rate_limit=None, retries=0)
    crowd = Crowd(one)
    one.cloud.token_faults = [fault] * 99
    one.cloud.hold = crowd.until_all_wait
    errors = crowd.run(one.get)
    assert one.cloud.issued == 1
    assert [type(error) for error in errors] == [expected] * THREADS
    assert len({id(error) for error in errors}) == THREADS
    assert {str(error) for error in errors} == {str(errors[0])}
    assert {error.attempts for error in errors} == {1}
    one.cloud.token_faults, one.cloud.hold = [], lambda step: None
    one.clock.time += 5
    one.get()


@pytest.mark.parametrize("vendor", VENDORS)
def test_tasks_that_start_at_once(vendor: str) -> None:
    async def run() -> None:
        async with open_async(vendor, rate_limit=None) as one:
            assert await crowd_of_tasks(one, TASKS) == []
            assert one.cloud.issued == 1
            assert len(one.cloud.calls) == TASKS
            one.cloud.revoke()
            assert await crowd_of_tasks(one, TASKS) == []
            assert one.cloud.issued == 2
            one.clock.time += LIFE
            assert await crowd_of_tasks(one, TASKS) == []
            assert one.cloud.issued == 3

    asyncio.run(run())


@pytest.mark.parametrize("vendor", ["aitrios", "amnimo"])
def test_tasks_that_wait_fail_together(vendor: str) -> None:
    async def run() -> None:
        async with open_async(vendor, rate_limit=None, retries=0) as one:
            one.cloud.token_faults = [reply({}, 500)] * 99
            one.held = 300  # turns of the loop: enough for all to come and wait
            errors = await crowd_of_tasks(one, TASKS)
            assert one.cloud.issued == 1
            assert [type(error) for error in errors] == [rt.ServerError] * TASKS

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_clients_that_share_a_store(kind: str) -> None:
    store, clock = rt.MemoryTokenStore(), FakeClock()
    cloud = SigningCloud(ACCOUNTS["aitrios"], clock)
    given = {**ACCOUNTS["aitrios"].arguments, "token_store": store, "clock": clock}
    cls = client_class("aitrios", kind)

    def all_threads() -> None:
        with ThreadPoolExecutor(20) as pool:
            list(pool.map(call, range(20)))

    def call(_: int) -> None:
        with httpx2.Client(transport=httpx2.MockTransport(cloud)) as http:
            cls(http_client=http, **given).manage_devices.get_device("d")

    async def all_tasks() -> None:
        # With fewer threads in the pool than clients wait for the lock.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
        await asyncio.gather(*(call_async() for _ in range(20)))

    async def call_async() -> None:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(cloud)) as http:
            await cls(http_client=http, **given).manage_devices.get_device("d")

    for number in (1, 2):
        all_threads() if kind == "sync" else asyncio.run(all_tasks())
        assert cloud.issued == number
        assert len(cloud.calls) - cloud.tokens.count("") >= 20 * number
        cloud.revoke()


def test_a_token_somebody_else_put_into_the_store_is_taken(opened: Open) -> None:
    store = rt.MemoryTokenStore()
    one = opened("aitrios", token_store=store)
    two = opened("aitrios", token_store=store, cloud=one.cloud)
    one.get()
    two.get()
    one.cloud.revoke()
    one.get()
    two.get()
    assert one.cloud.issued == 2
    assert [number for number in one.cloud.tokens if number == one.cloud.tokens[-1]] != []


def test_a_token_from_the_store_that_is_refused_does_not_end_renewals(opened: Open) -> None:
    """It may have been revoked since somebody put it there."""
    store = rt.MemoryTokenStore()
    one = opened("aitrios", token_store=store)
    two = opened("aitrios", token_store=store, cloud=one.cloud)
    one.get()
    two.get()
    one.cloud.revoke()
    one.get()
    one.cloud.revoke()
    two.get()
    assert one.cloud.issued == 3
    assert one.cloud.tokens[-3:] == [f"Bearer {access(number)}" for number in (1, 2, 3)]


def test_an_older_token_in_the_store_is_no_replacement(opened: Open) -> None:
    class Forgetful(rt.MemoryTokenStore):
        def save(self, key: str, token: rt.Token) -> None:
            if not self.load(key):
                super().save(key, token)

    one = opened("aitrios", token_store=Forgetful())
    one.get()
    for number in (2, 3):
        one.clock.time += LIFE
        one.get()
        assert one.cloud.issued == number


def test_who_comes_late_takes_what_others_got(opened: Open) -> None:
    """A call whose renewed token has been replaced by the time it is refused."""
    one = opened("aitrios")
    one.get()
    one.cloud.revoke()
    late = []

    def meanwhile(request: httpx2.Request) -> httpx2.Response:
        late.append(request.headers["authorization"])
        one.clock.time += LIFE
        with httpx2.Client(transport=httpx2.MockTransport(one.cloud)) as http:
            other = client_class("aitrios", "sync")
            arguments = {**one.account.arguments, "http_client": http, "clock": one.clock}
            client = other(**arguments)
            client._core.auth = {"accessToken": strategy_of(one.client)}
            client.manage_devices.get_device("d")
        return copied(one.account.refusal)

    one.cloud.faults = [one.account.refusal, meanwhile]
    one.get()
    assert late == [f"Bearer {access(2)}"]
    assert one.cloud.tokens[-1] == f"Bearer {access(3)}"
    # And nobody takes that for a token that never works.
    one.cloud.revoke()
    one.get()
    assert one.cloud.issued == 4


def test_somebody_who_always_comes_first_does_not_keep_a_call_forever(opened: Open) -> None:
    """As where another program signs in all the time, and each new token ends the last."""
    one = opened("aitrios")
    strategy = strategy_of(one.client)

    def replace(request: httpx2.Request) -> httpx2.Response:
        held = strategy._held
        assert held is not None
        strategy._held = held._replace(headers=SecretHeaders(held.headers))
        return copied(one.account.refusal)

    one.cloud.faults = [replace] * 99
    with pytest.raises(rt.AuthenticationError) as caught:
        one.get()
    assert caught.value.attempts == len(one.cloud.calls) == 4
    assert one.cloud.issued == 1


def test_a_token_got_for_another_reason_is_no_token_that_never_works(opened: Open) -> None:
    one = opened("aitrios", retries=0)
    short = reply({"access_token": "short", "expires_in": 10})
    one.get()
    one.cloud.faults = [one.account.refusal, reply({})]
    one.cloud.token_faults = [short]
    one.get()  # with a token that was got for a refusal, and accepted
    one.cloud.faults = [one.account.refusal, reply({}, 500)]
    one.cloud.token_faults = [short]
    with pytest.raises(rt.ServerError):
        one.get()  # with one of which nobody knows
    one.clock.time += 10
    one.get()  # with one that was due
    one.cloud.revoke()
    one.get()
    assert one.cloud.issued == 5


@pytest.mark.parametrize("name", ["load", "lock"])
def test_a_store_that_fails(opened: Open, name: str) -> None:
    one = opened("aitrios", token_store=FailingStore(name))
    with pytest.raises(rt.ConfigurationError, match="the store is gone"):
        one.get()
    assert one.cloud.steps == []


def test_a_token_that_cannot_be_kept_is_used_all_the_same(opened: Open) -> None:
    one = opened("aitrios", token_store=FailingStore("save"))
    with pytest.warns(rt.TokenStoreWarning, match="could not be kept: the store is gone"):
        one.get()
    one.get()
    assert one.cloud.issued == 1


def test_what_a_store_holds_is_checked(opened: Open) -> None:
    """Something that is no header's is as good as nothing."""

    class Odd(rt.MemoryTokenStore):
        def load(self, key: str) -> rt.Token | None:
            return super().load(key) or rt.Token("two\nlines", issued_at=2e9)

    one = opened("aitrios", token_store=Odd())
    one.get()
    one.get()
    assert one.cloud.issued == 1


def test_strategies_are_found() -> None:
    """The crowds look at the lock of a client's own; if it moves, they would prove nothing."""
    with httpx2.Client() as http:
        client = client_class("aitrios", "sync")(client_id="i", client_secret="s", http_client=http)
        assert strategy_of(client)._gate.threads.locked() is False
