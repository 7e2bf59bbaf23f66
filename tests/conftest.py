"""Settings of all tests: no network but loopback, in this process and in those it starts."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

import pytest

GUARD = Path(__file__).parent / "network_guard"

# Subprocesses: Python runs a module called sitecustomize from the path when it starts.
os.environ["PYTHONPATH"] = os.pathsep.join(
    part for part in (str(GUARD), os.environ.get("PYTHONPATH")) if part
)
sys.path.insert(0, str(GUARD))

# Tests read what programs print: without colours, and as wide as each test has it.
SHAPES_OUTPUT = (
    *("FORCE_COLOR", "NO_COLOR", "PY_COLORS", "CLICOLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS"),
    *("TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES"),
)
for name in SHAPES_OUTPUT:
    os.environ.pop(name, None)

# This very process. Not by sitecustomize: Debian's Python has one of its own, loaded long before.
from loopback_only import block_network  # noqa: E402

block_network()


_numbers = itertools.count()


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the user's own cache: amnimo's client keeps its tokens on disk."""
    folder = tmp_path_factory.getbasetemp() / f"cache-{next(_numbers)}"  # made by who needs it
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder
