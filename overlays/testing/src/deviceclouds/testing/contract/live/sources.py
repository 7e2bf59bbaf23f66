"""Where the arguments of a call come from: the specification's links, and the values they find in a reply."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from ..._operations import Operation
    from ..._spec import Spec

__all__ = ["Source", "links_of", "values_from"]

BODY, PATH = "$response.body#", "$request.path."
MOST_BINDINGS = 1000
"""How many combinations of a reply's items are looked at."""


@dataclass(frozen=True, slots=True)
class Source:
    """A link: parameters of an operation that another operation's call supplies.

    Attributes:
        operation_id: The operation whose call supplies them.
        target: The operation that takes them.
        parameters: Runtime expression by name on the wire.
    """

    operation_id: str
    target: str
    parameters: Mapping[str, str]

    def __str__(self) -> str:
        taken = [
            f"{name} from {text.removeprefix(BODY) if text.startswith(BODY) else 'its path'}"
            for name, text in self.parameters.items()
        ]
        return f"{self.operation_id} ({', '.join(taken)})"


def links_of(spec: Spec) -> list[Source]:
    """All links of a specification's success replies, in its order."""
    found = []
    for operation in spec.operations.values():
        for status, raw in operation.raw["responses"].items():
            if not str(status).startswith("2"):
                continue
            for link in spec.resolve(raw).get("links", {}).values():
                resolved = spec.resolve(link)
                parameters = dict(resolved.get("parameters", {}))
                found.append(Source(operation.id, resolved["operationId"], parameters))
    return found


def values_from(
    source: Source, operation: Operation, path: str, reply: Any
) -> Iterator[dict[str, Any]]:
    """What one call supplies: one set of values for each item of its reply that has them all.

    Args:
        source: The link.
        operation: The link's own operation.
        path: Path of the request, relative to the server, still percent-encoded.
        reply: The reply's body as JSON.
    """
    match = operation.pattern.fullmatch(path)
    names = re.findall(r"{([^{}]*)}", operation.path)
    in_path = dict(zip(names, match.groups(), strict=True)) if match else {}
    fixed, wanted = {}, {}
    for name, text in source.parameters.items():
        if text.startswith(BODY):
            pointer = text.removeprefix(BODY)
            wanted[name] = [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]
        elif text.removeprefix(PATH) in in_path:
            fixed[name] = unquote(in_path[text.removeprefix(PATH)])
        else:
            return
    for values in islice(_bindings(reply, wanted), MOST_BINDINGS):
        yield {**fixed, **values}


def _bindings(node: Any, wanted: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Values at pointers; a number in a pointer stands for every item of its list, the same one for all pointers."""
    here = {name: node for name, way in wanted.items() if not way}
    if any(not isinstance(v, str | int) or isinstance(v, bool) or v == "" for v in here.values()):
        return
    below: dict[str, dict[str, list[str]]] = {}
    for name, way in wanted.items():
        if way:
            below.setdefault(way[0], {})[name] = way[1:]
    choices = [list(islice(_step(node, t, w), MOST_BINDINGS)) for t, w in below.items()]
    for combination in product(*choices):
        found = dict(here)
        for values in combination:
            found |= values
        yield found


def _step(node: Any, token: str, wanted: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict) and token in node:
        yield from _bindings(node[token], wanted)
    elif isinstance(node, list) and token.isdecimal():
        for item in node:
            yield from _bindings(item, wanted)
