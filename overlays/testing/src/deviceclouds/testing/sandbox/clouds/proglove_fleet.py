"""Insight's fleet as it is in the beginning: gateways, scanners, users, jobs, configuration files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..records import Records
from .drawing import draw, stream, uuid_at
from .proglove_events import DAYS, EventBook, Place
from .proglove_scanners import Scanners

if TYPE_CHECKING:
    from ..world import World

__all__ = ["CUSTOMER", "ME", "Fleet", "config_text"]

CUSTOMER = "demo0001"
"""The only customer of the sandbox."""

ME = 1
"""Number of the user who signs in as ``demo``. Number 0 is the document's John Doe."""

# The document uses this one id for a gateway, a job configuration and a user.
_SAMPLE_ID = "919ebc9d-9788-4f08-93db-e238c5eaa69a"

# What is done at a gateway, and how the barcodes of its jobs begin; the first is the document's.
_WORK = (
    ("Picking", "1234", "5678"),
    ("Packing", "PACK-START-", "PACK-END-"),
    ("Receiving", "RECEIVE-START-", "RECEIVE-END-"),
    ("Sorting", "SORT-START-", "SORT-END-"),
    ("Inventory", "COUNT-START-", "COUNT-END-"),
    ("Shipping", "SHIP-START-", "SHIP-END-"),
)
_PHONES = (("Samsung Galaxy S8", "Proglove"), ("Sample Phone 2", "Sample Maker"))
_FIRST = ("John", "Ada", "Ben", "Chloe", "Dana", "Emil", "Fatima", "Goran", "Hana", "Ivo", "Jun")
_LAST = ("Doe", "Adler", "Brown", "Costa", "Dahl", "Evans", "Fischer", "Garcia", "Hall", "Ito")


class Fleet:
    """All records of the sandbox's customer.

    Args:
        world: Seed, size and start.
    """

    def __init__(self, world: World) -> None:
        seed, self._started = world.seed, int(world.started)
        self._draws = stream(seed, "proglove/fleet")
        gateways, jobs, users = world.count(40), world.count(120, 6), world.count(240)
        self._ids = {kind: stream(seed, f"proglove/{kind}") for kind in ("gateway", "job", "user")}
        self.gateways = self._records("gateway", gateways, self._gateway)
        self.job_configs = self._records("job", jobs, self._job_config, "job_config_id")
        self.users = self._records("user", users, self._user)
        self.device_configs = _numbered(world.count(12), self._device_config)
        self.scanners = Scanners(seed, self._started, world.count(3000), gateways)
        self.events = EventBook(
            seed,
            world.started,
            world.count(200_000, 60),
            [self._place(number) for number in range(gateways)],
        )

    def id_of(self, kind: str, number: int) -> str:
        """Identifier of a ``gateway``, ``job`` or ``user`` that was there from the start."""
        return _SAMPLE_ID if number == 0 else uuid_at(self._ids[kind], number)

    def _records(
        self, kind: str, count: int, make: Callable[[int], dict[str, Any]], key: str = "id"
    ) -> Records:
        numbers = {self.id_of(kind, number): number for number in range(count)}
        return Records(count, make, lambda record: str(record[key]), numbers.get)

    def _place(self, number: int) -> Place:
        usecase, start, end = _WORK[number % len(_WORK)]
        station = self._station(number)
        scanners = self.scanners.team(number)
        return Place(self.id_of("gateway", number), usecase, station, start, end, scanners)

    def _station(self, number: int) -> str:
        return f"Station{3 + number}"

    def _gateway(self, number: int) -> dict[str, Any]:
        model, manufacturer = _PHONES[number % 2]
        created = self._started - (DAYS + 20 + 9 * number) * 86400
        return {
            "id": self.id_of("gateway", number),
            "model": model,
            "manufacturer": manufacturer,
            "class": "gateway",
            "type": "mobile" if number % 3 == 2 else "stationary",
            "firmware": "0.0.1",
            # Seconds here and below: no unit is documented, and the samples in question are 0.
            "created": created,
            "last_updated": created + draw(self._draws, number) % (20 * 86400),
            "usecase": _WORK[number % len(_WORK)][0],
            "station": self._station(number),
            "thing_name": f"Gateway{number + 1}",
            "name": f"Gateway{number + 1}",
        }

    def _job_config(self, number: int) -> dict[str, Any]:
        # The first is the document's "Packing job 1", whose barcodes are those of the sample's picking gateway.
        place = number % len(_WORK)
        usecase, start, end = _WORK[place]
        gateways = range(place, len(self.events.places), len(_WORK))
        created = self._started - (DAYS + 200 - number % 150) * 86400
        return {
            "job_config_id": self.id_of("job", number),
            "job_name": f"{usecase if number else 'Packing'} job {number + 1}",
            "created": created,
            "last_updated": created,
            "start_barcode": start,
            "end_barcode": end,
            "gateway_ids": [self.id_of("gateway", g) for g in (gateways or [0])[: 1 + number % 3]],
            "class": "jobconfig",
            "version": 0,
        }

    def _user(self, number: int) -> dict[str, Any]:
        first = _FIRST[number % len(_FIRST)]
        last = _LAST[(number // len(_FIRST) + number) % len(_LAST)]
        mail = f"{first}.{last}{'' if number < 10 else number}@example.com".lower()
        if number == ME:
            first, last, mail = "Demo", "User", "demo@example.com"
        created = self._started - (DAYS + 400 - number % 300) * 86400
        consent = {"version": "1.2.3", "timestamp": (created + 3600) * 1000}
        return {
            "id": self.id_of("user", number),
            "first_name": first,
            "last_name": last,
            "email": mail,
            "created": created,
            "last_updated": created + 3600,
            "language": "English",
            "roles": ["ADMIN_ROLE" if number in (0, ME) or number % 10 == 0 else "USER_ROLE"],
            # The document's sample has this one; the other rights are not known.
            "permissions": ["event.read"],
            "consent_general_terms": consent,
            "consent_privacy_policy": consent if number % 7 else None,
        }

    def _device_config(self, number: int) -> dict[str, Any]:
        created = self._started - (DAYS + 10 * number) * 86400
        return {
            "id": _config_id(number),
            # "device", as in the document's sample.
            "class": "device",
            "name": f"Sample configuration {number + 1}"
            if number
            else "very important config file.",
            "last_modified": created + 86400,
            "created": created,
            "file_size": len(config_text(_config_id(number))),
        }


def _config_id(number: int) -> str:
    return "asrtdgh" if number == 0 else f"sample-config-{number + 1}"


def _numbered(count: int, make: Callable[[int], dict[str, Any]]) -> Records:
    numbers = {_config_id(number): number for number in range(count)}
    return Records(count, make, lambda record: str(record["id"]), numbers.get)


def config_text(config_id: str) -> str:
    """Content of a configuration file; what is in the vendor's files is not documented."""
    return f"sample configuration {config_id}\nThe format of real files is not documented.\n"
