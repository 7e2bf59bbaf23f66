"""amnimo's playbacks in the sandbox: playlists and segments that play, while they are kept alive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.testing.sandbox.mpegts import segment

from .raw_http import raw_http
from .transport_stream import Reader

CAMERA = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
OTHER = "cbc3283e-6217-4855-9934-148717cbeefe"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["amnimo"], strict=True, size=0.05, frozen=True) as sandbox:
        yield sandbox


@pytest.fixture
def raw(sandbox: Sandbox) -> Iterator[httpx2.Client]:
    with raw_http(sandbox) as client:
        yield client


def begun(client: Any, **options: Any) -> tuple[str, str]:
    reply = client.streams.start_hls(CAMERA, **{"dt": "live", **options})
    (address,) = reply.unknown_fields.values()
    assert reply.request_id in address
    return reply.request_id, address


def segments(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_a_playlist_moves_on_with_the_clock(
    sandbox: Sandbox, client: Any, raw: httpx2.Client
) -> None:
    _, address = begun(client, keep_alive_period=60)
    first = raw.get(address)
    assert first.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert first.text.startswith("#EXTM3U\n")
    assert "#EXT-X-ENDLIST" not in first.text
    assert segments(first.text) == [f"segment-{n}.ts" for n in range(4)]
    sandbox.clock.advance(5)
    later = raw.get(address).text
    assert segments(later) == [f"segment-{n}.ts" for n in range(2, 6)]
    assert "#EXT-X-MEDIA-SEQUENCE:2\n" in later
    now = sandbox.clock.datetime() - timedelta(seconds=5) + timedelta(seconds=4)
    assert f"#EXT-X-PROGRAM-DATE-TIME:{now:%Y-%m-%dT%H:%M:%S}" in later


def test_consecutive_segments_play_without_a_seam(client: Any, raw: httpx2.Client) -> None:
    _, address = begun(client)
    reader = Reader()
    for name in segments(raw.get(address).text):
        reply = raw.get(httpx2.URL(address).join(name))
        assert reply.headers["content-type"] == "video/mp2t"
        reader.feed(reply.content)
    assert len(reader.frames) == 40
    for number, frame in enumerate(reader.frames):
        assert frame.shown == 90_000 + number * 18_000
        assert frame.clock == frame.shown - 9_000
        # A delimiter, then parameters and a whole picture, or a repetition.
        assert frame.units == ([9, 7, 8, 5] if number % 10 == 0 else [9, 1])


@pytest.mark.parametrize("number", [0, 7, 47_720, 47_721, 10**8, 10**9 - 2])
def test_segments_of_long_playbacks_join_too(number: int) -> None:
    reader = Reader()
    reader.feed(segment(number) + segment(number + 1))
    shown = [frame.shown for frame in reader.frames]
    assert all((b - a) % 2**33 == 18_000 for a, b in pairwise(shown))


def test_a_segment_holds_the_whole_picture() -> None:
    content, streams = segment(3, 5), segment(3, 6)
    assert content == segment(3, 5) != streams
    # A macroblock that is not compressed: its 256 luma samples, then its colour.
    assert content.replace(b"\x47\x01\x00", b"").count(bytes([210]) * 100) >= 6


def test_a_playback_ends_after_its_period(
    sandbox: Sandbox, client: Any, raw: httpx2.Client
) -> None:
    request_id, address = begun(client, keep_alive_period=10)
    sandbox.clock.advance(9)
    assert raw.get(address).status_code == 200
    sandbox.clock.advance(1)
    assert raw.get(address).status_code == 410
    assert raw.get(httpx2.URL(address).join("segment-1.ts")).status_code == 410
    for call in (client.streams.update_hls, client.streams.stop_hls):
        with pytest.raises(rt.NotFoundError, match="over"):
            call(CAMERA, request_id=request_id)


def test_a_playback_is_prolonged_and_stopped(
    sandbox: Sandbox, client: Any, raw: httpx2.Client
) -> None:
    request_id, address = begun(client, keep_alive_period=10)
    for _ in range(4):
        sandbox.clock.advance(9)
        client.streams.update_hls(CAMERA, request_id=request_id)
    assert raw.get(address).status_code == 200
    client.streams.stop_hls(CAMERA, request_id=request_id)
    assert raw.get(address).status_code == 410


def test_playbacks_are_told_apart(sandbox: Sandbox, client: Any, raw: httpx2.Client) -> None:
    one, first = begun(client)
    two, second = begun(client)
    assert one != two
    client.streams.stop_hls(CAMERA, request_id=one)
    assert [raw.get(address).status_code for address in (first, second)] == [410, 200]
    with pytest.raises(rt.NotFoundError):
        client.streams.update_hls(OTHER, request_id=two)
    with pytest.raises(rt.NotFoundError):
        client.streams.update_hls(CAMERA, request_id="none")
    assert raw.get(first.replace(one, "none")).status_code == 404


@pytest.mark.parametrize(
    "file",
    [
        "segment-4.ts",
        "segment--1.ts",
        "segment-\N{ARABIC-INDIC DIGIT ONE}.ts",
        "segment-1.ts.ts",
        "x",
        "segment-9999999999.ts",
    ],
)
def test_other_files_are_not_there(client: Any, raw: httpx2.Client, file: str) -> None:
    _, address = begun(client)
    assert raw.get(httpx2.URL(address).join(file)).status_code == 404


def test_old_segments_go(sandbox: Sandbox, client: Any, raw: httpx2.Client) -> None:
    _, address = begun(client, keep_alive_period=3600)
    sandbox.clock.advance(3000)
    newest = int(re.findall(r"segment-(\d+)", raw.get(address).text)[-1])
    for number, status in (
        (newest, 200),
        (newest - 30, 200),
        (newest - 31, 404),
        (newest + 1, 404),
    ):
        found = raw.get(httpx2.URL(address).join(f"segment-{number}.ts"))
        assert found.status_code == status


def test_recordings_play_from_a_moment(sandbox: Sandbox, client: Any, raw: httpx2.Client) -> None:
    _, address = begun(client, dt="2020-01-02T03:04:05.678Z")
    assert "#EXT-X-PROGRAM-DATE-TIME:2020-01-02T03:04:05.678Z" in raw.get(address).text
    for dt in ("yesterday", "2020-01-02", "2020-01-02T03:04:05", "9999-01-01T00:00:00Z", ""):
        with pytest.raises(rt.BadRequestError, match="dt"):
            client.streams.start_hls(CAMERA, dt=dt)


def test_the_samples_playback_lasts_an_hour(sandbox: Sandbox, client: Any) -> None:
    sample = {"request_id": "e006cedc-247a-49e1-a18f-d59bef27dbcb"}
    client.streams.update_hls(CAMERA, **sample)
    sandbox.clock.advance(3600)
    with pytest.raises(rt.NotFoundError):
        client.streams.update_hls(CAMERA, **sample)


def test_our_clients_session_plays_and_stops(
    sandbox: Sandbox, client: Any, raw: httpx2.Client
) -> None:
    with client.hls_session(CAMERA, keep_alive=False) as playback:
        (address,) = playback.urls
        assert raw.get(address).status_code == 200
        assert sandbox.clouds["amnimo"].fleet()["playbacks"] == 2
    assert raw.get(address).status_code == 410


def test_many_playbacks_are_forgotten(sandbox: Sandbox, client: Any) -> None:
    streams: Any = sandbox.clouds["amnimo"]._streams  # type: ignore[attr-defined]
    sandbox.world.rate_limits = False
    for _ in range(120):
        begun(client)
    assert len(streams._playbacks) == 121
    sandbox.clock.advance(2 * 3600 + 20)
    begun(client)
    assert len(streams._playbacks) == 1


def test_over_a_socket_addresses_are_the_servers(sandbox: Sandbox) -> None:
    with sandbox.serve() as server:
        token = {"Authorization": "Bearer demo"}
        path = (
            f"/partitions/d079718b-ff63-45dd-947b-4950c023750f/cameras/{CAMERA}/streams/hls/start"
        )
        url = f"{server.base_url('amnimo')}{path}?dt=live"
        with httpx2.Client(trust_env=False) as http:
            address = http.get(url, headers=token).json()["sandboxUrl"]
            assert address.startswith(server.url)
            name = segments(http.get(address).text)[0]
            Reader().feed(http.get(httpx2.URL(address).join(name)).content)
