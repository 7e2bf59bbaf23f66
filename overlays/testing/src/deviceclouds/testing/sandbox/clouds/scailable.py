"""Scailable: functions in catalogues, a sign-in with refresh tokens, bare arrays."""

from __future__ import annotations

from ..cloud import Cloud

__all__ = ["CLOUD", "ScailableCloud"]


class ScailableCloud(Cloud):
    """See the module."""

    vendor = "scailable"


CLOUD = ScailableCloud
