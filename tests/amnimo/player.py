"""A cloud that plays, a clock that the test moves, and one way to enter and leave playbacks of both kinds."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from deviceclouds.amnimo.workflows.alarm import Alarm

from tests.runtime.support import Cloud, FakeClock, Session, reply

CAMERA = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
STARTED = {"requestId": "req-1", "anUnknownName": "https://play.test/live/index.m3u8?sig=hush-1"}
PATIENCE = 20.0  # real seconds until a test that hangs fails

Answer = httpx2.Response | Exception | Callable[[], httpx2.Response]


class HandClock(FakeClock):
    """Moves when the test says so. Who sleeps wakes when the time has come; at once, if ``hurried``."""

    def __init__(self) -> None:
        super().__init__()
        self.hurried = False
        self._sleepers: list[asyncio.Future[None]] = []

    async def sleep_async(self, seconds: float) -> None:
        if self.hurried:
            self.sleep(seconds)
            return
        until = self.time + seconds
        while self.time < until:
            sleeper = asyncio.get_running_loop().create_future()
            self._sleepers.append(sleeper)
            await sleeper

    def move(self, seconds: float) -> None:
        """Lets time pass."""
        self.time += seconds
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)
        self._sleepers.clear()


class HandAlarm(Alarm):
    """Tells when the thread waits."""

    def __init__(self) -> None:
        super().__init__()
        self.until: float | None = None

    def wait(self, seconds: float, clock: Any) -> bool:
        self.until = clock.now() + seconds
        try:
            return super().wait(seconds, clock)
        finally:
            self.until = None


class PlayingCloud(Cloud):
    """Answers start, update and stop; each from a list, whose last answer is repeated."""

    def __init__(self, clock: FakeClock, **answers: Answer | list[Answer]) -> None:
        super().__init__([], clock)
        self._answers: dict[str, list[Answer]] = {
            "start": [reply(STARTED)],
            "update": [reply({"result": "string"})],
            "stop": [reply({"result": "string"})],
        }
        for name, given in answers.items():
            self._answers[name] = given if isinstance(given, list) else [given]

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        name = request.url.path.rpartition("/")[2]
        self.requests.append(request)
        answers = self._answers[name]
        answer = answers[min(self.asked.count(name), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx2.Response):
            return httpx2.Response(answer.status_code, content=answer.content)
        return answer()

    @property
    def asked(self) -> list[str]:
        """What was asked, in order: start, update, stop."""
        return [request.url.path.rpartition("/")[2] for request in self.requests]


class Player:
    """One client of one kind, with a cloud that plays."""

    def __init__(self, kind: str, runner: asyncio.Runner, **answers: Answer | list[Answer]) -> None:
        self.clock = HandClock()
        self.cloud = PlayingCloud(self.clock, **answers)
        self.session = Session(kind, runner, "amnimo", self.cloud, rate_limit=None)
        self.kind = kind
        self.playback: Any = None

    def make(self, **options: Any) -> Any:
        """A playback that was not entered yet."""
        self.playback = self.session.client.hls_session(CAMERA, **options)
        self.playback._alarm = HandAlarm()
        return self.playback

    def enter(self, playback: Any) -> None:
        """As ``with`` does."""
        sync = self.kind == "sync"
        self.session.run(playback.__enter__() if sync else playback.__aenter__())
        self._settle()

    def leave(self, playback: Any, error: BaseException | None = None) -> None:
        """As the end of ``with`` does. Time runs by itself from here on."""
        self.clock.hurried = True
        kind = None if error is None else type(error)
        trace = None if error is None else error.__traceback__
        if self.kind == "sync":
            playback.__exit__(kind, error, trace)
        else:
            self.session.run(playback.__aexit__(kind, error, trace))

    @contextmanager
    def playing(self, **options: Any) -> Iterator[Any]:
        """Enters, runs the block, leaves."""
        playback = self.make(**options)
        self.enter(playback)
        try:
            yield playback
        except BaseException as error:
            self.leave(playback, error)
            raise
        self.leave(playback)

    def move(self, seconds: float) -> None:
        """Lets time pass, and the playback do what is due."""
        self.clock.move(seconds)
        self.playback._alarm.look()
        self._settle()

    def _settle(self) -> None:
        if self.kind == "async":
            self.session.run(_idle())
            return
        thread, alarm = self.playback._thread, self.playback._alarm
        for _ in range(int(PATIENCE / 0.005)):
            until = alarm.until
            if thread is None or not thread.is_alive() or (until or 0) > self.clock.time:
                return
            thread.join(0.005)
        raise AssertionError("the thread neither waits nor ends")

    @property
    def working(self) -> bool:
        """Whether a thread or task still keeps something alive."""
        task = getattr(self.playback, "_task", None)
        threads = [thread.name for thread in threading.enumerate()]
        return "deviceclouds-hls" in threads or (task is not None and not task.done())


async def _idle() -> None:
    for _ in range(60):
        await asyncio.sleep(0)
