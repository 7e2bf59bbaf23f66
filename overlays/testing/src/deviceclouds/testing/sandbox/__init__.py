"""A stateful sandbox of the five clouds: ``with Sandbox() as sandbox: sandbox.client("aitrios")``."""

from __future__ import annotations

from .clock import SandboxClock
from .faults import Fault
from .sandbox import Sandbox

__all__ = ["Fault", "Sandbox", "SandboxClock"]
