"""Client of the amnimo API (cameras and IoT gateways): :class:`Amnimo` and :class:`AsyncAmnimo`.

Models are in :mod:`deviceclouds.amnimo.models`, errors and :data:`UNSET` in :mod:`deviceclouds.runtime`.
"""

from __future__ import annotations

from deviceclouds._generated.amnimo import API_VERSION

from ._client import Amnimo, AsyncAmnimo

__all__ = ["API_VERSION", "Amnimo", "AsyncAmnimo"]
