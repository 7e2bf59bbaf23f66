"""amnimo's playbacks: HLS that really plays, as long as it is kept alive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

from ..calls import Refusal
from ..mpegts import SEGMENT_SECONDS, segment
from .amnimo_cameras import ADDRESS
from .amnimo_times import moment, read_moment
from .drawing import stream, uuid_at

if TYPE_CHECKING:
    from starlette.requests import Request

    from ..calls import Call
    from ..world import World
    from .amnimo_cameras import Cameras

__all__ = ["Streams"]

_ROOT = "/amnimo-hls"
_SAMPLE = "e006cedc-247a-49e1-a18f-d59bef27dbcb"
_SAMPLE_PERIOD = 3600
_SHOWN = 4
"""Segments in a playlist."""
_KEPT = 30
"""Segments that are served after they left the playlist: a player may be behind."""
_REMEMBERED = 3600.0
"""Seconds for which a playback that is over is answered with 410 instead of 404."""
_MOST = 10_000

_FILE = re.compile(r"segment-([0-9]{1,9})\.ts")


@dataclass(slots=True)
class _Playback:
    camera: int
    camera_id: str
    begun: float
    shows: float
    """The moment that is played first."""
    period: int
    until: float


class Streams:
    """Answers the calls about playbacks, and serves what is played.

    Args:
        world: Seed, clock, origin of addresses.
        cameras: Where cameras are found.
    """

    def __init__(self, world: World, cameras: Cameras) -> None:
        self._world = world
        self._cameras = cameras
        self._ids = stream(world.seed, "amnimo/playback")
        self._begun = 0
        self._playbacks: dict[str, _Playback] = {}

    @property
    def playing(self) -> int:
        """How many playbacks go on."""
        now = self._world.clock.now()
        return sum(1 for one in self._playbacks.values() if now < one.until)

    def keep_sample(self, camera_id: str) -> None:
        """Begins the playback of the document's sample, for its examples to work; it ends after an hour."""
        now = self._world.started
        self._playbacks[_SAMPLE] = _Playback(
            0, camera_id, now, now, _SAMPLE_PERIOD, now + _SAMPLE_PERIOD
        )

    def start(self, call: Call) -> dict[str, Any]:
        """Begins a playback. How disconnected cameras are answered is not public: they play as others do."""
        _, camera = self._cameras.find(call)
        now, period, dt = self._world.clock.now(), call.get("keepAlivePeriod"), call.get("dt")
        shows = now if dt == "live" else read_moment(dt, "dt")
        if shows > now:
            raise Refusal(400, "dt is in the future")
        self._forget_old(now)
        request_id = uuid_at(self._ids, self._begun)
        self._begun += 1
        self._playbacks[request_id] = _Playback(
            camera.number, camera.id, now, shows, period, now + period
        )
        origin = self._world.storage_origin(call.origin)
        return {"requestId": request_id, ADDRESS: f"{origin}{_ROOT}/{request_id}/index.m3u8"}

    def stop(self, call: Call) -> dict[str, str]:
        """Ends a playback."""
        self._find(call).until = self._world.clock.now()
        return _done()

    def update(self, call: Call) -> dict[str, str]:
        """Lets a playback go on for another period, counted from now."""
        playback = self._find(call)
        playback.until = self._world.clock.now() + playback.period
        return _done()

    def routes(self) -> list[Route]:
        """Where playlists and segments are served. They ask for no token, as storages' signed addresses do not."""
        return [Route(f"{_ROOT}/{{request_id}}/{{file}}", self._serve, methods=["GET"])]

    async def _serve(self, request: Request) -> Response:
        with self._world.lock:
            playback = self._playbacks.get(request.path_params["request_id"])
            now = self._world.clock.now()
            over = playback is not None and now >= playback.until
        if playback is None:
            return _missing(404, "no such playback")
        if over:
            return _missing(410, "the playback is over: it was stopped, or not kept alive")
        newest = int((now - playback.begun) / SEGMENT_SECONDS) + _SHOWN - 1
        file = request.path_params["file"]
        if file == "index.m3u8":
            text = _playlist(newest, playback.shows)
            headers = {"Cache-Control": "no-store"}
            return Response(text, media_type="application/vnd.apple.mpegurl", headers=headers)
        found = _FILE.fullmatch(file)
        number = int(found[1]) if found else -1
        if not newest - _KEPT <= number <= newest or number < 0:
            return _missing(404, "no such segment")
        return Response(_segment(number, playback.camera % 100), media_type="video/mp2t")

    def _find(self, call: Call) -> _Playback:
        """A playback that goes on. For others no answer is public: 404."""
        _, camera = self._cameras.find(call)
        playback = self._playbacks.get(call.get("requestId"))
        if playback is None or playback.camera_id != camera.id:
            raise Refusal(404, "no such playback")
        if self._world.clock.now() >= playback.until:
            raise Refusal(404, "the playback is over")
        return playback

    def _forget_old(self, now: float) -> None:
        if len(self._playbacks) < 100:
            return
        old = [k for k, one in self._playbacks.items() if now >= one.until + _REMEMBERED]
        for key in old:
            del self._playbacks[key]
        # Dictionaries keep their order: the oldest stand first.
        while len(self._playbacks) >= _MOST:
            del self._playbacks[next(iter(self._playbacks))]


def _playlist(newest: int, shows: float) -> str:
    first = newest - _SHOWN + 1
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        f"#EXT-X-TARGETDURATION:{SEGMENT_SECONDS}",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        f"#EXT-X-PROGRAM-DATE-TIME:{moment(shows + first * SEGMENT_SECONDS)}",
    ]
    for number in range(first, newest + 1):
        lines += [f"#EXTINF:{SEGMENT_SECONDS:.3f},", f"segment-{number}.ts"]
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=64)
def _segment(number: int, shade: int) -> bytes:
    return segment(number, shade)


def _done() -> dict[str, str]:
    # Made up: the document's sample has the word "string" here.
    return {"result": "OK"}


def _missing(status: int, words: str) -> Response:
    return Response(f"{words}\n", status, media_type="text/plain")
