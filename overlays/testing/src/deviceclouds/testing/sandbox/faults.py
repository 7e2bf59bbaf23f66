"""Faults on request: which calls go wrong, how, how often."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from typing import Literal

__all__ = ["KINDS", "Fault", "Faults"]

Kind = Literal["status", "html", "reset", "truncated", "latency"]
KINDS: tuple[Kind, ...] = ("status", "html", "reset", "truncated", "latency")


@dataclass(slots=True)
class Fault:
    """One rule.

    Attributes:
        vendor: Whose calls; ``*`` for all.
        operation: operationId; ``*`` for all.
        kind: ``status`` answers with an error in the vendor's shape, ``html`` with a page as proxies have it, ``reset``
            ends the connection, ``truncated`` sends half of the reply, ``latency`` only takes its time.
        status: For ``status`` and ``html``.
        retry_after: Seconds in a Retry-After header; none if None.
        latency: Seconds before the answer, with every kind.
        times: How many calls; None for all from now on.
        probability: Of each call that fits, from 0 to 1.
    """

    vendor: str = "*"
    operation: str = "*"
    kind: Kind = "status"
    status: int = 503
    retry_after: float | None = None
    latency: float = 0.0
    times: int | None = 1
    probability: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind={self.kind!r}: give one of {', '.join(KINDS)}")
        if not isinstance(self.status, int) or not 400 <= self.status <= 599:
            raise ValueError(f"status={self.status!r}: give 400 to 599")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"probability={self.probability!r}: give 0 to 1")
        if not 0 <= self.latency <= 600:
            raise ValueError(f"latency={self.latency!r}: give 0 to 600 seconds")
        if self.times is not None and (not isinstance(self.times, int) or self.times < 1):
            raise ValueError(f"times={self.times!r}: give 1 or more, or none for all")
        if self.retry_after is not None and not 0 <= self.retry_after <= 86_400:
            raise ValueError(f"retry_after={self.retry_after!r}: give 0 to 86400 seconds, or none")


class Faults:
    """The rules in force; the first that fits a call is used.

    Args:
        seed: Decides which calls a probability hits.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # no secret
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    @property
    def rules(self) -> tuple[Fault, ...]:
        """The rules in force."""
        return tuple(self._rules)

    def add(self, fault: Fault) -> None:
        """Adds a rule."""
        with self._lock:
            self._rules.append(fault)

    def clear(self) -> None:
        """Forgets all rules."""
        with self._lock:
            self._rules.clear()

    def pick(self, vendor: str, operation: str) -> Fault | None:
        """The fault for a call, counted; None if all is well."""
        if not self._rules:
            return None
        with self._lock:
            for rule in self._rules:
                fits = rule.vendor in ("*", vendor) and rule.operation in ("*", operation)
                if not fits or self._random.random() >= rule.probability:
                    continue
                if rule.times is not None:
                    rule.times -= 1
                    if rule.times == 0:
                        self._rules.remove(rule)
                return rule
        return None
