"""The function a user gives as on_event: what may be one, and what becomes of a call whose function fails."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime import Event

from .conftest import OpenSession
from .support import reply
from .watching import SIGN_IN, Spans, Told, console

OK = reply({})


def get(one: Any) -> Any:
    return one.run(one.client.cameras.get_camera("c"))


class OnPurposeError(Exception):
    pass


@pytest.mark.parametrize("bad", ["request", "response", "failure", "wait", "call", "token"])
def test_a_function_that_fails_ends_the_call(opened: OpenSession, bad: str) -> None:
    told, spans = Told(), Spans()

    def on_event(event: Event) -> None:
        told(event)
        if event.name == bad and event.call == 1:
            raise OnPurposeError

    cloud = console(reply({}, 503), OK)
    one = opened("aitrios", cloud, **SIGN_IN, on_event=on_event, tracing=spans.provider)
    with pytest.raises(OnPurposeError):
        one.run(one.client.manage_devices.get_device("d"))
    assert told.names[-1] == bad  # and it is not told of the end it has brought about
    (call,) = spans.named("aitrios.manage_devices.get_device")
    if bad != "call":
        assert call.attributes["error.type"] == "OnPurposeError"
    one.run(one.client.manage_devices.get_device("d"))
    assert (told[-1].name, told[-1].call, told[-1].error) == ("call", 2, None)


async def _async(event: Event) -> None: ...


async def _async_walk(event: Event) -> Any:
    yield event


def _walked(event: Event) -> Any:
    yield event


class AsyncCallable:
    async def __call__(self, event: Event) -> None: ...


@pytest.mark.parametrize(
    "function",
    [
        _async,
        partial(_async),
        AsyncCallable(),
        AsyncCallable().__call__,
        _async_walk,
        _walked,
        "print",
        7,
    ],
)
def test_functions_that_do_nothing_when_called_are_refused(
    opened: OpenSession, function: Any
) -> None:
    with pytest.raises(rt.ConfigurationError, match="amnimo: on_event is a plain function"):
        opened("amnimo", OK, on_event=function)


def test_a_coroutine_that_could_not_be_foreseen(opened: OpenSession) -> None:
    one = opened("amnimo", OK, on_event=lambda event: _async(event))
    with pytest.raises(rt.ConfigurationError, match="on_event gave a coroutine"):
        get(one)


def test_plain_callables_are_fine(opened: OpenSession) -> None:
    told = Told()
    for function in (told, told.__call__, partial(told), lambda event: told.append(event)):
        get(opened("amnimo", OK, on_event=function))
    assert told.names == ["request", "response", "call"] * 4
