"""Loads a vendor's package whole: for programs that want no pause at the first call."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

__all__ = ["preload"]


def preload(vendor: str) -> None:
    """Imports all modules of a vendor and builds the decoders of its models."""
    from . import _auth, _body, _envelope  # noqa: F401
    from ._decode import prepare_decoder
    from ._model import Model

    package = import_module(f"deviceclouds._generated.{vendor}")
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if module.name == f"{package.__name__}.webhook_models":
            continue  # needs pydantic, and no call needs it
        loaded = import_module(module.name)
        for value in list(vars(loaded).values()):
            if (
                isinstance(value, type)
                and issubclass(value, Model)
                and value.__module__ == module.name
            ):
                prepare_decoder(value)
