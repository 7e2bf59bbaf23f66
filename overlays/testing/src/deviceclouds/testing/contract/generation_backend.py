"""hypothesis' source of random values, without the words it takes from the modules of a program."""

from __future__ import annotations

from typing import Any

from hypothesis.internal.conjecture.providers import HypothesisProvider

__all__ = ["SeededProvider"]


class SeededProvider(HypothesisProvider):
    """Draws by the seed alone: the same on every machine and in every program."""

    def _maybe_draw_constant(self, *args: Any, **kwargs: Any) -> None:
        return None
