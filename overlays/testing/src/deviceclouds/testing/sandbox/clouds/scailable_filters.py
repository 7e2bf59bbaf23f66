"""Which of Scailable's models a list has, and in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..calls import Refusal
from .scailable_models import NIL, Model

if TYPE_CHECKING:
    from ..calls import Call

__all__ = ["chosen"]

# Longer numbers are no sizes of pictures, and Python refuses to read the longest.
_RANGE = re.compile(r"(\d{0,9})-(\d{0,9})", re.ASCII)

_KEYS: dict[str, Callable[[Model], Any]] = {
    "Name": lambda model: model.data["Name"],
    "UpdatedAt": lambda model: model.updated_at,
    "InsertedAt": lambda model: model.inserted_at,
}


def chosen(call: Call, models: Iterable[Model], now: float) -> list[Model]:
    """The models that pass every filter of a call, in the order it asks for; else oldest first, which is our choice.

    Raises:
        Refusal: A range of sizes cannot be read.
    """
    tests = list(_tests(call, now))
    found = [model for model in models if all(test(model) for test in tests)]
    for order in reversed(call.get("OrderBy") or ()):
        # Sorting is stable: the most important field comes last.
        found.sort(key=_KEYS[order.lstrip("-")], reverse=order.startswith("-"))
    return found


def _tests(call: Call, now: float) -> Iterable[Callable[[Model], bool]]:
    given = call.arguments
    if given.get("q"):
        yield lambda model: _mentions(model, given["q"].casefold())
    if "Status" in given:
        yield lambda model: model.state(now) == given["Status"]
    if "Catalogue" in given:
        yield lambda model: _is_in(model, given["Catalogue"].lower())
    if given.get("LicensedCatalogue"):
        # What makes a catalogue a licensed one is not known: any catalogue will do.
        wanted = {each.lower() for each in given["LicensedCatalogue"]}
        yield lambda model: not wanted.isdisjoint(model.catalogues)
    if given.get("Functions"):
        ids = {each.lower() for each in given["Functions"]}
        yield lambda model: model.uuid in ids
    for name in ("SourceName", "SourceUrl", "Customization"):
        if name in given:
            yield lambda model, name=name: model.data.get(name) == given[name]  # type: ignore[misc]
    for name in ("Width", "Height"):
        if name in given:
            low, high = _range(name, given[name])
            yield _sized(name.lower(), low, high)
    if "RuntimeArch" in given:
        yield lambda model: given["RuntimeArch"] in model.architectures
    # What a property is, is not explained: here the names in the driver's details.
    if "OutputProperty" in given:
        yield lambda model: given["OutputProperty"] in model.data.get("OutputDriverDetails", ())
    if "InputProperty" in given:
        yield lambda model: given["InputProperty"] in model.data.get("InputDriverDetails", ())


def _mentions(model: Model, words: str) -> bool:
    texts = (model.data.get(name) or "" for name in ("Name", "Alias", "Documentation"))
    return any(words in text.casefold() for text in texts)


def _is_in(model: Model, catalogue: str) -> bool:
    return not model.catalogues if catalogue == NIL else catalogue in model.catalogues


def _sized(name: str, low: float, high: float) -> Callable[[Model], bool]:
    def fits(model: Model) -> bool:
        size = model.data.get("InputDriverDetails", {}).get(name)
        return isinstance(size, int | float) and low <= size <= high

    return fits


def _range(name: str, text: str) -> tuple[float, float]:
    found = _RANGE.fullmatch(text)
    if found is None or text == "-":
        # Whether a number alone is a range is not documented.
        raise Refusal(400, "must be a range such as 200-, -200 or 100-200", code=name)
    low, high = found.groups()
    return float(low or 0), float(high or "inf")
