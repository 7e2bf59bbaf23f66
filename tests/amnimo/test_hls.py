"""Playbacks: begun once, kept alive, always stopped, and what of them their user learns."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import TOKEN, reply

from .player import CAMERA, STARTED, Answer, Player

OpenPlayer = Callable[..., Player]
BUSY = reply({"message": "busy"}, 503)
GONE = reply([{"status": "NOT FOUND", "message": "no such request"}], 404)
CUT = httpx2.ConnectError("cut")


@pytest.fixture
def opened(kind: str, runner: asyncio.Runner) -> Iterator[OpenPlayer]:
    """Opens a player: ``opened(update=reply({}, 404))``."""
    players: list[Player] = []

    def open_player(**answers: Answer | list[Answer]) -> Player:
        players.append(Player(kind, runner, **answers))
        return players[-1]

    yield open_player
    for player in players:
        assert not player.working
        player.session.close()


def test_a_playback(opened: OpenPlayer) -> None:
    one = opened()
    with one.playing(retry=3) as playback:
        assert playback.alive
        assert playback.failed is None
        assert playback.request_id == "req-1"
        assert playback.reply.unknown_fields["anUnknownName"] == STARTED["anUnknownName"]
        one.move(19.9)
        assert one.cloud.asked == ["start"]
        one.move(0.1)
        assert one.cloud.asked == ["start", "update"]
        one.move(20)
        assert one.working
    assert one.cloud.asked == ["start", "update", "update", "stop"]
    assert not playback.alive
    start, update, _, stop = one.cloud.requests
    path = f"/ex/partitions/sub/cameras/{CAMERA}/streams/hls"
    assert start.url.path == f"{path}/start"
    assert dict(start.url.params) == {"dt": "live", "keepAlivePeriod": "60", "retry": "3"}
    for request in (update, stop):
        assert dict(request.url.params) == {"requestId": "req-1"}
    for request in one.cloud.requests:
        assert request.headers["authorization"] == f"Bearer {TOKEN}"


def test_the_period_and_the_subscription_are_the_users(opened: OpenPlayer) -> None:
    one = opened()
    moment = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    with one.playing(dt=moment, keep_alive_period=3600, subscription_id="other"):
        one.move(1199)
        assert one.cloud.asked == ["start"]
        one.move(1)
    assert one.cloud.asked == ["start", "update", "stop"]
    assert one.cloud.requests[0].url.params["dt"] == "2026-03-01T12:30:00.000Z"
    assert all("/partitions/other/" in str(request.url) for request in one.cloud.requests)


def test_updates_wait_no_longer_than_they_are_worth(opened: OpenPlayer) -> None:
    one = opened()
    with one.playing(keep_alive_period=30):
        one.move(10)
    start, update, stop = (request.extensions["timeout"]["read"] for request in one.cloud.requests)
    assert (start, update, stop) == (60, 10, 10)


def test_addresses(opened: OpenPlayer) -> None:
    found = {
        "requestId": "req-1",
        "page": "https://play.test/page",
        "note": "not an address",
        "inner": {"list": ["HTTPS://play.test/x/index.M3U8?sig=1", 7, None]},
        "odd": "http://[",
        "other": "rtsp://play.test/x",
    }
    one = opened(start=reply(found))
    with one.playing() as playback:
        assert playback.urls == (
            "HTTPS://play.test/x/index.M3U8?sig=1",
            "https://play.test/page",
        )
    assert opened(start=reply({"requestId": "r"})).make().alive is False


def test_a_reply_without_an_address(opened: OpenPlayer) -> None:
    one = opened(start=reply({"requestId": "req-1"}))
    with one.playing() as playback:
        assert playback.urls == ()


def test_nothing_secret_is_shown(opened: OpenPlayer) -> None:
    one = opened()
    with one.playing() as playback:
        assert repr(playback).endswith(f"of camera {CAMERA}, playing>")
        assert "hush" not in repr(playback) + repr(playback.reply)
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(playback)
    assert repr(playback).endswith("not playing>")


@pytest.mark.parametrize("answer", [BUSY, CUT, reply({}, 429), reply(b"<html>")])
def test_a_start_is_not_repeated(opened: OpenPlayer, answer: Any) -> None:
    one = opened(start=answer)
    with pytest.raises(rt.DeviceCloudError):
        one.enter(one.make())
    assert one.cloud.asked == ["start"]
    assert not one.playback.alive
    one.leave(one.playback)  # nothing to stop
    assert one.cloud.asked == ["start"]


@pytest.mark.parametrize("body", [{}, {"requestId": None}, {"requestId": ""}])
def test_a_start_without_an_id(opened: OpenPlayer, body: Any) -> None:
    one = opened(start=reply(body))
    with pytest.raises(rt.DecodeError, match=r"no requestId.* after 60 seconds"):
        one.enter(one.make())
    assert one.cloud.asked == ["start"]


@pytest.mark.parametrize("trouble", [BUSY, CUT, reply({}, 429)])
def test_an_update_that_fails_once(opened: OpenPlayer, trouble: Any) -> None:
    one = opened(update=[trouble, reply({})])
    with one.playing() as playback:
        one.move(20)
        assert playback.alive
        one.move(5)  # again, sooner
        assert one.cloud.asked == ["start", "update", "update"]
        one.move(19)
        assert one.cloud.asked == ["start", "update", "update"]
        one.move(1)
        assert playback.failed is None
    assert one.cloud.asked == ["start", "update", "update", "update", "stop"]


def test_an_odd_reply_to_an_update_is_no_failure(opened: OpenPlayer) -> None:
    one = opened(update=reply(b""), stop=reply(b"done"))
    with one.playing() as playback:
        one.move(20)
        assert playback.alive
    assert one.cloud.asked == ["start", "update", "stop"]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refused_update_loses_the_playback(opened: OpenPlayer, status: int) -> None:
    one = opened(update=reply({"message": "no"}, status), stop=GONE)

    def played() -> None:
        with one.playing() as playback:
            one.move(20)
            assert not playback.alive
            assert playback.failed is not None
            assert repr(playback).endswith("lost>")
            one.move(100)

    with pytest.raises(rt.ApiStatusError) as caught:
        played()
    assert caught.value is one.playback.failed
    assert caught.value.status_code == status
    assert caught.value.operation == "streams.update_hls"
    lost, unstopped = caught.value.__notes__
    assert "was lost" in lost
    assert "could not be stopped" in unstopped
    assert one.cloud.asked == ["start", "update", "stop"]


def test_updates_are_tried_while_the_period_lasts(opened: OpenPlayer) -> None:
    one = opened(update=CUT)

    def played() -> None:
        with one.playing() as playback:
            one.move(20)
            for _ in range(7):
                one.move(5)
                assert playback.alive
            one.move(5)  # now the 60 seconds are over
            assert not playback.alive
            one.move(100)

    with pytest.raises(rt.ApiConnectionError) as caught:
        played()
    assert "was lost" in caught.value.__notes__[0]
    assert one.cloud.asked == ["start", *["update"] * 9, "stop"]


def test_a_stop_is_tried_twice(opened: OpenPlayer) -> None:
    one = opened(stop=[CUT, reply({})])
    with one.playing():
        pass
    assert one.cloud.asked == ["start", "stop", "stop"]


def test_a_stop_that_arrived_though_its_reply_was_lost(opened: OpenPlayer) -> None:
    one = opened(stop=[CUT, GONE])
    with one.playing():
        pass
    assert one.cloud.asked == ["start", "stop", "stop"]


@pytest.mark.parametrize(("answer", "tries"), [(GONE, 1), (CUT, 2), (BUSY, 2)])
def test_a_stop_that_fails_is_told(opened: OpenPlayer, answer: Any, tries: int) -> None:
    one = opened(stop=answer)
    with pytest.raises(rt.DeviceCloudError) as caught, one.playing() as playback:
        pass
    assert caught.value.operation == "streams.stop_hls"
    (note,) = caught.value.__notes__
    assert "ends by itself within 60 seconds" in note
    assert one.cloud.asked == ["start", *["stop"] * tries]
    assert not playback.alive


@pytest.mark.parametrize(
    "kind_of_error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit]
)
def test_the_error_of_the_block_wins(opened: OpenPlayer, kind_of_error: Any) -> None:
    one = opened()
    error = kind_of_error("mine")
    with pytest.raises(kind_of_error) as caught, one.playing():
        raise error
    assert caught.value is error
    assert not hasattr(error, "__notes__")
    assert one.cloud.asked == ["start", "stop"]


def test_the_error_of_the_block_learns_the_rest(opened: OpenPlayer) -> None:
    one = opened(update=GONE, stop=BUSY)

    def played() -> None:
        with one.playing():
            one.move(20)
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine") as caught:
        played()
    lost, unstopped = caught.value.__notes__
    assert "was lost" in lost
    assert "streams.update_hls" in lost
    assert "could not be stopped" in unstopped
    assert "503" in unstopped


def test_closed_more_than_once(opened: OpenPlayer) -> None:
    one = opened(stop=GONE)
    with one.playing() as playback:
        one.clock.hurried = True
        with pytest.raises(rt.NotFoundError):
            one.session.run(playback.close())
        assert not playback.alive
        one.session.run(playback.close())
    assert one.cloud.asked == ["start", "stop"]


def test_entered_more_than_once(opened: OpenPlayer) -> None:
    one = opened()
    with one.playing() as playback:
        with pytest.raises(rt.ConfigurationError, match="entered once"):
            one.enter(playback)
        assert playback.alive
    with pytest.raises(rt.ConfigurationError, match="entered once"):
        one.enter(playback)
    assert one.cloud.asked == ["start", "stop"]


def test_before_it_begins(opened: OpenPlayer) -> None:
    one = opened()
    playback = one.make()
    for name in ("reply", "request_id", "urls"):
        with pytest.raises(rt.ConfigurationError, match="with statement"):
            getattr(playback, name)
    one.session.run(playback.close())
    assert one.cloud.asked == []


def test_without_keep_alive(opened: OpenPlayer) -> None:
    one = opened()
    with one.playing(keep_alive=False) as playback:
        assert not one.working
        one.move(3600)
        assert playback.alive
    assert one.cloud.asked == ["start", "stop"]


@pytest.mark.parametrize("period", [9, 3601, True, "60", 60.0, None, rt.UNSET])
def test_a_period_that_cannot_be(opened: OpenPlayer, period: Any) -> None:
    with pytest.raises(rt.InvalidRequestError, match="10 to 3600"):
        opened().make(keep_alive_period=period)


def test_other_arguments_that_cannot_be(opened: OpenPlayer) -> None:
    one = opened()
    with pytest.raises(rt.InvalidRequestError, match="time zone"):
        one.make(dt=datetime(2026, 3, 1))
    with pytest.raises(rt.InvalidRequestError, match="retry"):
        one.enter(one.make(retry=0))
    assert one.cloud.asked == []
