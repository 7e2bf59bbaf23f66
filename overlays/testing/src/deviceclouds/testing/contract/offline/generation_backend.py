"""hypothesis' source of random values, without the words it takes from the modules of a program."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["SeededProvider"]

# Only hypothesis itself imports this module, so it is there; type checkers need not have it.
_Provider: Any = import_module("hypothesis.internal.conjecture.providers").HypothesisProvider


class SeededProvider(_Provider):  # type: ignore[misc]  # Any to type checkers
    """Draws by the seed alone: the same on every machine and in every program."""

    def _maybe_draw_constant(self, *args: Any, **kwargs: Any) -> None:
        return None
