"""The ``deviceclouds`` command."""

from __future__ import annotations

__all__ = ["__version__", "main"]

__version__ = "0.1.0"


def main() -> None:
    """Runs the command; ends the process with its exit status."""
    # Imported here: whoever imports the package for its version needs no command line.
    from ._app import app

    app(prog_name="deviceclouds")
