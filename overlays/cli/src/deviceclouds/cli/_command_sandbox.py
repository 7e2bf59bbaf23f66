"""Options of ``deviceclouds sandbox``."""

from __future__ import annotations

from typing import Annotated

import typer

from ._vendors import Vendor

__all__ = ["sandbox"]


def sandbox(
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, metavar="NUMBER", help="Port to listen on; 0 for any free one."
        ),
    ] = 8765,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Address to listen at; others than loopback let your network in.",
        ),
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A further name by which the page may be asked; repeat for several.",
        ),
    ] = None,
    vendor: Annotated[
        list[Vendor] | None,
        typer.Option(
            metavar="CLOUD", help=f"Only this cloud: {', '.join(Vendor)}; repeat for several."
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, metavar="NUMBER", help="The same seed makes the same fleets.")
    ] = 1,
    size: Annotated[
        float,
        typer.Option(
            min=0,
            max=10,
            metavar="FACTOR",
            help="0 for a few records, 1 for realistic fleets, to 10.",
        ),
    ] = 1.0,
    no_rate_limits: Annotated[
        bool, typer.Option("--no-rate-limits", help="Take as many calls as come.")
    ] = False,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="Let the clock stand still until you move it.")
    ] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the page in a browser.")
    ] = False,
) -> None:
    """Start the five clouds on this machine, with a page to watch and steer them.

    User, password, client id, secret and token are all "demo". Nothing is kept when it ends.
    """
    from ._sandbox import SandboxOptions, run_sandbox

    options = SandboxOptions(
        port=port,
        host=host,
        allowed_hosts=tuple(allow_host or ()),
        vendors=tuple(one.value for one in vendor) if vendor else None,
        seed=seed,
        size=size,
        rate_limits=not no_rate_limits,
        frozen=frozen,
        browser=not no_browser,
    )
    raise typer.Exit(run_sandbox(options))
