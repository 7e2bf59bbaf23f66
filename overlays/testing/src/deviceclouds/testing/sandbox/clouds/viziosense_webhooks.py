"""VizioSense's webhooks: kept as they were added, and what they have to deliver."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from ..calls import Refusal
from ..deliveries import Delivery
from .viziosense_measures import Measures, Report

if TYPE_CHECKING:
    from ..calls import Call
    from ..world import World
    from .viziosense_fleet import Fleet, Sensor

__all__ = ["WebhookBook"]

_FIRST_ID = 7
_EXAMPLE = "https://receiver.example.com/viziosense"
_SEEDED = 6

# The sandbox's own bounds; the cloud's are not known.
_MOST_WEBHOOKS = 1000
_MOST_ADDITIONS = 50
_LONGEST = 2048

_OWN_HEADERS = {"host", "content-length", "transfer-encoding", "connection"}


@dataclass(slots=True)
class _Webhook:
    id: int
    device: str | None
    url: str
    kind: str
    status: int
    actions: str
    headers: list[tuple[str, str]]
    params: list[tuple[str, str]]
    sent_until: float

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "url": self.url,
            "webhook_type": self.kind,
            "status": self.status,
            "actions": self.actions,
            "data": {
                "headers": [{"name": name, "value": value} for name, value in self.headers],
                "params": [{"name": name, "value": value} for name, value in self.params],
            },
        }

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it delivers. How to subscribe to alerts is not known: made up here is the word in ``actions``."""
        return (self.kind, "alert") if "alert" in self.actions.lower() else (self.kind,)

    def delivery(self, kind: str, sensor: Sensor, report: Report) -> Delivery:
        due, body = report
        added = list(self.params)
        if kind == "keepalive":
            added = [("source", "VIZIOSENSE"), ("id", sensor.uuid), *added]
        headers = [(n, v) for n, v in self.headers if n.lower() not in _OWN_HEADERS]
        if body is not None:
            headers.append(("Content-Type", "application/json"))
        return Delivery(
            "viziosense",
            self.id,
            kind,
            due,
            "GET" if kind == "keepalive" else "POST",
            _with_query(self.url, added),
            tuple(headers),
            None if body is None else json.dumps(body, separators=(",", ":")).encode(),
        )


class WebhookBook:
    """Answers the calls about webhooks, and tells what they have to deliver.

    Args:
        world: Seed, size and clock.
        fleet: Whose webhooks.
    """

    def __init__(self, world: World, fleet: Fleet) -> None:
        self._world = world
        self._fleet = fleet
        self._measures = Measures(world.seed)
        self._webhooks: dict[int, _Webhook] = {}
        for number in range(min(_SEEDED, fleet.count)):
            self._seed(number)
        self._next = _FIRST_ID + _SEEDED

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._webhooks)

    def listed(self, call: Call) -> dict[str, Any]:
        """All webhooks, or those of a device."""
        device = self._device(call)
        found = [one for one in self._webhooks.values() if device in (None, one.device)]
        return {"data": [one.shown() for one in found]}

    def add(self, call: Call) -> dict[str, list[Any]]:
        """Adds a webhook. Without a device it is one of all devices: a guess."""
        device = self._device(call)
        if len(self._webhooks) >= _MOST_WEBHOOKS:
            raise Refusal(400, f"there are {_MOST_WEBHOOKS} webhooks, the most this sandbox keeps")
        if "url" not in call.body:
            # Not marked as required; without one there is nothing to deliver to.
            raise Refusal(400, "url is missing")
        added = _Webhook(self._next, device, "", "payload", 1, "", [], [], self._world.clock.now())
        self._set(added, call.body)
        self._webhooks[added.id] = added
        self._next += 1
        return {"error": []}

    def update(self, call: Call) -> dict[str, list[Any]]:
        """Changes a webhook.

        How the cloud tells which one is not known. Here it is the device's webhook with the same address, else the
        one of the same type, else the only one.
        """
        device = self._device(call)
        own = [one for one in self._webhooks.values() if one.device == device]
        found = (
            [one for one in own if one.url == call.body.get("url")]
            or [one for one in own if one.kind == call.body.get("webhook_type")]
            or (own if len(own) == 1 else [])
        )
        if not found:
            raise Refusal(404, "no webhook has this address or this type")
        was_active = found[0].status
        self._set(found[0], call.body)
        if found[0].status and not was_active:
            # What happened while it rested is not sent.
            found[0].sent_until = self._world.clock.now()
        return {"error": []}

    def deliveries(
        self, now: float, may_reach: Callable[[str], bool], most: int
    ) -> Iterator[Delivery]:
        """What is due since this was asked last; see :meth:`~..cloud.Cloud.deliveries`."""
        active = [one for one in self._webhooks.values() if one.status]
        for one in active:
            after, one.sent_until = one.sent_until, max(now, one.sent_until)
            sensors = [sensor for sensor in self._sensors(one) if sensor.online]
            reachable = may_reach(one.url)
            for sensor in sensors if reachable else sensors[:1]:
                for kind in one.kinds:
                    # One is enough to tell that an address is not sent to.
                    share = max(1, most // max(1, len(sensors))) if reachable else 1
                    for report in self._measures.due(kind, sensor, after, now, share):
                        yield one.delivery(kind, sensor, report)

    def _sensors(self, one: _Webhook) -> Iterator[Sensor]:
        numbers = range(self._fleet.count)
        if one.device is None:
            return (self._fleet.sensor(number) for number in numbers)
        found = self._fleet.find(one.device)
        return iter(() if found is None else (found,))

    def _device(self, call: Call) -> str | None:
        uuid: str | None = call.get("device_uuid")
        if uuid is not None and self._fleet.find(uuid) is None:
            raise Refusal(404, "no such device")
        return uuid

    def _set(self, one: _Webhook, body: dict[str, Any]) -> None:
        url = body.get("url", one.url)
        if len(url) > _LONGEST or _scheme(url) not in ("http", "https"):
            raise Refusal(400, f"url is no http(s) address of at most {_LONGEST} characters")
        data = body.get("data", {})
        headers, params = (
            _pairs(data[name]) if name in data else before
            for name, before in (("headers", one.headers), ("params", one.params))
        )
        one.url, one.headers, one.params = url, headers, params
        one.kind = body.get("webhook_type", one.kind)
        one.status = body.get("status", one.status)
        one.actions = body.get("actions", one.actions or one.kind)[:_LONGEST]

    def _seed(self, number: int) -> None:
        kind = "keepalive" if number % 2 else "payload"
        sensor = self._fleet.sensor(number)
        example = number == 0
        self._webhooks[_FIRST_ID + number] = _Webhook(
            _FIRST_ID + number,
            sensor.uuid,
            _EXAMPLE if example else f"{_EXAMPLE}/{number}",
            kind,
            # One rests.
            0 if number == _SEEDED - 1 else 1,
            kind,
            [("X-Api-Key", "example-key")] if example else [],
            [("site", "12")] if example else [],
            self._world.started,
        )


def _pairs(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    if len(items) > _MOST_ADDITIONS:
        raise Refusal(400, f"at most {_MOST_ADDITIONS} headers and parameters")
    pairs = [(item["name"], item.get("value", "")) for item in items if item.get("name")]
    if any(len(name) > _LONGEST or len(value) > _LONGEST for name, value in pairs):
        raise Refusal(400, f"names and values have at most {_LONGEST} characters")
    return pairs


def _scheme(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.scheme if parts.netloc else None


def _with_query(url: str, added: list[tuple[str, str]]) -> str:
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
