"""VizioSense: vision sensors, pictures on request, webhooks that are really delivered."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ..calls import Refusal
from ..cloud import Cloud, handles
from ..pictures import jpeg
from ..storage import StoredFile
from ..tokens import DEMO
from .viziosense_fleet import Fleet
from .viziosense_webhooks import WebhookBook

if TYPE_CHECKING:
    from ..._operations import Operation
    from ..._problems import Problem
    from ..calls import Call
    from ..deliveries import Delivery
    from ..world import World

__all__ = ["CLOUD", "VizioSenseCloud"]

TOKEN_SECONDS = 3600
"""The specification's example; how long tokens live is not known."""
PER_PAGE = 20
"""The specification's example; the size of pages is not known."""
PICTURE_AFTER = 20
PICTURE_LIFE = 30 * 60
"""Seconds, by the document."""

_EMAIL = "demo@example.com"
_PICTURES = "viziosense/images"

# The vendor's table; it has no further ones.
_CODES = {400: "4000", 403: "4003", 405: "4005", 500: "5000"}


class VizioSenseCloud(Cloud):
    """See the module."""

    vendor = "viziosense"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._fleet = Fleet(world)
        self._webhooks = WebhookBook(world, self._fleet)
        world.storage.make_below(_PICTURES, self._picture)

    def fleet(self) -> dict[str, int]:
        """See the base class."""
        return {"sensors": self._fleet.count, "webhooks": self._webhooks.count}

    def deliveries(
        self, now: float, may_reach: Callable[[str], bool], most: int
    ) -> Iterable[Delivery]:
        """See the base class."""
        return self._webhooks.deliveries(now, may_reach, most)

    def refuse_token(self, state: str) -> Refusal:
        """400 with the vendor's number 4000, as documented."""
        return Refusal(400, "Access token error", code=_CODES[400])

    def refuse_request(
        self, operation: Operation | None, status: int, problems: Sequence[Problem]
    ) -> Refusal | None:
        """What is wrong, without the number of a refused token; the documented example where that is wrong."""
        about_token = any(problem.rule.startswith("credentials") for problem in problems)
        if about_token:
            return self.refuse_token("unknown")
        code = _CODES.get(status) if status != HTTPStatus.BAD_REQUEST else None
        return Refusal(status, "; ".join(map(str, problems[:10])), code=code)

    def error(self, status: int, code: str | None, message: str) -> dict[str, Any]:
        """The documented shape; without a number where the vendor's table has none."""
        return (
            {"message": message} if code is None else {"httpError": int(code), "message": message}
        )

    @handles("login")
    def _login(self, call: Call) -> dict[str, Any]:
        body = call.body
        if body["email"] not in (DEMO, _EMAIL) or body["password"] != DEMO:
            # What a wrong password gives is not known; this is the table's word for "not you".
            raise Refusal(403, "Unauthorized", code=_CODES[403])
        tokens = self.world.tokens
        return {
            "data": {
                "user": {
                    "type": "user",
                    "name": "Demo User",
                    "email": _EMAIL,
                    "role": ["integrator"],
                },
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "access_token": tokens.issue(self.vendor, TOKEN_SECONDS),
                # No operation for it is known.
                "refresh_token": tokens.issue(self.vendor, None, "refresh"),
            }
        }

    @handles("list_devices")
    def _list_devices(self, call: Call) -> dict[str, Any]:
        found = _sorted(self._chosen(call), call.get("sort"))
        number = call.get("page", 1)
        start = (number - 1) * PER_PAGE
        items = found[start : start + PER_PAGE]
        pages = max(1, math.ceil(len(found) / PER_PAGE))
        meta = {
            "current_page": number,
            "last_page": pages,
            "per_page": PER_PAGE,
            "total": len(found),
            "total_pages": pages,
        }
        if items:
            meta |= {"from": start + 1, "to": start + len(items)}
        now = self.world.clock.now()
        return {"data": [self._fleet.shown(one, now) for one in items], "meta": meta}

    @handles("get_device")
    def _get_device(self, call: Call) -> dict[str, Any]:
        return self._shown(self._fleet.records.get(call.get("device_uuid")))

    @handles("update_device")
    def _update_device(self, call: Call) -> dict[str, Any]:
        return self._shown(self._fleet.change(call.get("device_uuid"), call.body))

    @handles("request_image")
    def _request_image(self, call: Call) -> dict[str, list[str]]:
        uuid = call.get("device_uuid")
        self._shown(self._fleet.records.get(uuid))
        moment = math.floor(self.world.clock.now() * 1000)
        folder = f"{_PICTURES}/{uuid}/{moment}"
        names = ("_raw_image.jpg", "_annotated_image.jpg")
        return {"data": [call.url(f"{folder}/{name}", PICTURE_LIFE) for name in names]}

    @handles("list_webhooks")
    def _list_webhooks(self, call: Call) -> dict[str, Any]:
        return self._webhooks.listed(call)

    @handles("add_webhook")
    def _add_webhook(self, call: Call) -> dict[str, Any]:
        return self._webhooks.add(call)

    @handles("update_webhook")
    def _update_webhook(self, call: Call) -> dict[str, Any]:
        return self._webhooks.update(call)

    def _chosen(self, call: Call) -> list[dict[str, Any]]:
        group, state = call.get("group"), call.get("is_online")
        if state is not None and state not in ("Online", "Offline"):
            # How other values are taken is not known.
            raise Refusal(400, "is_online is Online or Offline")
        return [
            one
            for one in self._fleet.records
            if (group is None or self._fleet.group(one["uuid"]) == group)
            and (state is None or one["is_online"] == (state == "Online"))
        ]

    def _shown(self, record: dict[str, Any] | None) -> dict[str, Any]:
        if record is None:
            # The vendor's table has no number for it.
            raise Refusal(404, "no such device")
        return self._fleet.shown(record, self.world.clock.now())

    def _picture(self, name: str) -> StoredFile | None:
        uuid, moment, kind = name.split("/")
        sensor = self._fleet.find(uuid)
        ready = int(moment) / 1000 + PICTURE_AFTER
        # A sensor that is offline never sends one: a guess.
        if sensor is None or not sensor.online or self.world.clock.now() < ready:
            return None
        return StoredFile(_drawn(sensor.number, int(moment), "annotated" in kind), "image/jpeg")


def _sorted(found: list[dict[str, Any]], sort: str | None) -> list[dict[str, Any]]:
    """By a field; a minus before it turns the order round, as in the software the API was derived from."""
    if sort is None:
        return found
    name = sort.removeprefix("-")
    if found and name not in found[0]:
        # How other words are taken is not known.
        raise Refusal(400, "sort is the name of a field")
    return sorted(found, key=lambda one: one[name], reverse=sort.startswith("-"))


def _drawn(number: int, moment: int, annotated: bool) -> bytes:
    """A picture, 128 by 80 pixels; what was recognized has a frame."""
    left, top = 2 + moment // 1000 % 9, 2 + number % 4

    def colour(column: int, row: int) -> tuple[int, int, int]:
        across, down = column - left, row - top
        if 0 <= across < 3 and 0 <= down < 3:
            return 150, 110, 150
        if annotated and -1 <= across < 4 and -1 <= down < 4:
            return 200, 60, 60
        return 60 + 9 * row, 128, 120 - 2 * column

    return jpeg(16, 10, colour)


CLOUD = VizioSenseCloud
