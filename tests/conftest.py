"""Settings of all tests: no network but loopback, in this process and in those it starts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

GUARD = Path(__file__).parent / "network_guard"

# Subprocesses: Python runs a module called sitecustomize from the path when it starts.
os.environ["PYTHONPATH"] = os.pathsep.join(
    part for part in (str(GUARD), os.environ.get("PYTHONPATH")) if part
)
sys.path.insert(0, str(GUARD))

import sitecustomize  # noqa: E402  # this very process

sitecustomize.block_network()
