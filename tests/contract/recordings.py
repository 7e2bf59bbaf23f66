"""A live run against the sandbox, recorded; and HAR files as other programs write them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from deviceclouds.testing._bridge import AsgiBridge
from deviceclouds.testing._spec import Spec, load_spec
from deviceclouds.testing.contract.exchange import Exchange
from deviceclouds.testing.contract.live.planning import plan_live
from deviceclouds.testing.contract.live.run import run_live
from deviceclouds.testing.contract.recording.recorder import Recorder
from deviceclouds.testing.contract.results import Report
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.testing.sandbox.client_clock import ClientClock
from deviceclouds.testing.sandbox.sandbox import demo_arguments
from deviceclouds.testing.sandbox.world import HOST

VENDORS = ("aitrios", "amnimo", "proglove", "scailable", "viziosense")


def walked(
    vendor: str,
    spec: Spec | None = None,
    *,
    only: Iterable[str] = (),
    wrap: Callable[[Any], Any] = lambda app: app,
) -> tuple[Report, list[Exchange], str]:
    """A live run against the sandbox, wrapped: its report, what travelled, and the base URL."""
    exchanges: list[Exchange] = []
    with Sandbox([vendor], size=0.1) as sandbox:
        bridge = AsgiBridge(wrap(sandbox.app))
        clock: Any = ClientClock(sandbox)
        options = demo_arguments(vendor, sandbox.base_url(vendor), HOST)
        base = str(options.pop("base_url"))
        try:
            report = run_live(
                plan_live(vendor, spec=spec, only=only),
                environment={},
                base_url=base,
                transport=bridge,
                rate=1000.0,
                clock=clock,
                on_exchange=exchanges.append,
                client_options={**options, "clock": clock},
            )
        finally:
            bridge.close()
    return report, exchanges, base


def record(vendor: str, exchanges: list[Exchange], base: str | None, path: Path) -> Recorder:
    """Exchanges in a recording of our own."""
    recorder = Recorder(load_spec(vendor), base, clock=lambda: 1_800_000_000.5)
    for exchange in exchanges:
        recorder.add(exchange)
    recorder.save(path)
    return recorder


def entries_of(path: Path) -> list[dict[str, Any]]:
    """The entries of a HAR file."""
    entries: list[dict[str, Any]] = json.loads(path.read_bytes())["log"]["entries"]
    return entries
