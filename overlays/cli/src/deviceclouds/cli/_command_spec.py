"""Options of ``deviceclouds spec``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ._vendors import Vendor

__all__ = ["Status", "spec"]

spec = typer.Typer(
    help="Read the specifications: what is known of each API, and how well.", no_args_is_help=True
)


class Status(StrEnum):
    """How an operation is known, surest first."""

    documented = "documented"
    corroborated = "corroborated"
    inferred = "inferred"
    unverified = "unverified"


@spec.callback()
def _root() -> None:
    """Read the specifications: what is known of each API, and how well."""


@spec.command()
def show(
    vendor: Annotated[
        Vendor, typer.Argument(metavar="VENDOR", help=f"A cloud: {', '.join(Vendor)}.")
    ],
    operation: Annotated[
        str | None,
        typer.Argument(
            metavar="[OPERATION]",
            help="Its id or method, such as GetDevices or manage_devices.get_devices.",
            show_default=False,
        ),
    ] = None,
    evidence: Annotated[
        list[Status] | None,
        typer.Option(
            metavar="STATUS",
            help=f"Only what is known like this: {', '.join(Status)}; repeat for several.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """List a cloud's operations, or say all that is known of one.

    documented: the vendor's own document says it. corroborated: a public source confirms or supplies it. inferred:
    deduced. unverified: a guess.
    """
    from ._spec.command import SpecOptions, run_show

    statuses = tuple(one.value for one in evidence or ())
    raise typer.Exit(run_show(SpecOptions(vendor.value, operation, statuses, json)))
