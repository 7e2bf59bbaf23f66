"""VizioSense."""

from __future__ import annotations

from ..cloud import Cloud

__all__ = ["CLOUD", "VizioSenseCloud"]


class VizioSenseCloud(Cloud):
    """See the module."""

    vendor = "viziosense"


CLOUD = VizioSenseCloud
