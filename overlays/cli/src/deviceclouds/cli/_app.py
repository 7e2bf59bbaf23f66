"""Commands and options; what they do is in modules of their own, imported when a command runs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["app"]

# No pretty exceptions: theirs show local variables, and those may be secrets.
app = typer.Typer(
    help="Typed Python clients for five device clouds: AITRIOS, amnimo, ProGlove, Scailable, VizioSense.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Vendor(StrEnum):
    """The clouds, as options name them."""

    aitrios = "aitrios"
    amnimo = "amnimo"
    proglove = "proglove"
    scailable = "scailable"
    viziosense = "viziosense"


def _show_versions(wanted: bool) -> None:
    if wanted:
        from ._versions import versions

        typer.echo(versions())
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_versions, help="Show the versions and exit."
        ),
    ] = False,
) -> None:
    """Typed Python clients for five device clouds: AITRIOS, amnimo, ProGlove, Scailable, VizioSense."""


@app.command()
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
