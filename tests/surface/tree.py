"""A small work tree with one vendor, acme, whose sources a test may alter."""

from __future__ import annotations

from pathlib import Path

__all__ = ["altered", "write_tree"]

FILES = {
    "overlays/acme/src/deviceclouds/acme/__init__.py": '''"""Client of Acme."""

from deviceclouds._generated.acme import API_VERSION

from ._client import Acme, AsyncAcme, read_all

__all__ = ["API_VERSION", "Acme", "AsyncAcme", "read_all"]
''',
    "overlays/acme/src/deviceclouds/acme/models.py": '''"""Models."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deviceclouds._generated.acme.models import *
''',
    "overlays/acme/src/deviceclouds/acme/_client.py": '''"""Clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deviceclouds._generated.acme.client import AsyncNamespaces, Namespaces
from ._work import SavedImage, Shared

if TYPE_CHECKING:
    from deviceclouds._generated.acme.models import Device


class _Setup:
    def __init__(self, *, token: str | None = None, base_url: str = "https://a.test") -> None:
        self._token = token


class Acme(_Setup, Shared, Namespaces):
    """Calls Acme."""

    def save_image(self, device_id: str, name: str = "x", *, quiet: bool = False) -> SavedImage:
        """Saves an image."""

    def wait(self, device_id: str, timeout: float = 30) -> Device:
        """Waits."""


class AsyncAcme(_Setup, Shared, AsyncNamespaces):
    """Calls Acme, async."""

    async def save_image(self, device_id: str, name: str = "x", *, quiet: bool = False) -> SavedImage:
        """Saves an image."""

    async def wait(self, device_id: str, timeout: float = 30) -> Device:
        """Waits."""


def read_all(text: str) -> list[str]:
    """Reads."""


def helper(text: str) -> str:
    """Private."""
''',
    "overlays/acme/src/deviceclouds/acme/_work.py": '''"""Work."""

from __future__ import annotations

from dataclasses import dataclass


class Closing:
    """Can be closed."""


class Shared(Closing):
    """Shared by both clients."""

    def close(self) -> None:
        """Closes."""


@dataclass
class SavedImage:
    """A saved image."""

    path: str
    size: int = 0


class Unused:
    """Nobody is led here."""

    def gone(self) -> None:
        """Goes."""
''',
    "overlays/runtime/src/deviceclouds/runtime/__init__.py": '''"""Shared."""

from ._model import Model as Model
''',
    "overlays/runtime/src/deviceclouds/runtime/_model.py": '''"""Models."""

class Model:
    """Base."""

    def to_dict(self) -> dict[str, object]:
        """As a dictionary."""


class OpenStrEnum(str, Enum):
    """Base."""
''',
    "generated/acme/src/deviceclouds/_generated/acme/__init__.py": '''"""Generated."""

from typing import Final

API_VERSION: Final = "1.0"
''',
    "generated/acme/src/deviceclouds/_generated/acme/client.py": '''"""Namespaces."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .resources.devices import AsyncDevicesResource, DevicesResource


class Namespaces:
    @cached_property
    def devices(self) -> DevicesResource:
        """All devices."""


class AsyncNamespaces:
    @cached_property
    def devices(self) -> AsyncDevicesResource:
        """All devices."""
''',
    "generated/acme/src/deviceclouds/_generated/acme/resources/__init__.py": "",
    "generated/acme/src/deviceclouds/_generated/acme/resources/devices.py": '''"""Devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from ..models import Device, Order, UpdateDevice


class DevicesResource:
    def list_devices(
        self, *, limit: int | Unset = UNSET, order: Order | Unset = UNSET, **options: Unpack[CallOptions]
    ) -> Pager[Device]:
        """List devices.

        ``GET /devices`` (ListDevices). Evidence: documented. Raises
        DeviceCloudError.
        """

    @overload
    def update_device(self, device_id: str, *, name: str, **options: Unpack[CallOptions]) -> Device: ...

    @overload
    def update_device(self, device_id: str, *, body: UpdateDevice, **options: Unpack[CallOptions]) -> Device: ...

    def update_device(self, device_id: str, *, name: str | Unset = UNSET, body: UpdateDevice | Unset = UNSET,
                      **options: Unpack[CallOptions]) -> Device:
        """Update a device.

        ``PATCH /devices/{device_id}`` (UpdateDevice). Evidence: unverified. Raises DeviceCloudError.
        """


class AsyncDevicesResource:
    def list_devices(
        self, *, limit: int | Unset = UNSET, order: Order | Unset = UNSET, **options: Unpack[CallOptions]
    ) -> AsyncPager[Device]:
        """See there."""
''',
    "generated/acme/src/deviceclouds/_generated/acme/models/__init__.py": '''"""Models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .device import Device as Device
    from .device import State as State
    from .device import StateLike as StateLike
    from .update_device import Order as Order
    from .update_device import UpdateDevice as UpdateDevice

_MODULES = {}
''',
    "generated/acme/src/deviceclouds/_generated/acme/models/device.py": '''"""A device."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import define
from deviceclouds.runtime._model import OpenStrEnum
from deviceclouds.runtime import Model as _Model


class State(OpenStrEnum):
    """State."""

    ON = "on"
    OFF = "off"


StateLike: TypeAlias = State | Literal["on", "off"]


@define(kw_only=True, repr=False)
class Device(_Model):
    """A device.

    Attributes:
        name: Its name.
        state: Its state, which is
            not certain. (inferred)
        size: Its size in bytes.
    """

    __wire__ = {"name": "Name"}

    name: str
    state: State | None | Unset = UNSET
    size: int | None | Unset = UNSET
''',
    "generated/acme/src/deviceclouds/_generated/acme/models/update_device.py": '''"""A change."""

from __future__ import annotations

from attrs import define
from deviceclouds.runtime import Model as _Model
from deviceclouds.runtime._model import OpenStrEnum


class Order(OpenStrEnum):
    """Order."""

    UP = "up"
    DOWN = "down"


@define(kw_only=True, repr=False)
class UpdateDevice(_Model):
    """A change."""

    name: str
    comment: str | Unset = UNSET
''',
}


def write_tree(root: Path) -> Path:
    """Writes the tree."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def altered(root: Path, file: str, old: str, new: str) -> Path:
    """Writes the tree with one text replaced, wherever it stands in the file.

    Args:
        root: An empty folder.
        file: End of the name of the file.
        old: What stands there; it must.
        new: What stands there instead.
    """
    write_tree(root)
    (name,) = (one for one in FILES if one.endswith(file))
    assert old in FILES[name], old
    (root / name).write_text(FILES[name].replace(old, new), encoding="utf-8")
    return root
