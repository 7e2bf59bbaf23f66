"""Options of ``deviceclouds contract``."""

from __future__ import annotations

from typing import Annotated

import typer

from ._vendors import Vendor

__all__ = ["EPILOG", "contract"]

EPILOG = (
    "Exit status: 0 it keeps to the specification, 1 it differs, 2 what was given cannot be used, 3 no credentials or "
    "refused ones, 4 the cloud could not be reached, 70 a fault of this program, 130 interrupted. Of several clouds, "
    "the lowest that is not 0. Credentials come from the environment, such as AMNIMO_CLIENT_ID and AMNIMO_SECRET_KEY; "
    "they are never options."
)

_LIVE, _OFFLINE, _FILES = "With --live", "Without --live", "Reports"


def contract(
    vendor: Annotated[
        list[Vendor] | None,
        typer.Argument(
            metavar="[VENDOR]...",
            help=f"Clouds: {', '.join(Vendor)}. Left out: all whose client is installed.",
            show_default=False,
        ),
    ] = None,
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Call the cloud itself, only to read. Look at it with --plan first."
        ),
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Show what --live would send, and send nothing.")
    ] = False,
    replay: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Check traffic in a HAR file: ours or a browser's."),
    ] = None,
    spec: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Another specification of this cloud (OpenAPI 3.1)."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OP", help="Only this operation, by id or method; repeat for several."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Notes, such as undocumented fields, fail too.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show every operation and every finding.")
    ] = False,
    record: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Keep the traffic as HAR, without secrets.", rich_help_panel=_LIVE
        ),
    ] = None,
    allow_writes: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OP",
            help="Call this operation although it may change something; needs --input.",
            rich_help_panel=_LIVE,
        ),
    ] = None,
    input_: Annotated[
        str | None,
        typer.Option(
            "--input",
            metavar="FILE",
            help="Arguments of operations, as JSON or TOML.",
            rich_help_panel=_LIVE,
        ),
    ] = None,
    path: Annotated[
        list[str] | None,
        typer.Option(
            metavar='NAME="[METHOD ]/PATH"',
            help="Try an operation at another path, such as a guessed one; repeat for several.",
            rich_help_panel=_LIVE,
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1000,
            metavar="N",
            help="Items of a list to look at one by one; 1 unless told.",
            show_default=False,
            rich_help_panel=_LIVE,
        ),
    ] = None,
    pages: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1000,
            metavar="N",
            help="Pages of a list to ask for; 2 unless told.",
            show_default=False,
            rich_help_panel=_LIVE,
        ),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            max=100,
            metavar="N",
            help="Requests in a second, at most; 2 unless told.",
            show_default=False,
            rich_help_panel=_LIVE,
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Another address of the cloud's API.", rich_help_panel=_LIVE
        ),
    ] = None,
    examples: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=1000,
            metavar="N",
            help="Generated inputs for each operation; 8 unless told.",
            show_default=False,
            rich_help_panel=_OFFLINE,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="The same seed gives the same inputs; 1 unless told.",
            show_default=False,
            rich_help_panel=_OFFLINE,
        ),
    ] = None,
    junit: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="JUnit XML, for CI; - for stdout.", rich_help_panel=_FILES
        ),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="JSON, for programs; - for stdout.", rich_help_panel=_FILES
        ),
    ] = None,
    markdown: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Markdown, for an issue; - for stdout.", rich_help_panel=_FILES
        ),
    ] = None,
) -> None:
    """Check that clients, clouds or recorded traffic keep to the specifications.

    Without options nothing leaves this machine: the installed clients are checked against their specifications.
    """
    from ._contract.command import run_contract
    from ._contract.options import ContractOptions

    options = ContractOptions(
        vendors=tuple(dict.fromkeys(one.value for one in vendor or ())),
        live=live,
        plan=plan,
        record=record,
        replay=replay,
        spec=spec,
        only=tuple(only or ()),
        allow_writes=tuple(allow_writes or ()),
        input=input_,
        paths=tuple(path or ()),
        samples=samples,
        pages=pages,
        rate=rate,
        base_url=base_url,
        examples=examples,
        seed=seed,
        junit=junit,
        json=json,
        markdown=markdown,
        strict=strict,
        verbose=verbose,
    )
    raise typer.Exit(run_contract(options))
