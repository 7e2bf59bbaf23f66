"""What is installed, for reports that others read."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from ..._load import MOUNTS

__all__ = ["installed_versions"]


def installed_versions() -> dict[str, str]:
    """Versions of Python and of our distributions that are installed, by name."""
    found = {"python": platform.python_version()}
    for part in ("testing", "runtime", *sorted(MOUNTS)):
        try:
            found[f"deviceclouds-{part}"] = version(f"deviceclouds-{part}")
        except PackageNotFoundError:
            continue
    return found
