"""What a live run will send, decided and shown before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from ..._spec import Spec
from .moves import Move
from .sign_ins import SignInPlan
from .sources import Source

__all__ = ["Plan", "Skipped", "Step"]

REPEATS = 5
"""Requests a run may send a second time: after a token was renewed, or where the cloud asked to wait."""


class Skipped(NamedTuple):
    """An operation that is not called, and why."""

    operation_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One operation that is called.

    Attributes:
        operation_id: Id in the specification.
        name: Namespace and method of the client.
        method: HTTP method.
        path: Path template.
        kind: ``call``, or ``probe``: sent once without credentials, which the cloud has to refuse.
        sources: Where its ids come from, the first that has any; empty where it needs none.
        needed: Names of parameters that must come from a source.
        supplied: Names of parameters that the client's constructor supplies, else a source.
        given: Parameters as they were given, and the page size.
        body: The body; None for none.
        calls: How often the client calls it, each time with another item of its source.
        pages: Pages of each call.
        writes: Whether it may change something.
        moved_from: Method and path of the specification, where it is called at another place; else "".
    """

    operation_id: str
    name: str
    method: str
    path: str
    kind: Literal["call", "probe"] = "call"
    sources: tuple[Source, ...] = ()
    needed: tuple[str, ...] = ()
    supplied: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)
    body: Any = field(default=None, repr=False)
    calls: int = 1
    pages: int = 1
    writes: bool = False
    moved_from: str = ""

    @property
    def most_requests(self) -> int:
        """How many requests it may send, repeats apart."""
        return self.calls * self.pages

    def as_line(self) -> str:
        """One line for people; it holds no value that somebody gave."""
        notes = []
        if self.kind == "probe":
            notes.append("without credentials: it should be refused")
        if self.writes:
            notes.append("WRITES")
        if self.moved_from:
            notes.append(f"at a path that was given; the specification has {self.moved_from}")
        if self.supplied:
            notes.append(f"{', '.join(self.supplied)} of the client")
        if self.sources:
            word = " or else from " if self.supplied and not self.needed else "ids from "
            notes.append((word + " or ".join(map(str, self.sources))).strip())
        if self.given:
            notes.append(f"with {', '.join(sorted(self.given))}")
        if self.pages > 1:
            notes.append(f"up to {self.pages} pages each")
        said = f"; {'; '.join(notes)}" if notes else ""
        return f"{self.most_requests:>4}  {self.method} {self.path}  {self.name}{said}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a live run sends, at most.

    Attributes:
        vendor: Name of the vendor.
        spec: Its specification; operations with another path are there at that path.
        steps: In order: lists before what their items are needed for.
        skipped: Operations that are not called.
        sign_in: How the client gets tokens, and how many requests that may take.
        repeats: How many requests may be sent a second time.
        moves: Operations that are called at another place than the specification's, by operationId.
        paths: What the client is given as ``paths=``.
        original: The specification with every operation at its own place; None where none is at another.
    """

    vendor: str
    spec: Spec = field(repr=False)
    steps: tuple[Step, ...]
    skipped: tuple[Skipped, ...]
    sign_in: SignInPlan
    repeats: int = REPEATS
    moves: Mapping[str, Move] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    original: Spec | None = field(default=None, repr=False)

    @property
    def most_requests(self) -> int:
        """How many requests it may send altogether, sign-ins and repeats included."""
        own = sum(step.most_requests for step in self.steps)
        return own + self.sign_in.most_requests + self.repeats

    def as_lines(self) -> list[str]:
        """The plan as text for people; the same plan always gives the same lines."""
        writes = sum(step.writes for step in self.steps)
        called = sum(step.kind == "call" for step in self.steps)
        total = called + len(self.skipped)
        lines = [
            f"{self.vendor}: calls {called} of {total} operations, at most {self.most_requests} requests, "
            + (f"{_counted(writes)} may change something" if writes else "none changes anything"),
            f"{self.sign_in.most_requests:>4}  sign-in: {self.sign_in.text}",
            f"{self.repeats:>4}  any of these a second time: after a new token, or where the cloud asks to wait",
        ]
        lines += [step.as_line() for step in self.steps]
        lines += [f"   -  {skip.operation_id}: {skip.reason}" for skip in self.skipped]
        return lines

    def __str__(self) -> str:
        return "\n".join(self.as_lines())


def _counted(operations: int) -> str:
    return f"{operations} operation{'' if operations == 1 else 's'}"
