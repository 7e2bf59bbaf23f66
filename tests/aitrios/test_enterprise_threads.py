"""msal blocks: event loops go on, threads end, and one sign-in serves all who wait."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import Any

import httpx2
from deviceclouds.aitrios import Aitrios, AsyncAitrios
from deviceclouds.aitrios._msal_http import asked_in_thread

from tests.runtime.support import FakeClock

from .azure import ENTERPRISE, HOST, Azure

CONSOLE = "console.aitrios.sony-semicon.com"


class Slow:
    """Answers for Azure AD when it is told to."""

    def __init__(self) -> None:
        self.azure = Azure()
        self.asked = asyncio.Event()
        self.go_on = asyncio.Event()

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == HOST:
            self.asked.set()
            await self.go_on.wait()
        return self.azure(request)


def test_the_event_loop_goes_on(runner: asyncio.Runner) -> None:
    async def run() -> None:
        slow = Slow()
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(slow)) as http:
            client = AsyncAitrios(**ENTERPRISE, http_client=http, clock=FakeClock())
            calls = [
                asyncio.ensure_future(client.manage_devices.get_device("cam")) for _ in range(8)
            ]
            await slow.asked.wait()  # the loop is free while msal waits in its thread
            slow.go_on.set()
            await asyncio.gather(*calls)
        assert slow.azure.tokens == 1

    runner.run(run())


def test_cancelled_while_signing_in(runner: asyncio.Runner) -> None:
    async def run() -> None:
        slow = Slow()
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(slow)) as http:
            client = AsyncAitrios(**ENTERPRISE, http_client=http, clock=FakeClock())
            call = asyncio.ensure_future(client.manage_devices.get_device("cam"))
            await slow.asked.wait()
            call.cancel()
            await asyncio.wait([call])
            assert call.cancelled()
            slow.go_on.set()
            # Whoever comes next signs in anew, and what was cancelled sends nothing more.
            await client.manage_devices.get_device("cam")
        assert slow.azure.hosts == [HOST, HOST, CONSOLE]

    runner.run(run())
    for thread in threading.enumerate():
        if thread.name.startswith("deviceclouds-msal"):
            thread.join(timeout=30)
            assert not thread.is_alive()


def test_a_thread_whose_caller_is_gone_sends_no_more(runner: asyncio.Runner) -> None:
    """Whatever msal makes of a request that was cancelled."""
    sent: list[Any] = []
    ended = threading.Event()

    def ask(send: Any) -> None:
        for number in range(3):
            with suppress(BaseException):
                send(number)
        ended.set()

    async def run() -> None:
        asked = asyncio.Event()

        async def send(request: Any) -> Any:
            sent.append(request)
            asked.set()
            await asyncio.Event().wait()

        task = asyncio.ensure_future(asked_in_thread(ask, send))
        await asked.wait()
        task.cancel()
        await asyncio.wait([task])
        while not ended.is_set():
            await asyncio.sleep(0)

    runner.run(run())
    assert sent == [0]


def test_a_loop_that_ends_while_signing_in() -> None:
    """``asyncio.run`` cancels what is left, and waits for no thread of ours."""

    async def run() -> None:
        slow = Slow()
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(slow))
        client = AsyncAitrios(**ENTERPRISE, http_client=http, clock=FakeClock())
        call = asyncio.ensure_future(client.manage_devices.get_device("cam"))
        await slow.asked.wait()
        assert not call.done()

    asyncio.run(run())


def test_threads_share_one_sign_in() -> None:
    azure, lock = Azure(), threading.Lock()

    def answer(request: httpx2.Request) -> httpx2.Response:
        with lock:
            return azure(request)

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as http:
        client = Aitrios(**ENTERPRISE, http_client=http)
        threads = [
            threading.Thread(target=client.manage_devices.get_device, args=("cam",))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert azure.tokens == 1
    assert azure.hosts.count(CONSOLE) == 8
