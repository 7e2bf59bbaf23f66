"""Timing of several callables side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

__all__ = ["Timing", "interleave", "ratios"]

_BATCH = 0.004
"""Seconds one batch lasts: long against the clock's grain, short against a neighbour's burst on a shared machine."""


class Timing(NamedTuple):
    """What one callable took, in seconds a call."""

    best: float
    rounds: tuple[float, ...]


def interleave(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Times callables in turn, round after round; each round starts with another one.

    The garbage collector stays as it is by default: what a reply costs it is part of the price.

    Args:
        calls: What to time, by name.
        rounds: How many batches of each.
    """
    sizes = {name: _batch_size(call) for name, call in calls.items()}
    taken: dict[str, list[float]] = {name: [] for name in calls}
    names = list(calls)
    for number in range(rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            call, size = calls[name], sizes[name]
            began = time.perf_counter()
            for _ in range(size):
                call()
            taken[name].append((time.perf_counter() - began) / size)
    return {name: Timing(min(times), tuple(times)) for name, times in taken.items()}


def ratios(timing: Timing, baseline: Timing) -> tuple[float, float, float]:
    """Best against best, and the lower and upper quartile of the rounds' own ratios."""
    each = [one / other for one, other in zip(timing.rounds, baseline.rounds, strict=True)]
    low, _, high = statistics.quantiles(each, n=4) if len(each) > 1 else (each[0],) * 3
    return timing.best / baseline.best, low, high


def _batch_size(call: Callable[[], object]) -> int:
    for _ in range(5):
        call()
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - began)
    return max(1, round(_BATCH / best))
