"""Client of the Sony AITRIOS Console (edge AI cameras): :class:`Aitrios` and :class:`AsyncAitrios`.

Models are in :mod:`deviceclouds.aitrios.models`, errors and :data:`UNSET` in :mod:`deviceclouds.runtime`.
"""

from __future__ import annotations

from deviceclouds._generated.aitrios import API_VERSION

from ._client import Aitrios, AsyncAitrios

__all__ = ["API_VERSION", "Aitrios", "AsyncAitrios"]
