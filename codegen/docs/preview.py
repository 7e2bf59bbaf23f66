"""Hook of MkDocs: while the site is previewed, its pages are laid out anew before each build."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def on_pre_build(config: object) -> None:
    """Called by MkDocs. In a process of its own: this one keeps the specifications it has read."""
    subprocess.run([sys.executable, "-m", "codegen.docs", "--preview"], cwd=ROOT, check=True)
