"""Decoding alone, in variations: what each promise of our models costs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

from deviceclouds.runtime import _decode
from deviceclouds.runtime._envelope import open_envelope
from deviceclouds.runtime._fields import model_fields, models_in
from deviceclouds.runtime._model import Model

from benchmarks.data import Reply, reply
from benchmarks.report import Row, Table
from benchmarks.timing import interleave, ratios

__all__ = ["OURS", "measure", "variations"]

OURS = "each item from its own bytes (what a call does)"


def measure(*, rounds: int) -> list[Table]:
    """One table for each list."""
    return [_measure(reply(name), rounds) for name in ("devices", "events")]


def _measure(answer: Reply, rounds: int) -> Table:
    timings = interleave(variations(answer), rounds)
    baseline = timings["json.loads"]
    rows = []
    for name, timing in timings.items():
        ratio, low, high = ratios(timing, baseline)
        details = {"us": timing.best * 1e6}
        rows.append(Row(name, ratio, details=details, quartiles=(low, high)))
    return Table(f"Decoding alone, {answer.title} (json.loads = 1.00)", tuple(rows))


def variations(answer: Reply) -> dict[str, Callable[[], Sequence[Any]]]:
    """Ways to get the items of a page out of its bytes, by name."""
    generated = f"deviceclouds._generated.{answer.vendor}"
    table, name = ("events", "LIST_EVENTS")
    if answer.vendor == "aitrios":
        table, name = ("manage_devices", "GET_DEVICES")
    operation = getattr(import_module(f"{generated}.operations.{table}"), name)
    models = import_module(f"{generated}.models")
    page_class = getattr(models, answer.schema)
    (key,) = answer.items
    raw = answer.content

    def from_json() -> Sequence[Any]:
        items: Sequence[Any] = json.loads(raw)[key]
        return items

    def whole() -> Sequence[Any]:
        items: Sequence[Any] = getattr(_decode.decode_model(page_class, raw), key)
        return items

    def ours() -> Sequence[Any]:
        return open_envelope(operation, operation.pagination, raw)[0]

    def lenient() -> Sequence[Any]:
        with _lenient_only():
            return ours()

    def touched() -> Sequence[Any]:
        items = ours()
        for item in items:
            for _ in _nested(item):
                pass
        return items

    def unknown() -> Sequence[Any]:
        items = ours()
        for item in items:
            _ = item.unknown_fields
        return items

    def unknown_nested() -> Sequence[Any]:
        items = ours()
        for item in items:
            _ = item.unknown_fields
            for nested in _nested(item):
                _ = nested.unknown_fields
        return items

    return {
        "json.loads": from_json,
        "the page as a model, its list opened": whole,
        OURS: ours,
        "... and every nested object touched": touched,
        "... and unknown_fields of every item read": unknown,
        "... and of every nested object too": unknown_nested,
        "lenient path only": lenient,
    }


def _nested(model: Model) -> Iterator[Model]:
    """Every model below a model, each field that can hold one looked at once."""
    cls: Any = type(model)
    for name in _nested_fields(cls):
        value = getattr(model, name)
        for part in value if value.__class__ is list else (value,):
            if isinstance(part, Model):
                yield part
                yield from _nested(part)


@cache
def _nested_fields(cls: type[Model]) -> tuple[str, ...]:
    return tuple(field.name for field in model_fields(cls) if models_in(field.type))


@contextmanager
def _lenient_only() -> Iterator[None]:
    """What DEVICECLOUDS_LENIENT_ONLY=1 does from the start of a process, for a moment."""
    saved = dict(_decode._decoders)
    _decode._decoders.clear()
    os.environ["DEVICECLOUDS_LENIENT_ONLY"] = "1"
    try:
        yield
    finally:
        del os.environ["DEVICECLOUDS_LENIENT_ONLY"]
        _decode._decoders.clear()
        _decode._decoders.update(saved)
