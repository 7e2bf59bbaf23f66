"""Receives what VizioSense sends to an address of yours: keepalives, payloads and alerts.

Needs the extra ``[webhooks]`` (pydantic), and loads it when it is first used. Models are read leniently: fields nobody
knows are in ``model_extra``, enumerations are plain text, and what is optional may be null. How well each field is
known stands in the docstrings of the models.

VizioSense tells receivers to validate a signature, but describes none. Until it does, only a secret that you put into
the webhook's headers or address shows that a delivery is not from a stranger: see :func:`create_endpoint`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._endpoint import WebhookEndpoint, create_endpoint
from ._read import MAX_BYTES, MAX_DEPTH, as_datetime, models, parse, parse_keepalive

if TYPE_CHECKING:
    from typing import TypeAlias

    from deviceclouds._generated.viziosense.webhook_models import Alert as Alert
    from deviceclouds._generated.viziosense.webhook_models import AlertEvent as AlertEvent
    from deviceclouds._generated.viziosense.webhook_models import AlertRule as AlertRule
    from deviceclouds._generated.viziosense.webhook_models import Keepalive as Keepalive
    from deviceclouds._generated.viziosense.webhook_models import ParkingSpot as ParkingSpot
    from deviceclouds._generated.viziosense.webhook_models import ParkPayload as ParkPayload
    from deviceclouds._generated.viziosense.webhook_models import Payload as Payload
    from deviceclouds._generated.viziosense.webhook_models import ReferenceMarker as ReferenceMarker

    Delivery: TypeAlias = Keepalive | ParkPayload | Payload | Alert

_MODELS = (
    "Alert",
    "AlertEvent",
    "AlertRule",
    "Keepalive",
    "ParkPayload",
    "ParkingSpot",
    "Payload",
    "ReferenceMarker",
)

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Alert",
    "AlertEvent",
    "AlertRule",
    "Delivery",
    "Keepalive",
    "ParkPayload",
    "ParkingSpot",
    "Payload",
    "ReferenceMarker",
    "WebhookEndpoint",
    "as_datetime",
    "create_endpoint",
    "parse",
    "parse_keepalive",
]


def __getattr__(name: str) -> Any:
    if name in _MODELS:
        return getattr(models(), name)
    if name == "Delivery":
        module = models()
        return module.Keepalive | module.ParkPayload | module.Payload | module.Alert
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
