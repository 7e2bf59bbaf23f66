"""The console a person reads; one that is closed, such as the pipe to a pager that ended, is told as what it is."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

from rich.console import Console

from .outputs import UnusableOutputError

__all__ = ["ReaderGoneError", "Screen"]


class ReaderGoneError(UnusableOutputError):
    """Who read what was written has had enough, as ``head`` has after ten lines."""


class Screen(Console):
    """A console whose :meth:`print` raises UnusableOutputError where nothing can be written any more."""

    def print(self, *objects: Any, **options: Any) -> None:
        """As rich's. Raises UnusableOutputError."""
        try:
            super().print(*objects, **options)
            return
        except OSError as error:
            kind = ReaderGoneError if isinstance(error, BrokenPipeError) else UnusableOutputError
            reason = error.strerror or type(error).__name__
        # What was left in the buffers would fail again at the end.
        self.quiet = True
        _discard(sys.stderr if self.stderr else sys.stdout)
        name = "standard error" if self.stderr else "standard output"
        raise kind(f"Nothing can be written to {name} any more ({reason}).")

    def on_broken_pipe(self) -> None:
        """Not rich's own way, which ends the program with 1: that means that something differs."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def _discard(stream: Any) -> None:
    """Lets a stream lead nowhere; one that is no file is left as it is."""
    try:
        number = stream.fileno()
    except (AttributeError, OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
