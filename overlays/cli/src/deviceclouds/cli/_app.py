"""The command and its subcommands; what they do is in modules of their own, imported when a command runs."""

from __future__ import annotations

from typing import Annotated

import typer

from ._command_contract import EPILOG, contract
from ._command_sandbox import sandbox
from ._command_spec import spec

__all__ = ["app"]

# No pretty exceptions: theirs show local variables, and those may be secrets.
app = typer.Typer(
    help="Typed Python clients for five device clouds: AITRIOS, amnimo, ProGlove, Scailable, VizioSense.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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


app.command()(sandbox)
app.command(epilog=EPILOG)(contract)
app.add_typer(spec, name="spec")
