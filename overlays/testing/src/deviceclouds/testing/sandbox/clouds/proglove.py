"""ProGlove."""

from __future__ import annotations

from ..cloud import Cloud

__all__ = ["CLOUD", "ProGloveCloud"]


class ProGloveCloud(Cloud):
    """See the module."""

    vendor = "proglove"


CLOUD = ProGloveCloud
