"""What the forms of the page do. Each takes the fields as a browser sends them, all of them text."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from ..._spec import load_spec
from ..controls import LARGEST_STEP, LATEST_TIME
from ..faults import KINDS

if TYPE_CHECKING:
    from ..sandbox import Sandbox

__all__ = ["FORMS", "Done", "Form", "FormError", "read_fields"]

Fields = Mapping[str, str]

_MOST_FIELDS = 30


class FormError(ValueError):
    """A form that cannot be done.

    Args:
        panel: Id of the form's panel.
        field: Name of the field that is wrong; "" for the form as a whole.
        message: What is wrong with it.
    """

    def __init__(self, panel: str, field: str, message: str) -> None:
        super().__init__(message)
        self.panel = panel
        self.field = field
        self.message = message


class Done(NamedTuple):
    """What was done: key of the words for it, id of the panel that shows them, and a number they may need."""

    what: str
    panel: str
    number: int | None = None


class Form(NamedTuple):
    """What a form does, and the panel in which it stands."""

    panel: str
    act: Callable[[Sandbox, Fields], Done]

    def __call__(self, sandbox: Sandbox, fields: Fields) -> Done:
        """Does it. Raises FormError, or ValueError for the form as a whole."""
        return self.act(sandbox, fields)


def read_fields(content: bytes) -> dict[str, str]:
    """Fields of a URL-encoded form; the last of each name. Raises ValueError for far too many."""
    text = content.decode("utf-8", "replace")
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    return {name: value.strip() for name, value in pairs}


def _change_clock(sandbox: Sandbox, fields: Fields) -> Done:
    clock = sandbox.clock
    if "advance" in fields:
        step = _number(fields, "clock", "advance", 0, LARGEST_STEP)
        if clock.now() + step > LATEST_TIME:
            raise FormError(
                "clock", "", "The clock ends in the year 2200. Start over to set it back."
            )
        clock.advance(step)
        return Done("advanced", "clock")
    if fields.get("run") == "no":
        clock.freeze()
        return Done("frozen", "clock")
    clock.resume()
    return Done("running", "clock")


def _add_fault(sandbox: Sandbox, fields: Fields) -> Done:
    vendor, operation = fields.get("vendor") or "*", fields.get("operation") or "*"
    kind = fields.get("kind") or "status"
    if vendor not in ("*", *sandbox.vendors):
        raise FormError("faults", "vendor", "Choose one of the clouds.")
    if kind not in KINDS:
        raise FormError("faults", "kind", "Choose one of the kinds.")
    among = sandbox.vendors if vendor == "*" else (vendor,)
    if operation != "*" and not any(operation in load_spec(v).operations for v in among):
        raise FormError(
            "faults", "operation", "There is no such operation. Leave it empty for all of them."
        )
    latency = _number(fields, "faults", "latency", 0, 600, default=0)
    if kind == "latency" and not latency:
        raise FormError("faults", "latency", "A delay needs its seconds.")
    retry_after = _number(fields, "faults", "retry_after", 0, 86_400, default=math.nan)
    times = _whole(fields, "faults", "times", 1, 1_000_000, default=0)
    sandbox.fail(
        vendor,
        operation,
        kind=kind,
        status=_whole(fields, "faults", "status", 400, 599, default=503),
        retry_after=None if math.isnan(retry_after) else retry_after,
        latency=latency,
        times=times or None,
        probability=_number(fields, "faults", "share", 1, 100, default=100) / 100,
    )
    return Done("fault", "faults")


def _clear_faults(sandbox: Sandbox, fields: Fields) -> Done:
    sandbox.world.faults.clear()
    return Done("no-faults", "faults")


def _revoke(sandbox: Sandbox, fields: Fields) -> Done:
    vendor = fields.get("vendor") or None
    if vendor is not None and vendor not in sandbox.vendors:
        raise FormError("tokens", "vendor", "Choose one of the clouds.")
    demo = fields.get("demo") == "yes"
    number = sandbox.revoke(vendor, demo=demo)
    return Done("revoked-demo" if demo else "revoked", "tokens", number)


def _reset(sandbox: Sandbox, fields: Fields) -> Done:
    world = sandbox.world
    seed = _whole(fields, "reset", "seed", 0, 2**53, default=world.seed)
    size = _number(fields, "reset", "size", 0, 10, default=world.size)
    sandbox.reset(seed=seed, size=size)
    return Done("reset", "reset")


def _clear_calls(sandbox: Sandbox, fields: Fields) -> Done:
    sandbox.journal.clear()
    return Done("no-calls", "calls")


FORMS: Mapping[str, Form] = {
    "clock": Form("clock", _change_clock),
    "faults": Form("faults", _add_fault),
    "faults/clear": Form("faults", _clear_faults),
    "revoke": Form("tokens", _revoke),
    "reset": Form("reset", _reset),
    "journal/clear": Form("calls", _clear_calls),
}
"""Forms by the end of their address."""


def _number(
    fields: Fields,
    panel: str,
    name: str,
    least: float,
    most: float,
    default: float | None = None,
) -> float:
    text = fields.get(name, "")
    if not text and default is not None:
        return default
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    # Also false for what is no number.
    if not least <= found <= most:
        raise FormError(panel, name, f"Give a number from {least:g} to {most:g}.")
    return found


def _whole(fields: Fields, panel: str, name: str, least: int, most: int, default: int) -> int:
    text = fields.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 18 and least <= int(text) <= most):
        raise FormError(panel, name, f"Give a whole number from {least} to {most}.")
    return int(text)
