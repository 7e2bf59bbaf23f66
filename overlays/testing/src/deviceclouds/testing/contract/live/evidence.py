"""What a live run suggests for the specification's evidence; a person decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from ..results import Proposal

if TYPE_CHECKING:
    from ..results import OperationResult
    from .moves import Move

__all__ = ["moves_that_answered", "proposals_for", "source_block"]

SETTLED = ("unverified", "inferred")


def proposals_for(
    results: Iterable[OperationResult],
    day: date,
    moves: Mapping[str, Move],
    empty: Collection[str] = (),
) -> tuple[Proposal, ...]:
    """Changes of evidence for operations that were a guess and gave what the specification says.

    Args:
        results: Of a live run.
        day: When it ran, UTC.
        moves: Operations that were called at another place, by operationId.
        empty: Operations all of whose lists were empty.
    """
    return tuple(
        Proposal(
            result.operation_id,
            result.evidence,
            "corroborated",
            _yaml(result, day, moves.get(result.operation_id), result.operation_id in empty),
        )
        for result in results
        if result.evidence in SETTLED and _went_well(result)
    )


def moves_that_answered(
    results: Iterable[OperationResult], moves: Mapping[str, Move]
) -> list[Move]:
    """Moves of operations that gave, at their other places, what the specification says."""
    return [
        moves[result.operation_id]
        for result in results
        if result.operation_id in moves and _went_well(result)
    ]


def _went_well(result: OperationResult) -> bool:
    return result.outcome == "ok" and any(200 <= status < 300 for status in result.statuses)


def _yaml(result: OperationResult, day: date, move: Move | None, empty: bool) -> str:
    statuses = " and ".join(map(str, result.statuses))
    times = "one call" if result.calls == 1 else f"{result.calls} calls"
    seen = ", with no item in any list" if empty else ""
    to_do = (
        "" if move is None else f"# Put the operation at {move.route}; it was at {move.before}.\n"
    )
    return (
        f"{to_do}x-evidence:\n"
        "  status: corroborated\n"
        "  source: live\n"
        f"  note: A live run of {day.isoformat()} got {statuses} on this method and path; the replies to {times} fit"
        f" the schema{seen}.\n"
    )


def source_block(target: str, day: date) -> str:
    """The entry of ``source.toml`` that the proposals name.

    Args:
        target: Scheme and host that were called.
        day: When, UTC.
    """
    return f'[sources.live]\nkind = "live-run"\nwhere = "{target}"\nread = {day.isoformat()}\n'
