"""Where results and pictures are sent: set, and shown without their secrets, which are kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...cloud import handles
from .codes import refuse
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call

__all__ = ["Connectors"]

MASK = "********"

_HUB_FIELDS = {
    "AzureEventHub": ("url",),
    "AzureBlobStorage": ("url",),
    "AWSS3": ("access_key", "secret_access_key"),
    "AWSKinesis": ("access_key", "secret_access_key"),
    "Kafka": ("password",),
}
"""Secret fields by the type as replies call it."""

_DEFAULT_HUB = {"type": "Default(Internal)", "url": "", "name": ""}
_PLACES = {0: ("input_image",), 1: ("input_image", "inference_result"), 2: ("inference_result",)}
_DEFAULTS = {"input_image": "Default(Internal)", "inference_result": "Default(Undefined)"}


class Connectors(Topic):
    """See the module."""

    @handles("GetIRHubConnector")
    def _hub(self, call: Call) -> dict[str, Any]:
        return self.state.ir_hub

    @handles("UpdateIRHubConnector")
    def _update_hub(self, call: Call) -> dict[str, Any]:
        body = call.body
        if "type" not in body:
            raise refuse("E.SC.API.0196005")
        if not body["type"]:
            self.state.ir_hub = dict(_DEFAULT_HUB)
            return SUCCESS
        if not body["name"]:
            raise refuse("E.SC.API.0196002")
        if not body.get("url", "-"):
            raise refuse("E.SC.API.0196003")
        # Requests and replies write this one type in two ways.
        kind = "AWSKinesis" if body["type"] == "AWSKINESIS" else body["type"]
        shown = {"type": kind, "name": body["name"]}
        shown |= {name: MASK for name in _HUB_FIELDS[kind] if body.get(name)}
        if kind == "Kafka":
            plain = ("bootstrap_servers", "username", "client_id")
            shown |= {name: body[name] for name in plain if name in body}
        elif "url" in _HUB_FIELDS[kind]:
            shown.setdefault("url", MASK)
        else:
            shown = {**shown, "access_key": MASK, "secret_access_key": MASK}
        self.state.ir_hub = shown
        return SUCCESS

    @handles("GetStorageConnector")
    def _storages(self, call: Call) -> dict[str, Any]:
        return {
            place: self.state.storages.get(
                place, {"type": kind, "container_name": "", "connection_string": ""}
            )
            for place, kind in _DEFAULTS.items()
        }

    @handles("UpdateStorageConnector")
    def _update_storage(self, call: Call) -> dict[str, Any]:
        body = call.body
        kind = body.get("type")
        if kind is None:
            raise refuse("E.SC.API.0195007")
        if kind == "AWS":
            for name, code in _AWS.items():
                if not body[name]:
                    raise refuse(code)
            shown = {"type": "AWS", "bucket_name": body["bucket_name"], "region": body["region"]}
            shown |= {"access_key_id": MASK, "secret_access_key": MASK}
        else:
            shown = _azure(body)
        for place in _PLACES[body.get("mode", 0)]:
            if shown:
                self.state.storages[place] = shown
            else:
                self.state.storages.pop(place, None)
        return SUCCESS


_AWS = {
    "endpoint": "E.SC.API.0195008",
    "region": "E.SC.API.0195009",
    "bucket_name": "E.SC.API.0195010",
    "access_key_id": "E.SC.API.0195011",
    "secret_access_key": "E.SC.API.0195012",
}
_AZURE = {
    "endpoint": "E.SC.API.0195002",
    "connection_string": "E.SC.API.0195003",
    "container_name": "E.SC.API.0195005",
}


def _azure(body: dict[str, Any]) -> dict[str, Any]:
    """What is shown of a storage; {} for the initial setting, which a request without the three fields means."""
    given = [name for name in _AZURE if body.get(name)]
    if not given:
        return {}
    for name, code in _AZURE.items():
        if name not in given:
            raise refuse(code)
    return {
        "type": "AZURE",
        "container_name": body["container_name"],
        "connection_string": MASK,
    }
