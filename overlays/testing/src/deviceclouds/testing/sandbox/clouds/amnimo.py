"""amnimo: tenants, cameras, playbacks, clips, edge devices; few tokens, few requests a second."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ..calls import Refusal
from ..cloud import Cloud, handles
from .amnimo_cameras import Cameras
from .amnimo_devices import Devices
from .amnimo_fleet import Fleet
from .amnimo_limits import Limits
from .amnimo_media import MediaShelf
from .amnimo_streams import Streams
from .amnimo_times import moment

if TYPE_CHECKING:
    from starlette.routing import Route

    from ..._operations import Operation
    from ..._problems import Problem
    from ..calls import Call
    from ..world import World

__all__ = ["CLOUD", "AmnimoCloud"]

TOKEN_SECONDS = 7200
"""The document's sample."""


class AmnimoCloud(Cloud):
    """See the module."""

    vendor = "amnimo"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._limits = Limits(world)
        self._fleet = Fleet(world)
        self._cameras = Cameras(world, self._fleet)
        self._streams = Streams(world, self._cameras)
        self._media = MediaShelf(world, self._fleet, self._cameras)
        self._devices = Devices(world, self._fleet)
        self._streams.keep_sample(self._fleet.camera(0).id)

    def routes(self) -> list[Route]:
        """What is played."""
        return self._streams.routes()

    def fleet(self) -> dict[str, int]:
        """See the base class."""
        return {
            **self._fleet.counts,
            "clips and snapshots": self._media.count,
            "playbacks": self._streams.playing,
            "token calls this month": self._limits.token_calls,
        }

    def admit(self, call: Call) -> None:
        """Keeps to the limit of requests, those for tokens among them."""
        self._limits.count_request()

    def refuse_token(self, state: str) -> Refusal:
        """403, as documented for expired tokens. For wrong ones, and for a wrong secret key, no status is public."""
        if state == "credentials":
            return Refusal(401, "client id or secret key is wrong")
        return Refusal(403, f"the access token is {'expired' if state == 'expired' else 'wrong'}")

    def refuse_request(
        self, operation: Operation | None, status: int, problems: Sequence[Problem]
    ) -> Refusal:
        """See the base class."""
        return Refusal(status, "; ".join(map(str, problems[:10])))

    def error(self, status: int, code: str | None, message: str) -> list[dict[str, Any]]:
        """The one shape the document shows; that all errors have it is a guess."""
        return [
            {
                "ts": moment(self.world.clock.now()),
                "status": HTTPStatus(status).phrase.upper(),
                "message": message,
                "details": [],
            }
        ]

    @handles("issue_token")
    def _token(self, call: Call) -> dict[str, Any]:
        if "grant_type" not in call.body:
            # Not marked as required in the document; OAuth 2 requires it.
            raise Refusal(400, "grant_type is missing")
        self._limits.count_token()
        token = self.world.tokens.issue(self.vendor, TOKEN_SECONDS)
        return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}

    @handles("get_hierarchy")
    def _hierarchy(self, call: Call) -> dict[str, Any]:
        return self._fleet.hierarchy(call.get("accountId"))

    @handles("list_cameras")
    def _list_cameras(self, call: Call) -> dict[str, Any]:
        return self._cameras.listed(call)

    @handles("get_camera")
    def _get_camera(self, call: Call) -> dict[str, Any]:
        return self._cameras.one(call)

    @handles("list_thumbnails")
    def _list_thumbnails(self, call: Call) -> dict[str, Any]:
        return self._cameras.thumbnails(call)

    @handles("get_recording_history")
    def _get_recording_history(self, call: Call) -> list[dict[str, int]]:
        return self._cameras.history(call)

    @handles("start_hls")
    def _start_hls(self, call: Call) -> dict[str, Any]:
        return self._streams.start(call)

    @handles("stop_hls")
    def _stop_hls(self, call: Call) -> dict[str, str]:
        return self._streams.stop(call)

    @handles("update_hls")
    def _update_hls(self, call: Call) -> dict[str, str]:
        return self._streams.update(call)

    @handles("create_media")
    def _create_media(self, call: Call) -> dict[str, Any]:
        return self._media.create(call)

    @handles("search_media", "search_camera_media")
    def _search_media(self, call: Call) -> list[dict[str, Any]]:
        return self._media.search(call)

    @handles("get_media")
    def _get_media(self, call: Call) -> dict[str, Any]:
        return self._media.one(call)

    @handles("update_media")
    def _update_media(self, call: Call) -> dict[str, Any]:
        return self._media.rename(call)

    @handles("delete_media")
    def _delete_media(self, call: Call) -> None:
        self._media.delete(call)

    @handles("list_external_devices")
    def _list_external_devices(self, call: Call) -> dict[str, Any]:
        return self._devices.listed(call)

    @handles("get_external_devices")
    def _get_external_devices(self, call: Call) -> dict[str, Any]:
        return self._devices.connected(call)

    @handles("get_peripherals")
    def _get_peripherals(self, call: Call) -> dict[str, Any]:
        return self._devices.ports(call)

    @handles("operate_port")
    def _operate_port(self, call: Call) -> dict[str, Any]:
        return self._devices.operate(call)


CLOUD = AmnimoCloud
