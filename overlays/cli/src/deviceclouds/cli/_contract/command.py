"""Runs ``deviceclouds contract``: checks what was given, lets the kit work, shows and writes what it found."""

from __future__ import annotations

import traceback
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from rich.console import Console

from .._missing import TESTING, client_missing, installed_clients, part_missing
from .._vendors import Vendor
from .inputs import UnusableInputError
from .options import contradiction
from .outputs import Outputs, UnusableOutputError

if TYPE_CHECKING:
    from deviceclouds.testing.contract.results import Report

    from .options import ContractOptions

__all__ = ["run_contract"]

KEPT, UNUSABLE, OUR_FAULT, INTERRUPTED = 0, 2, 70, 130


def run_contract(options: ContractOptions) -> int:
    """Does what the command line says.

    Returns:
        Exit status, as the command's help lists them; for 2 and more, one message on standard error has said why.
    """
    err = Console(stderr=True, highlight=False)
    try:
        return _run(options, err)
    except KeyboardInterrupt:
        say(err, "Interrupted.")
        return INTERRUPTED
    except Exception:
        # Python itself would end with 1, which means that something differs.
        traceback.print_exc()
        say(err, "This is a fault of deviceclouds: please report it with the lines above.")
        return OUR_FAULT


def _run(options: ContractOptions, err: Console) -> int:
    refused = contradiction(options)
    if refused is not None:
        say(err, refused)
        return UNUSABLE
    try:
        import_module(TESTING)
    except ModuleNotFoundError as error:
        # A library missing inside the wheel is another matter: let it show.
        if error.name != TESTING:
            raise
        say(err, part_missing("The contract kit", "contract", "deviceclouds-testing"))
        return UNUSABLE
    vendors = list(options.vendors) or installed_clients(list(Vendor))
    if not vendors:
        say(err, "No cloud's client is installed, so there is nothing to check.")
        return UNUSABLE
    lacking = [v for v in vendors if v not in installed_clients(vendors)]
    if lacking and options.mode != "replay":
        say(err, client_missing(lacking[0]))
        return UNUSABLE
    outputs = _outputs(options)
    try:
        outputs.check()
    except UnusableOutputError as error:
        say(err, str(error))
        return UNUSABLE
    return _perform(options, vendors, outputs, err)


def _outputs(options: ContractOptions) -> Outputs:
    files = {
        "--junit": options.junit,
        "--json": options.json,
        "--markdown": options.markdown,
        "--record": options.record,
    }
    inputs = {"--replay": options.replay, "--spec": options.spec, "--input": options.input}
    return Outputs(
        {option: name for option, name in files.items() if name is not None},
        {option: name for option, name in inputs.items() if name is not None},
    )


def _perform(options: ContractOptions, vendors: list[str], outputs: Outputs, err: Console) -> int:
    from deviceclouds.runtime import DeviceCloudError
    from deviceclouds.testing.contract.reports.texts import shareable
    from deviceclouds.testing.contract.results import ContractRunError

    from .runs import Runs
    from .screen import ReaderGoneError, Screen
    from .table import Table

    out = Screen(stderr=outputs.use_stdout, highlight=False)
    table = Table(out, strict=options.strict, verbose=options.verbose)
    runs = Runs(options, table, err)
    failed: int | None = None
    try:
        if options.mode == "plan":
            with suppress(ReaderGoneError):
                table.plan(runs.plan(vendors[0]), whole=True)
            return KEPT
        runs.run_all(vendors)
    except ContractRunError as error:
        say(err, str(error))
        failed = error.exit_code
    except (UnusableInputError, UnusableOutputError, DeviceCloudError) as error:
        # The kit words the client's errors; what it did not foresee is still no traceback.
        say(err, str(error))
        failed = UNUSABLE
    if failed is not None and not runs.reports:
        return failed
    reports = [shareable(report) for report in runs.reports]
    try:
        with suppress(ReaderGoneError):
            table.show(reports, runs.seconds)
    except UnusableOutputError as error:
        # The files are written all the same.
        say(err, str(error))
        failed = failed or UNUSABLE
    except KeyboardInterrupt:
        say(err, "Interrupted while the results were shown; the files are written all the same.")
        failed = INTERRUPTED
    for report in reports:
        if report.failure is not None:
            message = report.failure[1]
            named = message.startswith(report.vendor)
            say(err, message if named else f"{report.vendor}: {message}")
    codes = {_exit_code(options, runs.reports), failed or 0}
    codes.add(_write(options, outputs, runs.reports, err))
    return INTERRUPTED if INTERRUPTED in codes else min(codes - {0}, default=KEPT)


def _exit_code(options: ContractOptions, reports: list[Report]) -> int:
    from deviceclouds.testing.contract.reports.words import worst_exit_code

    if any(report.failure and report.failure[0] == INTERRUPTED for report in reports):
        return INTERRUPTED
    return worst_exit_code(reports, strict=options.strict)


def _write(options: ContractOptions, outputs: Outputs, reports: list[Report], err: Console) -> int:
    from deviceclouds.testing.contract.reports import as_json, as_junit, as_markdown

    code = KEPT
    makers = {"--junit": as_junit, "--json": as_json, "--markdown": as_markdown}
    for option, make in makers.items():
        if getattr(options, option.removeprefix("--")) is None:
            continue
        try:
            outputs.write(option, make(reports, strict=options.strict))
        except UnusableOutputError as error:
            say(err, str(error))
            code = UNUSABLE
    return code


def say(err: Console, message: str) -> None:
    """One message on standard error, never wrapped, and none of it taken for markup."""
    err.print(message, markup=False, soft_wrap=True)
