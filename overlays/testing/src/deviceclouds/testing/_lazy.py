"""Packages whose names are loaded on first use."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["load_name"]


def load_name(package: str, modules: Mapping[str, str], name: str) -> Any:
    """A name of a package, for its ``__getattr__``; the package keeps it.

    Args:
        package: The package.
        modules: Where each name is from, by name, relative to the package.
        name: What was asked for.

    Raises:
        AttributeError: The package has no such name.
    """
    module = modules.get(name)
    if module is None:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{module}", package), name)
    setattr(sys.modules[package], name, value)
    return value
