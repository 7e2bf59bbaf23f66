"""Libraries that only some programs need: asked for by the name of the extra that brings them."""

from __future__ import annotations

from importlib.util import find_spec

from ._errors import ConfigurationError

__all__ = ["require"]


def require(extra: str, *modules: str, by: str) -> None:
    """Sees that optional libraries are installed, without importing them.

    Args:
        extra: The extra of deviceclouds-runtime that brings them.
        modules: Their import names.
        by: What needs them, for the message.

    Raises:
        ConfigurationError: One of them is missing.
    """
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise ConfigurationError(
            f"{by} needs {' and '.join(missing)}: install the extra [{extra}] of deviceclouds-runtime"
        )
