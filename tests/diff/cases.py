"""The cases of the table: a small document before and after each kind of change."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from codegen.diff.kinds import Way
from codegen.lint.pointers import tokens

HERE = Path(__file__).parent
ROOMS = "/paths/~1rooms~1{room}~1lamps~1{lamp_id}"
#: Short names for the places the cases use most.
SHORT = {
    "list_lamps": "/paths/~1lamps/get",
    "create_lamp": "/paths/~1lamps/post",
    "get_lamp": f"{ROOMS}/get",
    "get_lamp_id": "/paths/~1rooms~1{room}~1lamps~1{id}/get",
    "request": "/components/schemas/LampRequest/properties/x",
    "reply": "/components/schemas/Lamp/properties/x",
}


@dataclass(frozen=True)
class Case:
    """One kind of change in one direction."""

    kind: str
    way: Way
    before: dict[str, Any] = field(repr=False)
    after: dict[str, Any] = field(repr=False)
    also: dict[str, int] = field(default_factory=dict)
    """Kinds told besides, and how often; of the kind itself if more than once."""

    @property
    def id(self) -> str:
        """What the case is called."""
        return f"{self.kind}-{self.way}" if self.way else self.kind


def base() -> dict[str, Any]:
    """The small document."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / "base.yaml").read_text(encoding="utf-8"))
    return loaded


def cases() -> list[Case]:
    """All cases, in the order of the file."""
    written = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))
    document = base()
    return [
        _case(document, kind, way, entry)
        for kind, ways in written.items()
        for way, entry in ways.items()
    ]


def _case(document: dict[str, Any], kind: str, way: Way, entry: dict[str, Any]) -> Case:
    before, after = copy.deepcopy(document), copy.deepcopy(document)
    for old, new in [*entry.get("moves", ()), *([entry["move"]] if "move" in entry else ())]:
        put(after, new, take(after, old))
    if "at" in entry:
        for side, name in ((before, "before"), (after, "after")):
            value = lookup(document, entry["at"]) if entry.get(name) == "base" else entry.get(name)
            set_or_remove(side, entry["at"], value, present=name in entry)
    if "required" in entry:
        at, one, other = entry["required"]
        put(before, at, one)
        put(after, at, other)
    return Case(kind, way, before, after, entry.get("also", {}))


def pointer(at: str) -> list[str]:
    """The tokens of a pointer that may begin with a short name."""
    head, _, rest = at.partition("/")
    return tokens(f"{SHORT[head]}/{rest}".rstrip("/") if head else at)


def lookup(document: Any, at: str) -> Any:
    """What stands at a place."""
    for token in pointer(at):
        document = document[int(token) if isinstance(document, list) else token]
    return document


def put(document: Any, at: str, value: Any) -> None:
    """Writes a value to a place."""
    holder, last = _holder(document, at)
    if isinstance(holder, list):
        holder[int(last) : int(last) + 1] = [copy.deepcopy(value)]
    else:
        holder[last] = copy.deepcopy(value)


def take(document: Any, at: str) -> Any:
    """Removes and returns what stands at a place."""
    holder, last = _holder(document, at)
    return holder.pop(int(last) if isinstance(holder, list) else last)


def set_or_remove(document: Any, at: str, value: Any, *, present: bool) -> None:
    """Writes a value to a place, or sees to it that nothing stands there."""
    holder, last = _holder(document, at)
    if present:
        put(document, at, value)
    elif isinstance(holder, list):
        del holder[int(last) : int(last) + 1]
    else:
        holder.pop(last, None)


def _holder(document: Any, at: str) -> tuple[Any, str]:
    *path, last = pointer(at)
    for token in path:
        # The short name of an operation that is at its new place on one side only.
        if isinstance(document, dict) and token not in document:
            return {}, last
        document = document[int(token) if isinstance(document, list) else token]
    return document, last
