"""A gateway from its registration to its certificate."""

from __future__ import annotations

import base64
import binascii
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from deviceclouds._generated.proglove.operations.gateways import (
    CREATE_GATEWAY,
    PREPARE_PROVISIONING,
    PROVISION,
)
from deviceclouds.runtime._errors import DecodeError, DeviceCloudError
from deviceclouds.runtime._secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from deviceclouds._generated.proglove.models import Gateway, ProvisionResponse
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._workflow import Workflow

__all__ = ["ProvisionedGateway", "provision_gateway"]


class ProvisionedGateway:
    """A gateway with the certificate it connects with. The certificate does not show itself.

    Attributes:
        gateway: The gateway.
        certificate_common_name: Common name in the certificate.
        mqtt_endpoint: Address of the MQTT broker; None where the reply has none.
        mqtt_topic_prefix: First part of the MQTT topic; None where the reply has none.
    """

    __slots__ = (
        "_pkcs12",
        "certificate_common_name",
        "gateway",
        "mqtt_endpoint",
        "mqtt_topic_prefix",
    )

    def __init__(self, reply: ProvisionResponse, pkcs12: Secret) -> None:
        self._pkcs12 = pkcs12
        self.gateway = reply.gateway
        self.certificate_common_name = reply.certificate_common_name
        self.mqtt_endpoint = reply.mqtt_endpoint or None
        self.mqtt_topic_prefix = reply.mqtt_topic_prefix or None

    @property
    def pkcs12(self) -> bytes:
        """The certificate with its private key, as a PKCS 12 file."""
        return base64.b64decode(self._pkcs12.reveal())

    def save(self, path: str | Path) -> Path:
        """Writes the certificate to a file that only its owner can read; it is whole or not there. Raises OSError."""
        target = Path(path)
        # Such files are made with mode 0600.
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(self.pkcs12)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
        return target

    def __repr__(self) -> str:
        return f"<ProvisionedGateway {self.gateway.id}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a ProvisionedGateway is not pickled: it holds a private key")


def provision_gateway(
    work: Workflow,
    gateway_id: str | None,
    described: Mapping[str, Any],
    customer: Mapping[str, Any],
) -> Flow[ProvisionedGateway]:
    """Registers a gateway where no id is given, asks for a provisioning token, and trades it for the certificate."""
    created: Gateway | None = None
    if gateway_id is None:
        created = yield from work.call(CREATE_GATEWAY, {**described, **customer})
        gateway_id = created.id
    try:
        prepared = yield from work.call(
            PREPARE_PROVISIONING, {"gateway_id": gateway_id, **customer}
        )
        reply = yield from work.call(PROVISION, {"token": prepared.token})
        pkcs12 = _certificate_of(reply)
    except DeviceCloudError as error:
        if created is not None:
            error.add_note(
                f"gateway {gateway_id} was registered before this; go on with"
                f" provision_gateway(gateway_id={gateway_id!r}) instead of registering another"
            )
        raise
    return ProvisionedGateway(reply, pkcs12)


def _certificate_of(reply: ProvisionResponse) -> Secret:
    text = Secret(reply.pkcs12) if isinstance(reply.pkcs12, str) else None
    try:
        if text is not None and base64.b64decode(text.reveal(), validate=True):
            return text
    except (binascii.Error, ValueError):
        pass
    raise DecodeError(
        "the reply holds no certificate in Base64; the vendor may have changed its form: look at"
        " gateways.provision() with_raw_response",
        vendor="proglove",
        operation=PROVISION.name,
    )
