"""Client of the VizioSense integrator API (vision sensors): :class:`VizioSense` and :class:`AsyncVizioSense`.

Models are in :mod:`deviceclouds.viziosense.models`, errors and :data:`UNSET` in :mod:`deviceclouds.runtime`.
"""

from __future__ import annotations

from deviceclouds._generated.viziosense import API_VERSION

from ._client import AsyncVizioSense, VizioSense

__all__ = ["API_VERSION", "AsyncVizioSense", "VizioSense"]
