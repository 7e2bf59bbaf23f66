"""Runs ``deviceclouds spec show``: finds what is meant, then shows it."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from rich.console import Console

from .._missing import TESTING, part_missing

if TYPE_CHECKING:
    from deviceclouds.testing.sandbox.pages.reference import OperationView

__all__ = ["SpecOptions", "run_show"]

SHOWN, UNUSABLE = 0, 2


@dataclass(frozen=True, slots=True)
class SpecOptions:
    """What the command line says; see its help for the words."""

    vendor: str
    operation: str | None = None
    evidence: tuple[str, ...] = ()
    json: bool = False


def run_show(options: SpecOptions) -> int:
    """Shows a list of operations, or one.

    Returns:
        Exit status: 0, or 2 where there is no such thing; then one message on standard error has said so.
    """
    out, err = Console(highlight=False), Console(stderr=True, highlight=False)
    try:
        import_module(TESTING)
    except ModuleNotFoundError as error:
        # A library missing inside the wheel is another matter: let it show.
        if error.name != TESTING:
            raise
        message = part_missing("What reads the specifications", "sandbox", "deviceclouds-testing")
        err.print(message, markup=False, soft_wrap=True)
        return UNUSABLE
    from .data import as_data, views_of
    from .pages import show_list, show_operation

    views = views_of(options.vendor)
    if options.operation is not None:
        if options.evidence:
            message = "--evidence chooses from the list: leave it out, or leave the operation out."
            err.print(message, markup=False, soft_wrap=True)
            return UNUSABLE
        found = [v for v in views if options.operation in (v.id, v.client_method)]
        if not found:
            err.print(
                _unknown(options.vendor, options.operation, views), markup=False, soft_wrap=True
            )
            return UNUSABLE
        if options.json:
            print(json.dumps(as_data(options.vendor, found[0]), indent=2))  # noqa: T201
        else:
            show_operation(out, options.vendor, found[0])
        return SHOWN
    chosen = [v for v in views if not options.evidence or v.evidence.status in options.evidence]
    if options.json:
        data = [as_data(options.vendor, view) for view in chosen]
        print(json.dumps(data, indent=2))  # noqa: T201
    else:
        show_list(out, options.vendor, chosen, len(views))
    return SHOWN


def _unknown(vendor: str, name: str, views: list[OperationView]) -> str:
    names = {n.lower(): n for view in views for n in (view.client_method, view.id)}
    # Who gives a method without its namespace means the one that ends so.
    ends = [v.client_method for v in views if v.client_method.endswith(f".{name.lower()}")]
    close = difflib.get_close_matches(name.lower(), names, 3) if not ends else []
    meant = ends or [names[key] for key in close]
    hint = f" Did you mean {' or '.join(meant)}?" if meant else ""
    return f"{vendor} has no operation {name!r}.{hint} `deviceclouds spec show {vendor}` lists all."
