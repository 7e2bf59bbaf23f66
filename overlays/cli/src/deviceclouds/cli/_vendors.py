"""The clouds, as arguments and options name them."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Vendor"]


class Vendor(StrEnum):
    """The clouds, as options name them."""

    aitrios = "aitrios"
    amnimo = "amnimo"
    proglove = "proglove"
    scailable = "scailable"
    viziosense = "viziosense"
