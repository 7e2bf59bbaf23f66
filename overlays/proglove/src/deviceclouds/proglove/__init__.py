"""Client of the ProGlove Insight API (wearable scanners): :class:`ProGlove` and :class:`AsyncProGlove`.

Models are in :mod:`deviceclouds.proglove.models`, errors and :data:`UNSET` in :mod:`deviceclouds.runtime`.
"""

from __future__ import annotations

from deviceclouds._generated.proglove import API_VERSION

from ._client import AsyncProGlove, ProGlove

__all__ = ["API_VERSION", "AsyncProGlove", "ProGlove"]
