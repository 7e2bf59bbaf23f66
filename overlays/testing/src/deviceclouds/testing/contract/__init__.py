"""The contract kit: whether a client, a cloud or recorded traffic keeps to a specification.

Everything is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._lazy import load_name

if TYPE_CHECKING:
    from .consumer.clouds import DeviceClouds, VendorCloud
    from .exchange import Exchange, Judgement, judge
    from .live.plan import Plan, Step
    from .live.planning import plan_live
    from .live.run import run_live
    from .offline.run import run_offline
    from .recording.recorder import Recorder
    from .recording.replay import run_recorded
    from .reports import as_json, as_junit, as_markdown
    from .results import ContractRunError, Finding, OperationResult, Proposal, Report
    from .specs import load_contract_spec

__all__ = [
    "ContractRunError",
    "DeviceClouds",
    "Exchange",
    "Finding",
    "Judgement",
    "OperationResult",
    "Plan",
    "Proposal",
    "Recorder",
    "Report",
    "Step",
    "VendorCloud",
    "as_json",
    "as_junit",
    "as_markdown",
    "judge",
    "load_contract_spec",
    "plan_live",
    "run_live",
    "run_offline",
    "run_recorded",
]

_MODULES = {
    "ContractRunError": "results",
    "DeviceClouds": "consumer.clouds",
    "Exchange": "exchange",
    "Finding": "results",
    "Judgement": "exchange",
    "OperationResult": "results",
    "Plan": "live.plan",
    "Proposal": "results",
    "Recorder": "recording.recorder",
    "Report": "results",
    "Step": "live.plan",
    "VendorCloud": "consumer.clouds",
    "as_json": "reports",
    "as_junit": "reports",
    "as_markdown": "reports",
    "judge": "exchange",
    "load_contract_spec": "specs",
    "plan_live": "live.planning",
    "run_live": "live.run",
    "run_offline": "offline.run",
    "run_recorded": "recording.replay",
}


def __getattr__(name: str) -> Any:
    return load_name(__name__, _MODULES, name)


def __dir__() -> list[str]:
    return sorted(__all__)
