"""A sandbox of VizioSense that sends webhooks, and who receives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.testing.sandbox.deliveries import Delivered
from deviceclouds.viziosense import webhooks as received

from .viziosense_fixtures import DEVICE

SECRET = "not-a-real-secret.1"
HOOK = "https://mine.test/hook"


class Receiver:
    """Keeps what arrives, and answers with a status; ``read`` holds what our own parser made of it."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.read: list[Any] = []
        self._endpoint = received.create_endpoint(self.read.append, secret=None)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        target = f"{scope['path']}?{scope['query_string'].decode()}"
        self.requests.append((scope["method"], target, headers, body))

        async def again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def answer(reply: Any) -> None:
            if reply["type"] == "http.response.start":
                # What the parser refuses must not pass.
                assert reply["status"] == 200
                reply = {**reply, "status": self.status}
            await send(reply)

        await self._endpoint(scope, again, answer)


@pytest.fixture
def add(client: Any) -> Callable[..., None]:
    """Adds a webhook of the first device."""

    def added(kind: str = "payload", **options: Any) -> None:
        given = {"url": HOOK, "webhook_type": kind, "device_uuid": DEVICE, "actions": kind}
        client.webhooks.add_webhook(**{**given, **options})

    return added


@pytest.fixture
def receiver(sandbox: Sandbox) -> Receiver:
    made = Receiver()
    sandbox.receive_webhooks("https://mine.test", made)
    return made


def own(found: list[Delivered]) -> list[Delivered]:
    """Without the seeded webhooks, which go to nobody."""
    return [one for one in found if one.webhook > 12]


def passed(sandbox: Sandbox, seconds: float) -> list[Delivered]:
    sandbox.clock.advance(seconds)
    return own(sandbox.deliver_webhooks())
