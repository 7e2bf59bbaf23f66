"""A playback over HLS: its start, its keep-alive and its stop, as flows that sync and async clients share."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from deviceclouds._generated.amnimo.operations.streams import START_HLS, STOP_HLS, UPDATE_HLS
from deviceclouds.runtime._addresses import addresses_in
from deviceclouds.runtime._effects import Sleep
from deviceclouds.runtime._encode import format_datetime
from deviceclouds.runtime._errors import (
    ApiConnectionError,
    ApiStatusError,
    ConfigurationError,
    DecodeError,
    DeviceCloudError,
    InvalidRequestError,
    NotFoundError,
)
from deviceclouds.runtime._retry import RETRIED_STATUSES

from .alarm import Alarm, Wait

if TYPE_CHECKING:
    from deviceclouds._generated.amnimo.models import HlsSession
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._operation import Operation
    from deviceclouds.runtime._unset import Unset
    from deviceclouds.runtime._workflow import Workflow

__all__ = ["Playback", "Wanted"]

LONGEST_CALL = 15.0
"""Seconds that update_hls and stop_hls may take: who leaves a playback waits for them."""

STOP_AGAIN_AFTER = 1.0


class Wanted(NamedTuple):
    """What to play, as :meth:`~deviceclouds.amnimo.Amnimo.hls_session` was asked."""

    camera_id: str
    dt: str | datetime
    keep_alive_period: int
    retry: int | Unset
    keep_alive: bool
    subscription_id: str | Unset


class Playback:
    """A playback that was asked for; it begins when it is entered, and is stopped when it is left.

    Attributes:
        camera_id: The camera.
    """

    def __init__(self, work: Workflow, wanted: Wanted) -> None:
        self.camera_id = wanted.camera_id
        self._work = work
        self._wanted = wanted
        self._dt = _moment(wanted.dt)
        _check_period(wanted.keep_alive_period)
        self._interval = wanted.keep_alive_period / 3
        self._reply: HlsSession | None = None
        self._request_id = ""
        self._failed: Exception | None = None
        self._due = self._until = 0.0
        self._open = self._entered = False
        self._alarm = Alarm()
        self._lock = threading.Lock()
        self._process = os.getpid()

    @property
    def reply(self) -> HlsSession:
        """What start_hls replied; the playing address is among its ``unknown_fields``."""
        if self._reply is None:
            raise ConfigurationError(
                "the playback has not begun; use it in a with statement", vendor="amnimo"
            )
        return self._reply

    @property
    def request_id(self) -> str:
        """Id of the playback, for update_hls and stop_hls."""
        _ = self.reply
        return self._request_id

    @property
    def urls(self) -> tuple[str, ...]:
        """All http(s) addresses in the reply, those of an HLS playlist (``.m3u8``) first. May be empty.

        Inferred: the vendor's page does not name the field of the address. Who has it may be able to watch.
        """
        found = [address.reveal() for address in addresses_in(self.reply.unknown_fields).values()]
        return tuple(sorted(found, key=lambda url: ".m3u8" not in url.lower()))

    @property
    def alive(self) -> bool:
        """Whether it was begun, was not left, and has been kept alive so far."""
        return self._open and self._failed is None and self._process == os.getpid()

    @property
    def failed(self) -> Exception | None:
        """Why it could not be kept alive; None as long as it could."""
        return self._failed

    def __repr__(self) -> str:
        state = "lost" if self._failed else "playing" if self._open else "not playing"
        return f"<{type(self).__name__} of camera {self.camera_id}, {state}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("a playback is not pickled: it belongs to the process that began it")

    def _begin(self) -> None:
        if self._entered:
            raise ConfigurationError(
                "a playback is entered once; call hls_session() again", vendor="amnimo"
            )
        self._entered = True

    def _end(self) -> bool:
        """Whether there is something to stop. After a fork there is not: the parent goes on watching."""
        if self._process != os.getpid():
            return False
        with self._lock:
            was_open, self._open = self._open, False
        return was_open

    def _start(self) -> Flow[None]:
        """Sent once: each start that arrives makes the device upload."""
        wanted, clock = self._wanted, self._work.clock
        sent = clock.now()
        reply = yield from self._work.call(
            START_HLS,
            {
                "camera_id": wanted.camera_id,
                "dt": self._dt,
                "retry": wanted.retry,
                "keep_alive_period": wanted.keep_alive_period,
                "subscription_id": wanted.subscription_id,
            },
        )
        if not reply.request_id:
            raise DecodeError(
                "the reply has no requestId: the playback can neither be kept alive nor stopped, and ends by itself"
                f" after {wanted.keep_alive_period} seconds",
                vendor="amnimo",
                operation=START_HLS.name,
            )
        self._reply, self._request_id = reply, str(reply.request_id)
        self._prolonged(sent)
        self._open = True

    def _keep_alive(self) -> Flow[None]:
        """Prolongs until the alarm rings. A failure is tried again while the period lasts, then raised."""
        clock = self._work.clock
        while not (yield Wait(self._alarm, self._due - clock.now())):
            sent = clock.now()
            try:
                yield from self._do(UPDATE_HLS)
            except DeviceCloudError as error:
                if not _may_pass(error) or clock.now() >= self._until:
                    raise
                self._due = clock.now() + max(1.0, self._interval / 4)
            else:
                self._prolonged(sent)

    def _prolonged(self, sent: float) -> None:
        self._due = sent + self._interval
        self._until = self._work.clock.now() + self._wanted.keep_alive_period

    def _stop(self) -> Flow[None]:
        """Tries twice: otherwise the device uploads for the rest of the period."""
        try:
            yield from self._do(STOP_HLS)
        except DeviceCloudError as error:
            if not _may_pass(error):
                raise
            yield Sleep(STOP_AGAIN_AFTER)
            with suppress(NotFoundError):  # then the first one has arrived after all
                yield from self._do(STOP_HLS)

    def _do(self, operation: Operation[Any]) -> Flow[None]:
        arguments: Mapping[str, Any] = {
            "camera_id": self.camera_id,
            "request_id": self._request_id,
            "subscription_id": self._wanted.subscription_id,
        }
        longest = min(LONGEST_CALL, self._interval)
        connect, read, write, pool = (min(t, longest) for t in self._work.core.config.timeout)
        # The replies hold a word whose values are not public: a success status has to do.
        yield from self._work.send(operation, arguments, {"timeout": (connect, read, write, pool)})

    def _report(self, stop_error: Exception | None, error: BaseException | None) -> None:
        """Raises what went wrong with the playback; where the body has failed, its error learns of it instead."""
        seconds = self._wanted.keep_alive_period
        troubles: list[tuple[Exception, str]] = []
        if self._failed is not None:
            troubles.append((self._failed, "the playback was lost: it could not be kept alive"))
        if stop_error is not None:
            text = f"the playback could not be stopped; it ends by itself within {seconds} seconds"
            troubles.append((stop_error, text))
        if not troubles:
            return
        raised = troubles[0][0] if error is None else error
        for trouble, text in troubles:
            raised.add_note(text if trouble is raised else f"{text}: {trouble}")
        if error is None:
            raise raised


def _may_pass(error: DeviceCloudError) -> bool:
    """Whether the same call may succeed a little later."""
    if isinstance(error, ApiConnectionError):
        return error.repeatable
    return isinstance(error, ApiStatusError) and error.status_code in RETRIED_STATUSES


def _moment(dt: str | datetime) -> str:
    if not isinstance(dt, datetime):
        return dt
    if dt.tzinfo is None:
        raise InvalidRequestError(
            "dt must be a datetime with a time zone, or the word live",
            vendor="amnimo",
            operation=START_HLS.name,
        )
    return format_datetime(dt)


def _check_period(seconds: object) -> None:
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 10 <= seconds <= 3600:
        raise InvalidRequestError(
            f"keep_alive_period={seconds!r} is not usable; give whole seconds, 10 to 3600",
            vendor="amnimo",
            operation=START_HLS.name,
        )
