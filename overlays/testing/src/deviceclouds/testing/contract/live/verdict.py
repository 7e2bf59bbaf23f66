"""What a run has seen of one operation, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..results import Finding, OperationResult, Outcome, any_index
from ..specs import marked_evidence
from .replies import has_only_empty_lists

if TYPE_CHECKING:
    from ..._operations import Operation
    from ..exchange import Exchange
    from .moves import Move

__all__ = ["Verdict", "is_elsewhere"]

NOT_THERE = frozenset({404, 405})
INVALID = frozenset({400, 406, 415, 422})
_OF_THE_WHOLE = ("header.content-type", "body")


class Verdict:
    """Collects what was seen of one operation.

    Args:
        operation: The operation, as the specification has it.
        name: What the client calls it.
        move: The other place where it is called; None for its own.

    Attributes:
        succeeded: Replies with 2xx so far that came to their end.
        only_empty: Whether all of them had lists, and none of these an item.
        understood: Those of them that were of the form the specification says, whatever differs inside.
        lacking: Parameters it was not called for, because the client does not supply them.
        reason: Why it was not called, was refused or not reached; the first reason stays.
        refused: Whether credentials or rights did not suffice.
        unreachable: Whether a reply did not come, or said nothing of the contract.
    """

    def __init__(self, operation: Operation, name: str, move: Move | None = None) -> None:
        self._operation = operation
        self._name = name
        self._move = move
        # By kind, rule and place, whatever the index in a list: the first of each is kept.
        self._findings: dict[tuple[str, str, str], Finding] = {}
        self._calls = 0
        self._statuses: set[int] = set()
        self._by_ids = False
        self.succeeded = 0
        self.lacking: tuple[str, ...] = ()
        self.only_empty = True
        self.understood = 0
        self.refused = False
        self.unreachable = False
        self.reason = ""

    @property
    def evidence(self) -> str:
        """How well the specification says it knows the operation; empty where it does not say."""
        return marked_evidence(self._operation.extensions)

    def add(self, findings: Iterable[Finding]) -> None:
        """Takes findings, each once."""
        for finding in findings:
            place = any_index(finding.location)
            self._findings.setdefault((finding.kind, finding.rule, place), finding)

    def saw(self, exchange: Exchange, findings: Iterable[Finding], *, by_ids: bool = False) -> None:
        """Takes an exchange of the operation.

        Args:
            exchange: What travelled.
            findings: What the specification says to it.
            by_ids: Whether it asked for something that another reply named.
        """
        self._calls += 1
        self._by_ids = self._by_ids or by_ids
        status = exchange.status
        if status is None:
            return
        self._statuses.add(status)
        findings = list(findings)
        if 200 <= status < 300 and exchange.content is not None:
            self.succeeded += 1
            self.understood += not any(finding.location in _OF_THE_WHOLE for finding in findings)
            self.only_empty = self.only_empty and has_only_empty_lists(exchange.content)
        if status == 429 or 500 <= status < 600:
            # It says nothing of the contract; what was asked still counts.
            findings = [finding for finding in findings if finding.kind == "request"]
        elif self._move is not None and is_elsewhere(status):
            # Something else says so, or nothing: it is no reply of the operation.
            findings = [finding for finding in findings if finding.kind == "request"]
        elif status in (401, 403):
            findings = [finding for finding in findings if finding.rule != "status"]
        self.add(findings)

    def explain(self, reason: str, *, refused: bool = False, unreachable: bool = False) -> None:
        """Why it did not go well."""
        self.reason = self.reason or reason
        self.refused = self.refused or refused
        self.unreachable = self.unreachable or unreachable

    @property
    def statuses(self) -> frozenset[int]:
        """HTTP statuses that were seen."""
        return frozenset(self._statuses)

    @property
    def called(self) -> bool:
        """Whether a request of it was sent."""
        return self._calls > 0

    @property
    def moved(self) -> bool:
        """Whether it is called at another place than the specification's."""
        return self._move is not None

    @property
    def answered(self) -> bool:
        """Whether a reply came."""
        return bool(self._statuses)

    @property
    def fixed(self) -> bool:
        """Whether its path is the same for everybody, so that only the path can be wrong and not an id in it."""
        return "{" not in self._operation.path

    @property
    def not_there(self) -> bool:
        """Whether every reply said that there is no such thing, or that it is elsewhere."""
        return all(map(is_elsewhere, self._statuses))

    @property
    def no_data(self) -> bool:
        """Whether replies came well and each was of another type than the specification's, such as a web page."""
        of_type = any(kind == "content-type" for kind, _, _ in self._findings)
        return self.succeeded > 0 and not self.understood and of_type

    def result(self, *, located: bool) -> OperationResult:
        """What follows.

        Args:
            located: Whether something of this API was found at all; else nothing is known of a single one's path.
        """
        findings = list(self._findings.values())
        if not self.succeeded and not self.refused:
            findings += self._never_well(located)
        return OperationResult(
            self._operation.id,
            self._name,
            self.evidence,
            self._outcome(findings),
            tuple(findings),
            self._calls,
            tuple(sorted(self._statuses)),
            self.reason,
        )

    def _outcome(self, findings: Iterable[Finding]) -> Outcome:
        if any(finding.breaking for finding in findings):
            return "differs"
        if self.succeeded:
            return "ok"
        if self.refused:
            return "refused"
        if self.unreachable:
            return "unreachable"
        return "ok" if self._calls else "skipped"

    @property
    def _of_its_place(self) -> bool:
        """Whether method or path must be meant where nothing was found, and not an id that may not exist."""
        return self.fixed or self._by_ids or self._statuses == {405}

    def _never_well(self, located: bool) -> Iterable[Finding]:
        """Findings where the cloud never gave what was asked for."""
        absent, invalid = self._statuses & NOT_THERE, self._statuses & INVALID
        if self._move is not None and self.not_there and self._statuses:
            yield self._not_at(self._move, located)
        elif absent:
            asked = (
                "on its path"
                if self._of_its_place
                else "for what it was given, which may not exist"
            )
            asked = "for what a list of the same cloud named" if self._by_ids else asked
            said = f"answers {_listed(absent)} {asked}"
            path_is_meant = self._of_its_place and located
            if self.evidence in ("unverified", "inferred") and path_is_meant:
                said += f"; method and path are {self.evidence}, and this speaks against them"
            yield Finding("status", "status", said, "not-found")
        elif invalid and not any(kind == "request" for kind, _, _ in self._findings):
            said = f"answers {_listed(invalid)} to a request that the specification allows"
            if self._move is not None:
                said += f", at {self._move.route}, the path that was given"
            yield Finding("status", "status", said, "refused-as-invalid")

    def _not_at(self, move: Move, located: bool) -> Finding:
        """What a given path deserves that leads nowhere; it says nothing of the specification."""
        said = f"answers {_listed(self._statuses)} at {move.route}, the path that was given"
        if not self._of_its_place:
            said += ", for what it was given, which may not exist"
        elif located:
            said += ": this speaks against that path"
        return Finding(
            "status",
            "status",
            f"{said}; {move.before} of the specification was not tried",
            "not-found",
        )


def is_elsewhere(status: int) -> bool:
    """Whether a status says that there is no such thing here."""
    return status in NOT_THERE or 300 <= status < 400


def _listed(statuses: Iterable[int]) -> str:
    return " and ".join(str(status) for status in sorted(statuses))
