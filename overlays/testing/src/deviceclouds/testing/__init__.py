"""Contract checks and a sandbox of the device clouds, both made from the specifications.

Everything is loaded on first use, so that importing this package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._load import MOUNTS

if TYPE_CHECKING:
    from ._bridge import AsgiBridge
    from ._check import check_request, check_response
    from ._examples import ExampleCall, ExampleRequest, example_call, example_request
    from ._journal import Journal, JournalEntry
    from ._problems import ContractError, Problem, RequestCheck, ResponseCheck
    from ._spec import Spec, load_spec
    from .sandbox import Fault, Sandbox, SandboxClock
    from .sandbox.app import create_app

__all__ = [
    "MOUNTS",
    "AsgiBridge",
    "ContractError",
    "ExampleCall",
    "ExampleRequest",
    "Fault",
    "Journal",
    "JournalEntry",
    "Problem",
    "RequestCheck",
    "ResponseCheck",
    "Sandbox",
    "SandboxClock",
    "Spec",
    "check_request",
    "check_response",
    "create_app",
    "example_call",
    "example_request",
    "load_spec",
]

_MODULES = {
    "AsgiBridge": "_bridge",
    "ContractError": "_problems",
    "ExampleCall": "_examples",
    "ExampleRequest": "_examples",
    "Journal": "_journal",
    "JournalEntry": "_journal",
    "Problem": "_problems",
    "RequestCheck": "_problems",
    "ResponseCheck": "_problems",
    "Spec": "_spec",
    "Fault": "sandbox.faults",
    "Sandbox": "sandbox.sandbox",
    "SandboxClock": "sandbox.clock",
    "check_request": "_check",
    "check_response": "_check",
    "create_app": "sandbox.app",
    "example_call": "_examples",
    "example_request": "_examples",
    "load_spec": "_spec",
}


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
