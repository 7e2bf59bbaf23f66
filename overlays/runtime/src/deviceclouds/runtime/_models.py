"""Finds a vendor's generated models by name, loading each when it is first needed."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

__all__ = ["model_class"]


@cache
def model_class(vendor: str, name: str) -> Any:
    """The model or enum class ``name`` of a vendor's generated package."""
    return getattr(import_module(f"deviceclouds._generated.{vendor}.models"), name)
