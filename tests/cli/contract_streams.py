"""Streams the command writes to: a terminal, and those that cannot be written any more."""

from __future__ import annotations

import io

import pytest
from deviceclouds.cli._app import app


class Full(io.StringIO):
    """A stream nothing fits into any more, after some lines."""

    def __init__(self, error: OSError, lines: int = 0) -> None:
        super().__init__()
        self.error = error
        self.lines = lines

    def write(self, text: str) -> int:
        self.lines -= 1
        if self.lines < 0:
            raise self.error
        return super().write(text)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


GONE = BrokenPipeError(32, "Broken pipe")
FULL = OSError(28, "No space left on device")


def into(
    stream: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str,
    told: io.StringIO | None = None,
) -> tuple[int, str]:
    """Status and standard error of a run whose standard output is a stream; ``told`` may be standard error."""
    told = io.StringIO() if told is None else told
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setattr("sys.stderr", told)
    try:
        app(["contract", *arguments])
    except SystemExit as end:
        return int(str(end.code)), told.getvalue()
    raise AssertionError("the command ends with a status")
