"""The code a camera is shown to learn its network settings. It is a picture, but no QR code that could be scanned."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
from typing import TYPE_CHECKING, Any

from ...cloud import handles
from ...pictures import png
from .codes import refuse
from .times import stamp
from .topic import SUCCESS, Topic

if TYPE_CHECKING:
    from ...calls import Call

__all__ = ["Provisioning"]

LIFE = 86_400.0
"""Seconds an enrollment code is good for; how long it really is, is not known."""

FIELDS = 29

_ADDRESSES = {
    "ip_address": "E.SC.API.0030008",
    "gateway": "E.SC.API.0030010",
    "dns": "E.SC.API.0030011",
}


class Provisioning(Topic):
    """See the module."""

    @handles("GetQrCodeForProvisioning")
    def _code(self, call: Call) -> dict[str, Any]:
        for name, code in _ADDRESSES.items():
            if call.get(name) and not _is_address(call.get(name)):
                raise refuse(code)
        port = call.get("proxy_port")
        if port and not (
            port.isascii() and port.isdigit() and len(port) <= 5 and int(port) < 65536
        ):
            raise refuse("E.SC.API.0030005")
        # A pattern that differs from request to request; what was asked for, passwords among it, cannot be read off it.
        pattern = hashlib.shake_256(repr((self.now, call.get("auto"))).encode()).digest(
            FIELDS * FIELDS
        )
        picture = png(FIELDS, FIELDS, lambda x, y: pattern[y * FIELDS + x] % 2 == 0)
        found = {**SUCCESS, "contents": base64.b64encode(picture).decode()}
        return {**found, "expiration_date": stamp(self.now + LIFE)} if call.get("auto") else found


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
