"""Playbacks that end in unusual ways: cancelled, interrupted, in a forked process, with the program."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply

from .player import PATIENCE, Player


@pytest.fixture
def waiting(runner: asyncio.Runner) -> Iterator[Player]:
    """An async player."""
    player = Player("async", runner)
    yield player
    player.session.close()


async def cancelled_in(player: Player, started: asyncio.Event, **options: Any) -> None:
    player.clock.hurried = False
    async with player.make(**options):
        started.set()
        await asyncio.Event().wait()


async def cancel_after(event: asyncio.Event, task: asyncio.Task[Any]) -> None:
    await event.wait()
    task.cancel()
    await asyncio.wait((task,))


def test_a_cancelled_task_stops(waiting: Player) -> None:
    async def main() -> None:
        started = asyncio.Event()
        task = asyncio.ensure_future(cancelled_in(waiting, started))
        await cancel_after(started, task)
        assert task.cancelled()

    waiting.session._runner.run(main())
    assert waiting.cloud.asked == ["start", "stop"]
    assert not waiting.working


@pytest.mark.parametrize("cancelled", ["in the block", "while it stops", "both"])
def test_a_stop_under_way_is_finished(waiting: Player, cancelled: str) -> None:
    stopped: list[str] = []

    async def main() -> None:
        started, stopping, release = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def answer(request: httpx2.Request) -> httpx2.Response:
            if request.url.path.endswith("/stop"):
                stopping.set()
                await release.wait()
                stopped.append("yes")
            return httpx2.Response(200, json={"requestId": "req-1"})

        async def block() -> None:
            async with waiting.make():
                started.set()
                if cancelled != "while it stops":
                    await asyncio.Event().wait()

        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
            waiting.session.client._http.client = http
            task = asyncio.ensure_future(block())
            await started.wait()
            if cancelled != "while it stops":
                task.cancel()
            await stopping.wait()
            for _ in range(0 if cancelled == "in the block" else 3):
                task.cancel()
                await asyncio.sleep(0)
            assert not task.done()
            release.set()
            await asyncio.wait((task,))
            assert task.cancelled()

    waiting.session._runner.run(main())
    assert stopped == ["yes"]
    assert not waiting.working


def test_a_timeout_around_the_block(waiting: Player) -> None:
    async def main() -> None:
        async with asyncio.timeout(3600) as limit:
            async with waiting.make():
                limit.reschedule(0)
                await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        waiting.session._runner.run(main())
    assert waiting.cloud.asked == ["start", "stop"]


def test_many_side_by_side(waiting: Player, runner: asyncio.Runner) -> None:
    async def one() -> None:
        async with waiting.session.client.hls_session("camera"):
            await asyncio.sleep(0)

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(20):
                group.create_task(one())

    runner.run(main())
    assert waiting.cloud.asked.count("start") == waiting.cloud.asked.count("stop") == 20


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_stop_waits_for_an_update_under_way(kind: str, runner: asyncio.Runner) -> None:
    done: list[str] = []
    asked, leaving = threading.Event(), threading.Event()

    def slow() -> httpx2.Response:
        asked.set()
        assert leaving.wait(PATIENCE)
        done.append("update")
        return reply({})

    def stop() -> httpx2.Response:
        done.append("stop")
        return reply({})

    player = Player(kind, runner, update=slow, stop=stop)
    if kind == "async":
        _slow_async(player, done)
        player.session.close()
        return
    playback = player.make()
    player.enter(playback)
    player.clock.move(20)
    playback._alarm.look()
    assert asked.wait(PATIENCE)
    ring = playback._alarm.ring

    def ring_and_release() -> None:
        ring()
        leaving.set()

    playback._alarm.ring = ring_and_release
    player.leave(playback)
    assert done == ["update", "stop"]
    assert not player.working
    player.session.close()


def _slow_async(player: Player, done: list[str]) -> None:
    async def main() -> None:
        asked, release = asyncio.Event(), asyncio.Event()

        async def answer(request: httpx2.Request) -> httpx2.Response:
            name = request.url.path.rpartition("/")[2]
            if name == "update":
                asked.set()
                await release.wait()
            done.append(name)
            return httpx2.Response(200, json={"requestId": "req-1"})

        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
            player.session.client._http.client = http
            playback = player.make()
            async with playback:
                player.clock.move(20)
                await asked.wait()
                asyncio.get_running_loop().call_later(0.01, release.set)

    player.session._runner.run(main())
    assert done == ["start", "update", "stop"]


def test_a_thread_that_cannot_start(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    player = Player("sync", runner)
    playback = player.make()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="new thread"):
            playback.__enter__()
    assert player.cloud.asked == ["start", "stop"]
    player.session.close()


def test_an_interrupt_while_leaving(runner: asyncio.Runner) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    player = Player("sync", runner)
    playback = player.make()
    player.enter(playback)
    ring, playback._alarm.ring = playback._alarm.ring, interrupt
    with pytest.raises(KeyboardInterrupt):
        player.leave(playback)
    assert player.cloud.asked == ["start", "stop"]
    ring()
    playback._thread.join(PATIENCE)
    player.session.close()


def test_the_thread_sees_its_makers_context(runner: asyncio.Runner) -> None:
    variable: ContextVar[str] = ContextVar("variable", default="nothing")
    seen: list[str] = []

    def look() -> httpx2.Response:
        seen.append(variable.get())
        return reply({})

    player = Player("sync", runner, update=look)
    token = variable.set("mine")
    try:
        with player.playing():
            player.move(20)
    finally:
        variable.reset(token)
    assert seen == ["mine"]
    player.session.close()


def test_warnings_that_are_errors_lose_the_playback(runner: asyncio.Runner) -> None:
    def warn() -> httpx2.Response:
        raise rt.TokenStoreWarning("the store is damaged")

    player = Player("sync", runner, update=warn)

    def played() -> None:
        with player.playing():
            player.move(20)

    with pytest.raises(rt.TokenStoreWarning) as caught:
        played()
    assert "was lost" in caught.value.__notes__[0]
    assert player.cloud.asked == ["start", "update", "stop"]
    player.session.close()


PROGRAM = """
import os, sys, httpx2
from deviceclouds.amnimo import Amnimo

def answer(request):
    print(request.url.path.rpartition("/")[2], flush=True)
    return httpx2.Response(200, json={"requestId": "r"})

http = httpx2.Client(transport=httpx2.MockTransport(answer))
client = Amnimo(token="t", subscription_id="s", http_client=http, rate_limit=None)
playback = client.hls_session("camera")
"""


def run_program(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM + code],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode in (0, 3), done.stderr
    return done.stdout.split()


def test_a_program_that_never_leaves_the_block_ends() -> None:
    assert run_program("playback.__enter__()") == ["start"]


def test_a_program_that_ends_in_the_block_stops() -> None:
    assert run_program("with playback: sys.exit(3)") == ["start", "stop"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_leaves_the_playback_to_its_parent() -> None:
    code = """
with playback:
    child = os.fork()
    if not child:
        assert not playback.alive
    else:
        assert os.waitpid(child, 0)[1] == 0
        assert playback.alive
print("child" if not child else "parent", flush=True)
"""
    assert run_program(code) == ["start", "child", "stop", "parent"]
