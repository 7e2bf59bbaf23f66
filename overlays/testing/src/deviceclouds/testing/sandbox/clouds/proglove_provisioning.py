"""How a gateway of Insight gets its certificate: a token that works once and not for long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..calls import Refusal
from .proglove_files import pkcs12
from .proglove_fleet import CUSTOMER

if TYPE_CHECKING:
    from ..world import World
    from .proglove_fleet import Fleet

__all__ = ["TOKEN_SECONDS", "Provisioning"]

TOKEN_SECONDS = 600
"""Life of a token; the document says no more than that it is short."""

_SAMPLE_TOKEN = "1BuWYYmmCO7K4baxJxB2KGJM11FCb1Ckdr5rR36LzDQ"  # noqa: S105  # the document's
_KIND = "provisioning"


class Provisioning:
    """Hands out tokens, and what they are good for.

    That the token works once is our reading of "only once", which the document says of both calls: a gateway whose
    token is lost can ask for another one, which makes the first one worthless.

    Args:
        world: Gives out the tokens.
        fleet: Has the gateways.
    """

    def __init__(self, world: World, fleet: Fleet) -> None:
        self._world = world
        self._fleet = fleet
        # So that the document's sample call works, once.
        self._gateways = {_SAMPLE_TOKEN: fleet.id_of("gateway", 0)}

    def prepare(self, gateway_id: str) -> dict[str, str]:
        """A token for a gateway."""
        if self._fleet.gateways.get(gateway_id) is None:
            # The document lists 404 for this, and words 403 so as well.
            raise Refusal(404, "there is no such gateway")
        token = self._world.tokens.issue("proglove", TOKEN_SECONDS, _KIND)
        self._gateways = {
            known: gateway for known, gateway in self._gateways.items() if gateway != gateway_id
        }
        self._gateways[token] = gateway_id
        return {"registration_path": "/provisioning", "token": token}

    def provision(self, token: str) -> dict[str, Any]:
        """What a gateway gets for its token."""
        gateway_id = self._gateways.pop(token, None)
        state = self._world.tokens.state("proglove", token, _KIND)
        gateway = None
        if gateway_id is not None and (state == "good" or token == _SAMPLE_TOKEN):
            gateway = self._fleet.gateways.get(gateway_id)
        if gateway is None:
            # 403 by the document's words for it; its 401 is about a header this call does not have.
            raise Refusal(403, "the token is wrong, was used, or has expired")
        now = int(self._world.clock.now())
        gateway.setdefault("thing_name", gateway["name"])
        gateway["last_updated"] = now
        self._fleet.gateways.put(gateway)
        return {
            "mqtt_endpoint": "mqtt.sandbox.test",
            "mqtt_topic_prefix": CUSTOMER,
            "certificate_common_name": gateway["id"],
            "gateway": gateway,
            "pkcs12": pkcs12(),
        }
