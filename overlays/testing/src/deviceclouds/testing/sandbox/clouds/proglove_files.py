"""Files Insight gives out: apps and firmware to download, and the certificate of a gateway."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile

from ..storage import StoredFile

__all__ = ["ASSETS", "FOLDER", "LATEST", "VERSIONS", "asset_file", "asset_name", "pkcs12"]

FOLDER = "proglove/assets"
"""Where the files are in the sandbox's storage."""

ASSETS = {
    "PGCONNECT_ANDROID_APP": ("pgconnect", "apk"),
    "TRADE_FAIR_DEMO_APP": ("trade-fair-demo", "apk"),
    "INSIGHT_MOBILE_APP": ("insight-mobile", "apk"),
    "MARK_FIRMWARE": ("mark-firmware", "bin"),
}
"""Name and ending of each kind of asset; the vendor's own file names are not known."""

VERSIONS = ("1.0.0", "1.1.0", "1.2.0")
"""Versions each asset has; the last one is the latest. 1.1.0 is the document's."""

LATEST = VERSIONS[-1]

_TYPES = {"apk": "application/vnd.android.package-archive", "bin": "application/octet-stream"}
_FIRMWARE_BYTES = 64 * 1024


def asset_name(kind: str, version: str) -> str:
    """File name of an asset."""
    name, ending = ASSETS[kind]
    return f"{name}-{version}.{ending}"


def asset_file(name: str) -> StoredFile | None:
    """A file by its name; None where there is none. What is in it is made up."""
    for kind, (_, ending) in ASSETS.items():
        for version in VERSIONS:
            if name == asset_name(kind, version):
                content = _archive(name) if ending == "apk" else _noise(name)
                return StoredFile(content, _TYPES[ending])
    return None


def _archive(name: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        # A fixed date: the same bytes each time.
        archive.writestr(zipfile.ZipInfo("README.txt"), f"{name} of the sandbox, not an app\n")
    return memory.getvalue()


def _noise(name: str) -> bytes:
    return hashlib.shake_128(name.encode()).digest(_FIRMWARE_BYTES)


def pkcs12() -> str:
    """A PKCS 12 file with nothing in it, Base64: there is no certificate, and nobody to connect to."""
    data = _tlv(0x06, bytes.fromhex("2a864886f70d010701"))  # 1.2.840.113549.1.7.1
    safe = _tlv(0x30, b"")
    content = _tlv(0x30, data + _tlv(0xA0, _tlv(0x04, safe)))
    return base64.b64encode(_tlv(0x30, _tlv(0x02, b"\x03") + content)).decode()


def _tlv(tag: int, content: bytes) -> bytes:
    """DER of something short."""
    return bytes([tag, len(content)]) + content
