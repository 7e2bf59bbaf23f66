"""Amnimo."""

from __future__ import annotations

from ..cloud import Cloud

__all__ = ["CLOUD", "AmnimoCloud"]


class AmnimoCloud(Cloud):
    """See the module."""

    vendor = "amnimo"


CLOUD = AmnimoCloud
