"""Programs to copy: each vendor's client, sync and async, signing in to this sandbox."""

from __future__ import annotations

import json
from typing import NamedTuple

from ..._load import MOUNTS
from ..sandbox import CLIENTS, demo_arguments
from ..tokens import DEMO

__all__ = ["Snippets", "snippets"]

_SIGN_IN = {
    "aitrios": ("client_id", "client_secret"),
    "amnimo": ("client_id", "secret_key"),
    "proglove": ("username", "password"),
    "scailable": ("username", "password"),
    "viziosense": ("email", "password"),
}


class _First(NamedTuple):
    """The call of an example: name of the client, call of a list, name and fields of an item."""

    client: str
    call: str
    item: str
    fields: tuple[str, ...]


_FIRST = {
    "aitrios": _First(
        "console",
        "manage_devices.get_devices(limit=5)",
        "device",
        ("device_id", "connection_state"),
    ),
    "amnimo": _First("cloud", "cameras.list_cameras(size=5)", "camera", ("display_name", "status")),
    "proglove": _First("insight", "gateways.list_gateways(limit=5)", "gateway", ("name", "model")),
    "scailable": _First(
        "cloud", "function.list_functions(limit=5)", "function", ("name", "status")
    ),
    "viziosense": _First("sensors", "devices.list_devices()", "sensor", ("name", "is_online")),
}


class Snippets(NamedTuple):
    """Programs for one vendor."""

    sync: str
    asynchronous: str


def snippets(vendor: str, origin: str) -> Snippets:
    """Programs that sign in and read the first items of a list.

    Args:
        vendor: Name of the vendor.
        origin: Scheme, host and port of this sandbox, as the reader's browser knows them.
    """
    name, first = CLIENTS[vendor], _FIRST[vendor]
    printed = ", ".join(f"{first.item}.{field}" for field in first.fields)
    head = f"from deviceclouds.{vendor} import"
    store = "from deviceclouds.runtime import MemoryTokenStore\n" if vendor == "amnimo" else ""
    sync = (
        f"{head} {name}\n{store}\n"
        f"with {name}(\n{_arguments(vendor, origin, 4)}) as {first.client}:\n"
        f"    page = {first.client}.{first.call}.first_page()\n"
        f"    for {first.item} in page.items:\n"
        f"        print({printed})\n"
    )
    asynchronous = (
        f"import asyncio\n\n{head} Async{name}\n{store}\n\n"
        "async def main() -> None:\n"
        f"    async with Async{name}(\n{_arguments(vendor, origin, 8)}    ) as {first.client}:\n"
        f"        page = await {first.client}.{first.call}.first_page()\n"
        f"        for {first.item} in page.items:\n"
        f"            print({printed})\n\n\n"
        "asyncio.run(main())\n"
    )
    return Snippets(sync, asynchronous)


def _arguments(vendor: str, origin: str, indent: int) -> str:
    names = _SIGN_IN[vendor]
    given = dict.fromkeys(names, DEMO)
    given |= demo_arguments(vendor, origin + MOUNTS[vendor], origin, names)
    lines = [f"{name}={json.dumps(value, ensure_ascii=False)}," for name, value in given.items()]
    if vendor == "amnimo":
        lines.append("token_store=MemoryTokenStore(),  # keeps the sandbox out of your token cache")
    return "".join(f"{' ' * indent}{line}\n" for line in lines)
