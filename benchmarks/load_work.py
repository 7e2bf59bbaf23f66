"""What clients do under load: each makes, reads, changes and deletes things of its own, and notes what it was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

__all__ = ["WORK", "Ledger", "Work"]


@dataclass
class Ledger:
    """What the clients of one vendor were told.

    Attributes:
        made: What was made for certain and has to be there, once: the texts it may have, by name.
        unclear: Names of what was asked for when the call failed: it may be there, once at most.
        gone: Names of what was deleted: it must not be there.
        calls: Calls that came to an end, good or bad.
        failed: Calls that raised, by kind.
        wrong: What must not be: an answer that is not what was written, a thing lost or there twice.
    """

    made: dict[str, set[str]] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    calls: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Work:
    """One vendor's things. Names are the clients' own, so that no two ever want the same."""

    vendor: ClassVar[str]

    def __init__(self, client: Any) -> None:
        self.client = client

    async def make(self, name: str) -> str:
        """Makes a thing; gives the key by which it is found."""
        raise NotImplementedError

    async def read(self, key: str) -> str:
        """The thing's name or description."""
        raise NotImplementedError

    async def change(self, key: str, text: str) -> bool:
        """Writes a text that ``read`` gives from then on; False where the vendor has nothing to change."""
        return False

    async def delete(self, key: str) -> None:
        """Deletes it."""
        raise NotImplementedError

    def all(self) -> AsyncIterator[tuple[str, str]]:
        """Names of all things with what ``read`` gives."""
        raise NotImplementedError


class _Groups(Work):
    vendor = "aitrios"

    async def make(self, name: str) -> str:
        devices = self.client.manage_devices
        await devices.create_device_group(
            device_group_id=name, description=name, del_from_dgroup="0"
        )
        return name

    async def read(self, key: str) -> str:
        return str((await self.client.manage_devices.get_device_group(key)).description)

    async def change(self, key: str, text: str) -> bool:
        await self.client.manage_devices.update_device_group(
            key, description=text, del_from_dgroup="0"
        )
        return True

    async def delete(self, key: str) -> None:
        await self.client.manage_devices.delete_device_group(key)

    async def all(self) -> AsyncIterator[tuple[str, str]]:
        async for group in self.client.manage_devices.get_device_groups(device_group_id="load-"):
            yield group.device_group_id, group.description


class _Media(Work):
    vendor = "amnimo"
    _camera = "497f6eca-6276-4993-bfeb-53cbbbba6f08"

    async def make(self, name: str) -> str:
        made = await self.client.media.create_media(
            self._camera,
            category="SNAPSHOT",
            start_time=datetime(2026, 2, 2, 15, tzinfo=UTC),
            name=name,
        )
        return str(made.id)

    async def read(self, key: str) -> str:
        return str((await self.client.media.get_media(key)).name)

    async def change(self, key: str, text: str) -> bool:
        from deviceclouds.amnimo.models import MediaUpdateData

        await self.client.media.update_media(key, data=MediaUpdateData(name=text))
        return True

    async def delete(self, key: str) -> None:
        await self.client.media.delete_media(key)

    async def all(self) -> AsyncIterator[tuple[str, str]]:
        async for one in self.client.media.search_media(page_number=0, page_size=1000):
            name = str(one.name)
            if name.startswith("load-"):
                yield name.partition(" ")[0], name


class _Users(Work):
    vendor = "proglove"

    async def make(self, name: str) -> str:
        made = await self.client.users.create_user(
            first_name=name, last_name="Load", role="USER_ROLE", email=f"{name}@example.com"
        )
        return str(made.id)

    async def read(self, key: str) -> str:
        return str((await self.client.users.get_user(key)).first_name)

    async def delete(self, key: str) -> None:
        await self.client.users.delete_user(key)

    async def all(self) -> AsyncIterator[tuple[str, str]]:
        async for user in self.client.users.list_users():
            if user.first_name.startswith("load-"):
                yield user.first_name, user.first_name


class _Catalogues(Work):
    vendor = "scailable"

    async def make(self, name: str) -> str:
        return str((await self.client.catalogue.create_catalogue(name=name)).uuid)

    async def read(self, key: str) -> str:
        return str((await self.client.catalogue.get_catalogue(key)).name)

    async def change(self, key: str, text: str) -> bool:
        await self.client.catalogue.update_catalogue(key, name=text)
        return True

    async def delete(self, key: str) -> None:
        await self.client.catalogue.delete_catalogue(key)

    async def all(self) -> AsyncIterator[tuple[str, str]]:
        for one in await self.client.catalogue.list_catalogues():
            if one.name.startswith("load-"):
                yield one.name.partition(" ")[0], one.name


WORK: tuple[type[Work], ...] = (_Groups, _Media, _Users, _Catalogues)
"""By vendor. VizioSense has webhooks only, and a thousand of them at most."""
