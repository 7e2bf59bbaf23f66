"""Client of the Scailable Compute API (edge AI models): :class:`Scailable` and :class:`AsyncScailable`.

Models are in :mod:`deviceclouds.scailable.models`, errors and :data:`UNSET` in :mod:`deviceclouds.runtime`.
"""

from __future__ import annotations

from deviceclouds._generated.scailable import API_VERSION

from ._client import AsyncScailable, Scailable

__all__ = ["API_VERSION", "AsyncScailable", "Scailable"]
