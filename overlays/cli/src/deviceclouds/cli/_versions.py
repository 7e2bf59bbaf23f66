"""Which parts of deviceclouds are installed."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from . import __version__

__all__ = ["versions"]

PARTS = ("runtime", "testing", "aitrios", "amnimo", "proglove", "scailable", "viziosense")


def versions() -> str:
    """Version of the command, then one line for each other part that is installed."""
    lines = [f"deviceclouds {__version__} (Python {platform.python_version()})"]
    for part in PARTS:
        try:
            lines.append(f"deviceclouds-{part} {version(f'deviceclouds-{part}')}")
        except PackageNotFoundError:
            continue
    return "\n".join(lines)
