"""Contract checks and a sandbox of the device clouds, both made from the specifications.

Everything is loaded on first use, so that importing this package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._lazy import load_name
from ._load import MOUNTS

if TYPE_CHECKING:
    from ._bridge import AsgiBridge
    from ._check import check_request, check_response
    from ._examples import ExampleCall, ExampleRequest, example_call, example_request
    from ._journal import Journal, JournalEntry
    from ._problems import ContractError, Problem, RequestCheck, ResponseCheck
    from ._spec import Spec, load_spec
    from .contract.live.planning import plan_live
    from .contract.live.run import run_live
    from .contract.offline.run import run_offline
    from .contract.recording.recorder import Recorder
    from .contract.recording.replay import run_recorded
    from .contract.reports import as_json, as_junit, as_markdown
    from .contract.results import ContractRunError, Finding, OperationResult, Report
    from .contract.specs import load_contract_spec
    from .sandbox import Fault, Sandbox, SandboxClock
    from .sandbox.app import create_app

__all__ = [
    "MOUNTS",
    "AsgiBridge",
    "ContractError",
    "ContractRunError",
    "ExampleCall",
    "ExampleRequest",
    "Fault",
    "Finding",
    "Journal",
    "JournalEntry",
    "OperationResult",
    "Problem",
    "Recorder",
    "Report",
    "RequestCheck",
    "ResponseCheck",
    "Sandbox",
    "SandboxClock",
    "Spec",
    "as_json",
    "as_junit",
    "as_markdown",
    "check_request",
    "check_response",
    "create_app",
    "example_call",
    "example_request",
    "load_contract_spec",
    "load_spec",
    "plan_live",
    "run_live",
    "run_offline",
    "run_recorded",
]

_MODULES = {
    "AsgiBridge": "_bridge",
    "ContractError": "_problems",
    "ContractRunError": "contract.results",
    "ExampleCall": "_examples",
    "ExampleRequest": "_examples",
    "Fault": "sandbox.faults",
    "Finding": "contract.results",
    "Journal": "_journal",
    "JournalEntry": "_journal",
    "OperationResult": "contract.results",
    "Problem": "_problems",
    "Recorder": "contract.recording.recorder",
    "Report": "contract.results",
    "RequestCheck": "_problems",
    "ResponseCheck": "_problems",
    "Sandbox": "sandbox.sandbox",
    "SandboxClock": "sandbox.clock",
    "Spec": "_spec",
    "as_json": "contract.reports",
    "as_junit": "contract.reports",
    "as_markdown": "contract.reports",
    "check_request": "_check",
    "check_response": "_check",
    "create_app": "sandbox.app",
    "example_call": "_examples",
    "example_request": "_examples",
    "load_contract_spec": "contract.specs",
    "load_spec": "_spec",
    "plan_live": "contract.live.planning",
    "run_live": "contract.live.run",
    "run_offline": "contract.offline.run",
    "run_recorded": "contract.recording.replay",
}


def __getattr__(name: str) -> Any:
    return load_name(__name__, _MODULES, name)


def __dir__() -> list[str]:
    return sorted(__all__)
