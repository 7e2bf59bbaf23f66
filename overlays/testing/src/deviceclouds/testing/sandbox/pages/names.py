"""Words the page uses: names of the vendors, of evidence, and of methods."""

from __future__ import annotations

import re

__all__ = ["EVIDENCE", "SHORT_NAMES", "method_name"]

SHORT_NAMES = {
    "aitrios": "AITRIOS",
    "amnimo": "amnimo",
    "proglove": "ProGlove",
    "scailable": "Scailable",
    "viziosense": "VizioSense",
}
"""What people call the vendors."""

EVIDENCE = {
    "documented": "the vendor's own document says it",
    "corroborated": "a public source confirms it, or supplies what the document lacks",
    "inferred": "deduced from related facts; the note says from which",
    "unverified": "a guess; the note says what would settle it",
}
"""How operations are known, surest first."""


def method_name(tag: str, operation_id: str) -> str:
    """Namespace and method of our clients, such as ``manage_devices.get_devices``."""
    return f"{_snake(tag)}.{_snake(operation_id)}"


def _snake(text: str) -> str:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text.replace(" ", "_"))
    return parted.lower()
