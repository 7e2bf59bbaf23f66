"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ContractError", "Problem", "RequestCheck", "ResponseCheck"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One difference from the specification. Never holds a value that was sent, only names.

    Attributes:
        location: Where, for example ``query.limit`` or ``body/models/0/model_id``.
        message: What is wrong there.
        rule: Keyword or rule that was broken, for example ``maximum`` or ``undocumented``.
    """

    location: str
    message: str
    rule: str

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


class ContractError(AssertionError):
    """A request or reply differs from the specification.

    Attributes:
        vendor: Name of the vendor.
        operation_id: Id of the operation; None where none fits.
        problems: What is wrong.
    """

    def __init__(
        self, what: str, vendor: str, operation_id: str | None, problems: tuple[Problem, ...]
    ) -> None:
        self.vendor = vendor
        self.operation_id = operation_id
        self.problems = problems
        lines = "\n".join(f"  - {problem} ({problem.rule})" for problem in problems)
        advice = _ADVICE[what].format(vendor=vendor)
        super().__init__(
            f"{vendor}, {operation_id or 'no known operation'}:"
            f" the {what} differs from the specification:\n{lines}\n{advice}"
        )


_ADVICE = {
    "request": "Correct the call; if the cloud does take it, correct specs/{vendor}/openapi.yaml.",
    "reply": "If the live cloud sent it, correct specs/{vendor}/openapi.yaml; else the reply.",
}


@dataclass(frozen=True, slots=True)
class RequestCheck:
    """Outcome of :func:`check_request`.

    Attributes:
        vendor: Name of the vendor.
        operation_id: Id of the operation; None where no operation fits.
        problems: What is wrong; empty for a good request.
    """

    vendor: str
    operation_id: str | None
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no problem."""
        return not self.problems

    def raise_for_problems(self) -> None:
        """Raises ContractError if there is a problem."""
        if self.problems:
            raise ContractError("request", self.vendor, self.operation_id, self.problems)


@dataclass(frozen=True, slots=True)
class ResponseCheck:
    """Outcome of :func:`check_response`.

    Attributes:
        vendor: Name of the vendor.
        operation_id: Id of the operation.
        problems: What is wrong; empty for a good reply.
        notes: Undocumented fields: no fault, because replies may grow, but worth writing down.
    """

    vendor: str
    operation_id: str
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no problem; notes do not count."""
        return not self.problems

    def raise_for_problems(self) -> None:
        """Raises ContractError if there is a problem."""
        if self.problems:
            raise ContractError("reply", self.vendor, self.operation_id, self.problems)
