"""The plan of a live run, carried out against the sandbox in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._spec import Spec
    from .results import OperationResult

__all__ = ["sandbox_results"]


def sandbox_results(vendor: str, spec: Spec, wanted: list[str]) -> list[OperationResult]:
    """Results of the reading operations against the stateful sandbox; nothing leaves the process."""
    return []
