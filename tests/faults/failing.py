"""Fails on purpose, in every stage of a call; run by test_output.py, which looks for credentials in what is shown.

Credentials come from the environment: nothing here knows them, as nothing of a user's program would.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

import httpx2
import pytest
from deviceclouds.runtime import MemoryTokenStore

CLASSES = {
    "aitrios": "Aitrios",
    "amnimo": "Amnimo",
    "proglove": "ProGlove",
    "scailable": "Scailable",
    "viziosense": "VizioSense",
}
CALLS: dict[str, Callable[[Any], Any]] = {
    "aitrios": lambda client: client.manage_devices.get_device("d"),
    "amnimo": lambda client: client.cameras.get_camera("c"),
    "proglove": lambda client: client.users.get_me(),
    "scailable": lambda client: client.function.get_function("u"),
    "viziosense": lambda client: client.devices.get_device("d"),
}
URLS = ["AITRIOS_BASE_URL", "AITRIOS_TOKEN_URL", "PROGLOVE_COGNITO_URL", "SCAILABLE_AUTH_URL"]


@pytest.mark.parametrize("vendor", CLASSES)
@pytest.mark.parametrize(
    "stage", ["sign-in", "refresh", "call", "cut", "settings", "names", "hook"]
)
@pytest.mark.parametrize("prefix", ["", "Async"], ids=["sync", "async"])
def test_fails(vendor: str, stage: str, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    base_url = f"{os.environ['CLOUD']}/{stage}/{vendor}" + ("/cpt" if vendor == "scailable" else "")
    for name in URLS:
        if name.startswith(vendor.upper()):
            monkeypatch.setenv(name, f"{os.environ['CLOUD']}/{stage}/{vendor}/token")
    monkeypatch.setenv(f"{vendor.upper()}_BASE_URL", base_url)
    cls = getattr(import_module(f"deviceclouds.{vendor}"), prefix + CLASSES[vendor])
    if stage == "settings":
        cls.from_env(timeout=-1)
    if stage == "names":
        cls.from_env(secret=os.environ["AMNIMO_SECRET_KEY"])
    if stage == "hook":
        options: dict[str, Any] = {"http_client": hooked(prefix)}
    else:
        options = {"retries": 0}
    client = cls.from_env(token_store=MemoryTokenStore(), **options)
    if prefix:
        asyncio.run(calling(client, CALLS[vendor]))
    else:
        for _ in range(3):
            CALLS[vendor](client)


async def calling(client: Any, call: Callable[[Any], Any]) -> None:
    async with client:
        for _ in range(3):
            await call(client)


def hooked(prefix: str) -> Any:
    """A client with a hook that has a bug."""

    def hook(response: Any) -> None:
        raise ZeroDivisionError

    async def hook_async(response: Any) -> None:
        raise ZeroDivisionError

    if prefix:
        return httpx2.AsyncClient(event_hooks={"response": [hook_async]})
    return httpx2.Client(event_hooks={"response": [hook]})
