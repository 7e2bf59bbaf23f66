"""The behaviour of each vendor's cloud, one small module each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..cloud import Cloud
    from ..world import World

__all__ = ["cloud_of"]


def cloud_of(vendor: str, world: World) -> Cloud:
    """A vendor's cloud, with its fleet as it is in the beginning."""
    module: Any = import_module(f"{__name__}.{vendor}")
    cloud: Cloud = module.CLOUD(world)
    return cloud
