"""Runs of the contract kit, one cloud after the other, with progress on a terminal."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .inputs import read_inputs, read_paths

if TYPE_CHECKING:
    from deviceclouds.testing import Spec
    from deviceclouds.testing.contract.live.plan import Plan
    from deviceclouds.testing.contract.results import OperationResult, Report
    from rich.console import Console

    from .options import ContractOptions
    from .table import Table

__all__ = ["Runs"]

OnStep = Callable[["OperationResult"], None]


class Runs:
    """What the command runs.

    Args:
        options: What the command line says.
        table: Shows the plan of a live run before it begins.
        err: Where progress is shown, if it is a terminal.

    Attributes:
        reports: Of the runs so far; where one was interrupted, the last is what there is of it.
        seconds: How long each took.
    """

    def __init__(self, options: ContractOptions, table: Table, err: Console) -> None:
        self._options = options
        self._table = table
        self._err = err
        self.reports: list[Report] = []
        self.seconds: list[float] = []

    def plan(self, vendor: str) -> Plan:
        """What a live run sends. Raises ContractRunError and UnusableInputError."""
        from deviceclouds.testing.contract.live.planning import plan_live

        options = self._options
        numbers = {"samples": options.samples, "pages": options.pages}
        return plan_live(
            vendor,
            spec=self._spec(vendor),
            only=options.only,
            allow_writes=options.allow_writes,
            inputs=None if options.input is None else read_inputs(options.input),
            paths=read_paths(options.paths),
            **{name: number for name, number in numbers.items() if number is not None},
        )

    def run_all(self, vendors: list[str]) -> None:
        """Runs what is asked for; an interrupt ends it after a partial report.

        Raises:
            ContractRunError: A run could not begin.
            UnusableInputError: ``--input`` or ``--path`` cannot be used.
        """
        run = {"live": self._live, "replay": self._replay}.get(self._options.mode, self._offline)
        for vendor in vendors:
            started = time.perf_counter()
            report = run(vendor)
            self.reports.append(report)
            self.seconds.append(time.perf_counter() - started)
            if report.failure is not None and report.failure[0] == 130:
                return

    def _spec(self, vendor: str) -> Spec | None:
        if self._options.spec is None:
            return None
        from deviceclouds.testing.contract.specs import load_contract_spec

        return load_contract_spec(vendor, self._options.spec)

    def _offline(self, vendor: str) -> Report:
        from deviceclouds.testing.contract.offline.run import run_offline

        options = self._options
        numbers = {"examples": options.examples, "seed": options.seed}
        spec = self._spec(vendor)
        with self._progress(vendor) as on_step:
            return self._unless_interrupted(
                vendor,
                spec,
                lambda: run_offline(
                    vendor,
                    spec=spec,
                    only=options.only,
                    on_step=on_step,
                    **{name: number for name, number in numbers.items() if number is not None},
                ),
            )

    def _replay(self, vendor: str) -> Report:
        from deviceclouds.testing.contract.recording.replay import run_recorded

        path, spec = self._options.replay, self._spec(vendor)
        if path is None:
            raise AssertionError("the mode says there is one")
        with self._progress(vendor):
            return self._unless_interrupted(
                vendor,
                spec,
                lambda: run_recorded(vendor, path, spec=spec, base_url=self._options.base_url),
            )

    def _live(self, vendor: str) -> Report:
        from deviceclouds.testing.contract.live.run import run_live

        options, plan = self._options, self.plan(vendor)
        more: dict[str, Any] = {} if options.rate is None else {"rate": options.rate}
        if options.record is None:
            self._table.plan(plan, whole=False)
            with self._progress(vendor, len(plan.steps)) as on_step:
                return run_live(plan, base_url=options.base_url, on_step=on_step, **more)
        from deviceclouds.testing.contract.recording.recorder import Recorder, check_target

        # What would keep it from being written is found before anything is sent.
        check_target(Path(options.record))
        with Recorder(plan.spec, self._base_url(vendor)) as recorder:
            self._table.plan(plan, whole=False)
            with self._progress(vendor, len(plan.steps)) as on_step:
                report = run_live(
                    plan,
                    base_url=options.base_url,
                    on_step=on_step,
                    on_exchange=recorder.add,
                    **more,
                )
            recorder.save(options.record)
            self._table.recorded(options.record, recorder.recorded)
        return report

    def _base_url(self, vendor: str) -> str | None:
        return self._options.base_url or os.environ.get(f"{vendor.upper()}_BASE_URL") or None

    def _unless_interrupted(
        self, vendor: str, spec: Spec | None, run: Callable[[], Report]
    ) -> Report:
        from .partial import interrupted_report

        try:
            return run()
        except KeyboardInterrupt:
            replays = self._options.mode == "replay"
            return interrupted_report(vendor, spec, "recorded" if replays else "offline")

    @contextmanager
    def _progress(self, vendor: str, total: int | None = None) -> Iterator[OnStep | None]:
        """A line on a terminal that vanishes when the run is done; a bar where the number of steps is known."""
        # With FORCE_COLOR rich takes the log of a CI for a terminal, and would fill it with frames.
        if not (self._err.is_interactive and self._err.file.isatty()):
            yield None
            return
        from deviceclouds.testing.contract.reports.texts import plain
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        words = TextColumn("{task.description}", markup=False)
        bar = () if total is None else (BarColumn(),)
        columns = (SpinnerColumn(), words, *bar, TimeElapsedColumn())
        with Progress(*columns, console=self._err, transient=True) as progress:
            task = progress.add_task(vendor, total=total)

            def on_step(result: OperationResult) -> None:
                progress.update(task, advance=1, description=plain(f"{vendor} {result.name}", 60))

            yield on_step
