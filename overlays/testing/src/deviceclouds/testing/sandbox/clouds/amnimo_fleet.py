"""What amnimo's cloud holds in the beginning: tenants, their cameras and edge devices. All of it is made up."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ..calls import Refusal
from .drawing import draw, stream, uuid_at

if TYPE_CHECKING:
    from ..world import World

__all__ = ["Camera", "Fleet", "Tenant"]

_NAMES = (
    ("テナント1", "サブスクリプション1"),
    ("テナント2", "サブスクリプション2"),
    ("Tenant 3", "Subscription 3"),
    ("Tenant 4", "Subscription 4"),
    ("Tenant 5", "Subscription 5"),
)
"""Accounts and subscriptions; the first two are the document's."""

_PARENTS = (None, 0, 0, 0, 1)
_SHARES = (520, 50, 25, 15, 10)
"""How 620 cameras are spread over the tenants. The first one has more than a page takes."""

# Ids of the document's samples.
_ACCOUNTS = ("3d07c219-0a88-45be-9cfc-91e9d095a1e9", "0b0db400-304f-c31a-2b57-fb97e467a3e6")
_SUBSCRIPTIONS = ("d079718b-ff63-45dd-947b-4950c023750f", "3e871bad-977c-27c2-4cf1-ebe13bee0d66")
_CAMERAS = ("497f6eca-6276-4993-bfeb-53cbbbba6f08", "cbc3283e-6217-4855-9934-148717cbeefe")
_DEVICES = ("497f6eca-6276-4993-bfeb-53cbbbba6f08",)
_PID = "058d15e1-c249-47bc-9c08-cb16c9e878c4"

_PLACES = ("gate", "hall", "car park", "loading bay", "entrance", "storage", "corridor", "yard")


class Tenant(NamedTuple):
    """A tenant with the numbers of its cameras and edge devices."""

    account_id: str
    account_name: str
    subscription_id: str
    subscription_name: str
    parent: int | None
    cameras: range
    devices: range


class Camera(NamedTuple):
    """A camera.

    Attributes:
        number: Its number among all tenants' cameras.
        id: Its id.
        tenant: Number of its tenant.
        connected: Whether it is connected.
        recording: Whether the cloud records it.
    """

    number: int
    id: str
    tenant: int
    connected: bool
    recording: bool


class Fleet:
    """Tenants, cameras and edge devices; the API changes none of them.

    Args:
        world: Seed and size.
    """

    def __init__(self, world: World) -> None:
        seed = world.seed
        self._streams = {
            kind: stream(seed, f"amnimo/{kind}")
            for kind in ("account", "subscription", "camera", "device", "pid", "draws")
        }
        self._counts = world.count(620, 6), world.count(155)
        # Pages ask for the same ones again and again.
        self._cameras: dict[int, Camera] = {}
        self._described: dict[int, dict[str, Any]] = {}

    @cached_property
    def tenants(self) -> list[Tenant]:
        """All tenants; a child comes after its parent."""
        cameras, devices = (_shared(count) for count in self._counts)
        return [
            Tenant(
                self._id("account", number, _ACCOUNTS),
                account,
                self._id("subscription", number, _SUBSCRIPTIONS),
                subscription,
                _PARENTS[number],
                cameras[number],
                devices[number],
            )
            for number, (account, subscription) in enumerate(_NAMES)
        ]

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {"tenants": len(_NAMES), "cameras": self._counts[0], "devices": self._counts[1]}

    def hierarchy(self, account_id: str) -> dict[str, Any]:
        """An account with all below it. Raises Refusal where there is none."""
        for number, tenant in enumerate(self.tenants):
            if tenant.account_id == account_id.lower():
                return self._tree(number)
        raise Refusal(404, "no such account")

    def tenant(self, subscription_id: str) -> Tenant:
        """The tenant of a subscription. Raises Refusal: 404, because 403 would have the client renew its token."""
        for tenant in self.tenants:
            if tenant.subscription_id == subscription_id.lower():
                return tenant
        raise Refusal(404, "no such subscription")

    def camera(self, number: int) -> Camera:
        """A camera by its number."""
        found = self._cameras.get(number)
        if found is None:
            found = self._cameras[number] = self._make_camera(number)
        return found

    def _make_camera(self, number: int) -> Camera:
        drawn = self.draw("draws", number)
        owner = next(n for n, tenant in enumerate(self.tenants) if number in tenant.cameras)
        # The document's sample camera is connected.
        connected = number == 0 or drawn % 16 != 0
        recording = number == 0 or drawn >> 8 & 7 != 0
        return Camera(number, self._id("camera", number, _CAMERAS), owner, connected, recording)

    def find_camera(self, tenant: Tenant, camera_id: str) -> Camera | None:
        """A tenant's camera by its id; None where there is none."""
        number = self._camera_numbers.get(camera_id.lower())
        return None if number not in tenant.cameras or number is None else self.camera(number)

    def describe(self, camera: Camera) -> dict[str, Any]:
        """What the API says of a camera, but for its thumbnail. Not to be changed."""
        found = self._described.get(camera.number)
        if found is None:
            found = self._described[camera.number] = self._describe(camera)
        return found

    def _describe(self, camera: Camera) -> dict[str, Any]:
        number = camera.number
        sample = number == 0
        place = _PLACES[number % len(_PLACES)]
        return {
            "id": camera.id,
            "pid": _PID if sample else uuid_at(self._streams["pid"], number),
            "deviceVersion": "2.1.0" if sample or number % 3 else "2.0.4",
            # Only CONNECTED is public; the other values here and below are made up.
            "status": "CONNECTED" if camera.connected else "DISCONNECTED",
            "recordingStatus": "RECORDING" if camera.recording else "STOPPED",
            "displayName": "A工場入り口" if sample else f"Site {number // 20 + 1} {place} {number}",
            "tags": ["タグA"] if sample else [place, f"site-{number // 20 + 1}"],
        }

    def device_id(self, number: int) -> str:
        """Id of an edge device."""
        return self._device_ids[number]

    def find_device(self, tenant: Tenant, device_id: str) -> int:
        """Number of a tenant's edge device. Raises Refusal where there is none."""
        number = self._device_numbers.get(device_id.lower())
        if number is None or number not in tenant.devices:
            raise Refusal(404, "no such device")
        return number

    def draw(self, kind: str, number: int) -> int:
        """A number that looks random, the same each time."""
        return draw(self._streams[kind], number)

    def _tree(self, number: int) -> dict[str, Any]:
        tenant = self.tenants[number]
        return {
            "accountName": tenant.account_name,
            "accountId": tenant.account_id,
            "subscriptionName": tenant.subscription_name,
            "subscriptionId": tenant.subscription_id,
            "childAccounts": [
                self._tree(n) for n, t in enumerate(self.tenants) if t.parent == number
            ],
        }

    def _id(self, kind: str, number: int, samples: tuple[str, ...]) -> str:
        return samples[number] if number < len(samples) else uuid_at(self._streams[kind], number)

    @cached_property
    def _camera_numbers(self) -> dict[str, int]:
        return {self._id("camera", n, _CAMERAS): n for n in range(self._counts[0])}

    @cached_property
    def _device_numbers(self) -> dict[str, int]:
        return {text: number for number, text in enumerate(self._device_ids)}

    @cached_property
    def _device_ids(self) -> list[str]:
        return [self._id("device", n, _DEVICES) for n in range(self._counts[1])]


def _shared(count: int) -> list[range]:
    """Numbers from 0 to ``count``, a range for each tenant."""
    ends, so_far = [0], 0
    for share in _SHARES:
        so_far += share
        ends.append(round(count * so_far / sum(_SHARES)))
    return [range(first, end) for first, end in pairwise(ends)]
