"""A receiver for VizioSense webhooks, as a Starlette application.

    VIZIOSENSE_WEBHOOK_SECRET=<at least 16 characters> python webhook_receiver.py

Register ``https://your.host/viziosense`` as the webhook's address and add the header ``X-Webhook-Secret`` with the
secret in its settings. Where you cannot add headers, register ``https://your.host/viziosense/<secret>``. VizioSense
documents no signature; without a secret anyone who finds the address could send you measurements.

Needs the extra [webhooks] of deviceclouds-viziosense, starlette and uvicorn.
"""

from __future__ import annotations

import logging
import os

from deviceclouds.runtime import Secret
from deviceclouds.viziosense.webhooks import (
    Alert,
    Delivery,
    Keepalive,
    ParkPayload,
    as_datetime,
    create_endpoint,
)
from starlette.applications import Starlette
from starlette.routing import Route

log = logging.getLogger("viziosense-receiver")


async def take(delivery: Delivery) -> None:
    """Logs a delivery. A real one would store it and return soon."""
    match delivery:
        case Keepalive():
            log.info("%s is alive", delivery.id)
        case Alert():
            for event in delivery.alert:
                when = as_datetime(event.timestamp)
                log.warning("%s: %s %s at %s", delivery.stream_id, event.type, event.state, when)
        case ParkPayload():
            taken = sum(spot.is_active is True for spot in delivery.payload)
            log.info("%s: %d of %d spots taken", delivery.stream_id, taken, len(delivery.payload))
        case _:  # the shape of `payload` is not known: look at what your device sends
            log.info("%s: %s %r", delivery.stream_id, delivery.type, delivery.payload)


def create_app(secret: Secret) -> Starlette:
    """The application; the secret may come in the header or as the last segment of the path."""
    in_header = create_endpoint(take, secret=secret)
    in_path = create_endpoint(take, secret=secret, place="path")
    return Starlette(
        routes=[Route("/viziosense", in_header), Route("/viziosense/{secret}", in_path)]
    )


def main() -> None:
    """Serves on port 8000, behind whatever ends TLS for you."""
    import uvicorn

    if not os.environ.get("VIZIOSENSE_WEBHOOK_SECRET"):
        raise SystemExit("Set VIZIOSENSE_WEBHOOK_SECRET to at least 16 characters.")
    logging.basicConfig(level=logging.INFO)
    app = create_app(Secret(os.environ["VIZIOSENSE_WEBHOOK_SECRET"]))
    uvicorn.run(app, port=8000, access_log=False)  # the log would show the secret in the path


if __name__ == "__main__":
    main()
