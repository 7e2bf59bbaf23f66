"""Aitrios."""

from __future__ import annotations

from ..cloud import Cloud

__all__ = ["CLOUD", "AitriosCloud"]


class AitriosCloud(Cloud):
    """See the module."""

    vendor = "aitrios"


CLOUD = AitriosCloud
