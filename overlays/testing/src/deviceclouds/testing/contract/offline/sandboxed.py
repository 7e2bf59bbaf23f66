"""The plan of a live run, carried out against the sandbox in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._bridge import AsgiBridge
from ...sandbox.client_clock import ClientClock
from ...sandbox.sandbox import Sandbox, demo_arguments
from ...sandbox.world import HOST

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from ..._spec import Spec
    from ..results import Report

__all__ = ["sandbox_report"]


def sandbox_report(
    vendor: str, spec: Spec, only: list[str], *, wrap: Any = None, size: float = 0.2
) -> Report:
    """The report of a live run against the stateful sandbox; nothing leaves the process.

    Args:
        vendor: Name of the vendor.
        spec: The specification to judge by.
        only: Ids of operations, and what their ids come from; all that only read if empty.
        wrap: Takes the sandbox's ASGI application and gives the one to call, for tests.
        size: Size of the fleet.
    """
    from ..live.planning import plan_live
    from ..live.run import run_live

    plan = plan_live(vendor, spec=spec, only=only)
    with Sandbox([vendor], size=size) as sandbox:
        app: ASGIApp = sandbox.app if wrap is None else wrap(sandbox.app)
        bridge = AsgiBridge(app)
        clock = ClientClock(sandbox)
        options = demo_arguments(vendor, sandbox.base_url(vendor), HOST)
        try:
            return run_live(
                plan,
                environment={},
                base_url=options.pop("base_url"),
                transport=bridge,
                rate=1000.0,
                clock=clock,
                client_options={**options, "clock": clock},
            )
        finally:
            bridge.close()
