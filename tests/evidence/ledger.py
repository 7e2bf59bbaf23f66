"""What was compared, and what a spec does not state."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .equivalence import Stated
from .openapi import Place


@dataclass(frozen=True, order=True)
class Fact:
    """One fact of a source; `missed` says what the spec lacks, empty where it states the fact."""

    vendor: str
    table: str
    operation: str
    subject: str
    missed: str = ""

    def __str__(self) -> str:
        words = f"{self.vendor} {self.table}: {self.operation} {self.subject}"
        return f"{words} [{self.missed}]" if self.missed else words


@dataclass
class Ledger:
    """The facts of one vendor."""

    vendor: str
    facts: list[Fact] = field(default_factory=list)

    def fact(self, table: str, operation: str, subject: str, missed: str | bool) -> None:
        """Note one fact; `missed` is what the spec lacks, True where the subject says it."""
        missed = "missing" if missed is True else missed or ""
        self.facts.append(Fact(self.vendor, table, operation, subject, missed))

    def field(
        self, table: str, operation: str, name: str, stated: Stated, place: Place | None
    ) -> None:
        """Note presence, type, required flag and every limit of a field as facts of their own."""
        self.fact(table, operation, name, place is None)
        aspects = [*stated.limits]
        aspects += ["type"] if stated.type is not None else []
        aspects += ["required"] if stated.required is not None else []
        missed = stated.misses(place) if place else aspects
        for aspect in aspects:
            self.fact(table, operation, f"{name}: {aspect}", aspect in missed)

    @property
    def misses(self) -> list[Fact]:
        """Return the facts that the spec does not state."""
        return [fact for fact in self.facts if fact.missed]


@dataclass(frozen=True)
class Figure:
    """How many facts of a group the spec states."""

    name: str
    total: int
    stated: int

    @property
    def percent(self) -> float:
        """Return the share stated, of 100."""
        return 100 * self.stated / self.total if self.total else 0.0

    def __str__(self) -> str:
        return f"{self.name:<32} {self.stated:>5} of {self.total:>5} = {self.percent:6.2f} %"


def figure(name: str, facts: list[Fact]) -> Figure:
    """Count a group of facts."""
    return Figure(name, len(facts), sum(not fact.missed for fact in facts))


def figures(ledgers: list[Ledger]) -> list[Figure]:
    """Return one figure a table and vendor, one a vendor, and one for all."""
    found = []
    for ledger in ledgers:
        for table in Counter(fact.table for fact in ledger.facts):
            facts = [fact for fact in ledger.facts if fact.table == table]
            found.append(figure(f"{ledger.vendor} {table}", facts))
        found.append(figure(ledger.vendor, ledger.facts))
    return [*found, figure("all", [fact for ledger in ledgers for fact in ledger.facts])]
