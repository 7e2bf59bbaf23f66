"""The deliveries the specification shows, and a way to send one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
from deviceclouds.testing import load_spec

DEVICE = "5f1c2b7e-8f5d-4f43-9a53-0d4c1b2f7a10"
SECRET = "not-a-real-secret.1"
HEADER = {"X-Webhook-Secret": SECRET}
KEEPALIVE = f"/hook?source=VIZIOSENSE&id={DEVICE}"
CLASSES = {"park_payload": "ParkPayload", "payload": "Payload", "alert": "Alert"}


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the class and the value of each example of a body."""
    webhooks = load_spec("viziosense").document["webhooks"]
    for name, cls in CLASSES.items():
        media = webhooks[name]["post"]["requestBody"]["content"]["application/json"]
        found = [media["example"]] if "example" in media else []
        found += [example["value"] for example in media.get("examples", {}).values()]
        assert found
        for value in found:
            yield cls, value


EXAMPLES = list(examples())
PARK, OTHER, FIRING, CLEARING = (value for _, value in EXAMPLES)


def body(value: object) -> bytes:
    """Return a value as the body of a delivery."""
    return json.dumps(value).encode()


def ask(app: Any, method: str, url: str, **options: Any) -> httpx2.Response:
    """Send one request into an application, in this process. What it raises is raised here."""

    async def send() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://own.test") as client:
            return await client.request(method, url, **options)

    return asyncio.run(send())
