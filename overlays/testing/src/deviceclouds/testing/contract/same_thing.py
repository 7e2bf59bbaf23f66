"""Whether a cloud that was asked for one thing answers with that one, as far as names of fields tell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from .results import Finding

if TYPE_CHECKING:
    from .._operations import Operation
    from .exchange import Exchange

__all__ = ["other_things"]


def other_things(operation: Operation, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
    """Findings for replies whose id is not the one in the path.

    Only for a GET whose path ends with the id: what comes back is then the thing itself. The reply's field has the
    parameter's name, or is ``id`` or ``uuid`` where the parameter's name ends so.

    Args:
        operation: The operation.
        exchanges: What travelled.
    """
    last = operation.path.rpartition("/")[2]
    if operation.method != "GET" or not (last.startswith("{") and last.endswith("}")):
        return
    wanted = _plain(last[1:-1])
    for exchange in exchanges:
        if exchange.status is None or not 200 <= exchange.status < 300:
            continue
        try:
            body = json.loads(exchange.content or b"")
        except ValueError:
            continue  # other checks say so
        asked = unquote(exchange.url.partition("?")[0].rpartition("/")[2])
        name = _id_field(body, wanted)
        if name is not None and str(body[name]).lower() != asked.lower():
            yield Finding("schema", f"body/{name}", "is not the one that was asked for", "other")


def _id_field(body: Any, wanted: str) -> str | None:
    """The field that holds the id; None where none is sure to."""
    if not isinstance(body, dict):
        return None
    plain = {
        _plain(name): name
        for name, value in body.items()
        if isinstance(value, str | int) and not isinstance(value, bool) and value != ""
    }
    names = [wanted, *(short for short in ("uuid", "id") if wanted.endswith(short))]
    return next((plain[each] for each in names if each in plain), None)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
