"""What a flow may ask for. The logic of a call is written once, as a generator of these, and driven sync or async."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from typing import Any, Generic, Protocol, TypeVar

from ._errors import ConfigurationError
from ._http import AsyncHttp, Request, Response, SyncHttp
from ._secret import Secret

__all__ = ["Blocking", "Call", "Effect", "Flow", "Notify", "Send", "Sleep", "run_async", "run_sync"]

T = TypeVar("T")


class Effect(Protocol):
    """Something only the outside can do: send, sleep, call a user's function."""

    def run(self, http: SyncHttp) -> Any:
        """Does it, blocking."""
        ...

    async def run_async(self, http: AsyncHttp) -> Any:
        """Does it on the event loop."""
        ...


Flow = Generator[Effect, Any, T]
"""A generator of effects that ends with a T."""


class Send:
    """Sends a request; the result is its Response."""

    __slots__ = ("request",)

    def __init__(self, request: Request) -> None:
        self.request = request

    def run(self, http: SyncHttp) -> Response:
        return http.send(self.request)

    async def run_async(self, http: AsyncHttp) -> Response:
        return await http.send(self.request)


class Sleep:
    """Waits for a number of seconds."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def run(self, http: SyncHttp) -> None:
        http.clock.sleep(self.seconds)

    async def run_async(self, http: AsyncHttp) -> None:
        await http.clock.sleep_async(self.seconds)


class Call:
    """Calls a function of the user's for a credential; in an async client it may be a coroutine function.

    Text comes back as a Secret: the drivers' frames are part of every traceback.
    """

    __slots__ = ("function",)

    def __init__(self, function: Callable[[], Any]) -> None:
        self.function = function

    def run(self, http: SyncHttp) -> Any:
        result = self.function()
        if inspect.isawaitable(result):
            if inspect.iscoroutine(result):
                result.close()
            raise ConfigurationError(
                "an async callable was given to a sync client; use the Async class or a plain function"
            )
        return Secret(result) if isinstance(result, str) else result

    async def run_async(self, http: AsyncHttp) -> Any:
        result = self.function()
        if inspect.isawaitable(result):
            result = await result
        return Secret(result) if isinstance(result, str) else result


class Notify:
    """Tells a function of the user's how far a workflow is; in an async client it may be a coroutine function."""

    __slots__ = ("function", "news")

    def __init__(self, function: Callable[[Any], Any], news: Any) -> None:
        self.function = function
        self.news = news

    def run(self, http: SyncHttp) -> None:
        result = self.function(self.news)
        if inspect.iscoroutine(result):
            result.close()
            raise ConfigurationError(
                "an async callback was given to a sync client; use the Async class or a plain function"
            )

    async def run_async(self, http: AsyncHttp) -> None:
        result = self.function(self.news)
        if inspect.isawaitable(result):
            await result


class Blocking(Generic[T]):
    """Calls a function that blocks, such as one that reads a file; an async client does so in a thread."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[[], T]) -> None:
        self.function = function

    def run(self, http: SyncHttp) -> T:
        return self.function()

    async def run_async(self, http: AsyncHttp) -> T:
        import asyncio

        return await asyncio.to_thread(self.function)


def run_sync(flow: Flow[T], http: SyncHttp) -> T:
    """Drives a flow to its end, blocking."""
    try:
        effect = next(flow)
        while True:
            try:
                result = effect.run(http)
            except BaseException as error:
                effect = flow.throw(error)
            else:
                effect = flow.send(result)
    except StopIteration as stop:
        value: T = stop.value
        return value


async def run_async(flow: Flow[T], http: AsyncHttp) -> T:
    """Drives a flow to its end on the event loop."""
    try:
        effect = next(flow)
        while True:
            try:
                result = await effect.run_async(http)
            except BaseException as error:
                effect = flow.throw(error)
            else:
                effect = flow.send(result)
    except StopIteration as stop:
        value: T = stop.value
        return value
