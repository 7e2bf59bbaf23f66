"""What a contract run found, as plain values that hold no secret: names and rules, never values of calls."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "BREAKING",
    "EXIT_CREDENTIALS",
    "EXIT_DIFFERS",
    "EXIT_INPUT",
    "EXIT_OK",
    "EXIT_UNREACHABLE",
    "ContractRunError",
    "Finding",
    "FindingKind",
    "Mode",
    "OperationResult",
    "Outcome",
    "Proposal",
    "Report",
    "any_index",
]

EXIT_OK, EXIT_DIFFERS, EXIT_INPUT, EXIT_CREDENTIALS, EXIT_UNREACHABLE = 0, 1, 2, 3, 4
"""Exit statuses: it keeps to the specification, it differs, what was given cannot be used, the cloud refused the
credentials or there are none, the cloud could not be reached."""


class ContractRunError(Exception):
    """A run could not begin or go on. The message says what is wrong and what to do, and holds no secret.

    Attributes:
        exit_code: One of the exit statuses above.
    """

    def __init__(self, message: str, exit_code: int = EXIT_INPUT) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def any_index(location: str) -> str:
    """A place without the numbers of list items: the same fault in every item is one finding."""
    return _INDEX.sub("/*", location)


_INDEX = re.compile(r"/\d+(?=/|$)")

FindingKind = Literal[
    "request",  # what our client sent is not what the specification says
    "status",  # a status that nobody documented
    "content-type",
    "header",
    "schema",  # a body, with JSON pointer
    "paging",  # pages repeat themselves, are too large, or lead nowhere
    "decoding",  # our client could not read a reply
    "authentication",  # a call without credentials was answered
    "coverage",  # an operation was never called
    "undocumented-field",  # more than was documented: replies may grow
    "not-offered",  # something optional of the specification that our client does not have yet
]

BREAKING: frozenset[FindingKind] = frozenset(
    (
        "request",
        "status",
        "content-type",
        "header",
        "schema",
        "paging",
        "decoding",
        "authentication",
        "coverage",
    )
)
"""Kinds that make a run fail; the others are notes."""

Outcome = Literal["ok", "differs", "unreachable", "refused", "skipped"]
"""``ok``: called, keeps to the specification, perhaps with notes. ``differs``: has a breaking finding. ``unreachable``:
no reply, or one that says nothing of the contract (429, 5xx). ``refused``: credentials or rights do not suffice.
``skipped``: not called; the reason says why."""

Mode = Literal["offline", "live", "recorded"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference from the specification.

    Attributes:
        kind: What differs.
        location: Where, for example ``query.limit`` or ``body/devices/0/device_id`` (a JSON pointer after ``body``).
        message: What is wrong there, without any value.
        rule: Keyword or rule that was broken, for example ``type`` or ``undocumented``.
    """

    kind: FindingKind
    location: str
    message: str
    rule: str = ""

    @property
    def breaking(self) -> bool:
        """Whether it makes a run fail."""
        return self.kind in BREAKING

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What a run says of one operation.

    Attributes:
        operation_id: Id in the specification.
        name: Namespace and method of the client, for example ``manage_devices.get_devices``.
        evidence: How well the specification knows it: documented, corroborated, inferred or unverified;
            empty where a file does not say.
        outcome: See :data:`Outcome`.
        findings: Breaking ones and notes, each once, however often it was seen.
        calls: How many requests were judged.
        statuses: HTTP statuses that were seen, sorted.
        reason: Why it was skipped, refused or not reached.
    """

    operation_id: str
    name: str
    evidence: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    calls: int = 0
    statuses: tuple[int, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of evidence that a live run suggests; a person decides.

    Attributes:
        operation_id: Id of the operation.
        before: Its status now.
        after: The status the run suggests.
        yaml: The ``x-evidence`` block to put into the specification.
    """

    operation_id: str
    before: str
    after: str
    yaml: str


@dataclass(frozen=True, slots=True)
class Report:
    """Outcome of one contract run over one vendor.

    Attributes:
        vendor: Name of the vendor.
        mode: ``offline``: our client against specification and sandbox; ``live``: a cloud; ``recorded``: traffic.
        api_version: Version of the vendor's API that the specification describes.
        spec_sha256: Hash of the specification as JSON (keys sorted), to know later what was compared with what.
        target: Scheme and host that were called, or the name of the file.
        started: When, ISO 8601 in UTC.
        results: By operation, in the specification's order; every operation is there.
        proposals: Changes of evidence that the run suggests.
        remarks: What the reader should know of the run as a whole, for example what was left out.
        failure: A fault that ended the run early: exit status and message; None where it ran to its end.
    """

    vendor: str
    mode: Mode
    api_version: str
    spec_sha256: str
    target: str
    started: str
    results: tuple[OperationResult, ...]
    proposals: tuple[Proposal, ...] = ()
    remarks: tuple[str, ...] = ()
    failure: tuple[int, str] | None = None

    @property
    def counts(self) -> Counter[Outcome]:
        """Number of operations by outcome."""
        return Counter(result.outcome for result in self.results)

    @property
    def ok(self) -> bool:
        """Whether nothing differs and the run was not ended early; notes, skips and refusals do not count."""
        return self.exit_code == EXIT_OK

    @property
    def exit_code(self) -> int:
        """Exit status for CI; differences win over what could not be reached."""
        counts = self.counts
        if counts["differs"]:
            return EXIT_DIFFERS
        if self.failure is not None:
            return self.failure[0]
        called = counts["ok"]
        if not called and counts["refused"]:
            return EXIT_CREDENTIALS
        if not called and counts["unreachable"]:
            return EXIT_UNREACHABLE
        return EXIT_OK
