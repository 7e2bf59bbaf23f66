"""amnimo's edge devices as the API shows them: what is connected to them, and their ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..calls import Refusal
from ..cloud import page
from .drawing import Computed

if TYPE_CHECKING:
    from ..calls import Call
    from ..world import World
    from .amnimo_fleet import Fleet

__all__ = ["Devices"]

_PORTS = 4
_LONGEST_RESET = 366 * 86400.0
_KINDS = ("Camera", "Recorder", "Speaker", "Sensor")


class Devices:
    """Answers the calls about edge devices.

    Args:
        world: The clock.
        fleet: The devices.
    """

    def __init__(self, world: World, fleet: Fleet) -> None:
        self._world = world
        self._fleet = fleet
        self._off: dict[tuple[int, int], float] = {}
        """When ports that are off go on again, by device and port; infinity for never."""

    def listed(self, call: Call) -> dict[str, Any]:
        """A page of devices with all that is connected to them."""
        numbers = self._fleet.tenant(call.get("subscriptionId")).devices
        all_of_them = Computed(len(numbers), lambda index: self._device(numbers[index]))
        cut = page(call, all_of_them)
        summary = {
            "isFirstPage": cut["page"] == 0,
            "isLastPage": cut["last"],
            "pageNumber": cut["page"],
            "pageSize": cut["size"],
            "totalPages": -(-len(numbers) // cut["size"]),
            "total": len(numbers),
        }
        return {"data": cut["items"], "summary": summary}

    def connected(self, call: Call) -> dict[str, Any]:
        """What is connected to one device."""
        return _counted(self._external(self._find(call)))

    def ports(self, call: Call) -> dict[str, Any]:
        """The ports of a device."""
        number = self._find(call)
        return _counted([self._port(number, port) for port in range(_PORTS)])

    def operate(self, call: Call) -> dict[str, Any]:
        """Resets a port, or switches it over.

        Which number of ``action`` does what is not public, so it decides nothing here: with a ``resetTimer`` the port
        goes off for so many seconds, without one it goes on if it is off, and off if it is on.
        """
        number = self._find(call)
        names = [self._port(number, port)["id"] for port in range(_PORTS)]
        if call.get("portId") not in names:
            raise Refusal(404, "no such port")
        key = number, names.index(call.get("portId"))
        timer = call.body.get("resetTimer")
        if timer is not None:
            self._off[key] = self._world.clock.now() + min(timer, _LONGEST_RESET)
        elif self._is_off(*key):
            del self._off[key]
        else:
            self._off[key] = float("inf")
        return {}

    def _find(self, call: Call) -> int:
        return self._fleet.find_device(
            self._fleet.tenant(call.get("subscriptionId")), call.get("deviceId")
        )

    def _device(self, number: int) -> dict[str, Any]:
        return {
            "id": self._fleet.device_id(number),
            "dName": "デバイス1" if number == 0 else f"Device {number + 1}",
            "externalDevices": self._external(number),
        }

    def _external(self, number: int) -> list[dict[str, Any]]:
        """One for each port but the last; those at a port that is off are not connected."""
        return [
            {
                "ipAddress": f"192.168.{number % 250}.{port + 1}",
                "externalDeviceName": "外部機器1"
                if (number, port) == (0, 0)
                else f"{_KINDS[(number + port) % len(_KINDS)]} {number + 1}-{port + 1}",
                # Only CONNECTED is public.
                "status": "DISCONNECTED" if self._is_off(number, port) else "CONNECTED",
            }
            for port in range(_PORTS - 1)
        ]

    def _port(self, number: int, port: int) -> dict[str, Any]:
        off = self._is_off(number, port)
        return {
            "id": f"POE{port}",
            "name": f"POE Port {port}",
            "type": "POE",
            # LINK_UP and DISABLING are public, LINK_DOWN and ENABLED are made up.
            "lnkStatus": "LINK_DOWN" if off or port == _PORTS - 1 else "LINK_UP",
            "actStatus": "DISABLING" if off else "ENABLED",
        }

    def _is_off(self, number: int, port: int) -> bool:
        return self._world.clock.now() < self._off.get((number, port), 0.0)


def _counted(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": items, "summary": {"total": len(items)}}
