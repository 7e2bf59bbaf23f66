"""Bytes that pile up: in memory first, then in a temporary file without a name."""

from __future__ import annotations

import io
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Pile"]

_CHUNK = 2**16


class Pile:
    """Takes bytes piece by piece and gives them back; a piece is kept whole or not at all.

    Args:
        in_memory: Bytes that are kept in memory; all moves into a file once there are more.

    Attributes:
        size: Bytes that are kept.
    """

    def __init__(self, in_memory: int) -> None:
        self._in_memory = in_memory
        self._file: Any = io.BytesIO()
        self._moved = False
        self.size = 0

    def add(self, data: bytes) -> bool:
        """Keeps a piece. False where there is no room for it: all before it is kept still."""
        try:
            if not self._moved and self.size + len(data) > self._in_memory:
                self._move()
            self._file.seek(self.size)
            _write(self._file, data)
        except OSError:
            with suppress(OSError):
                self._file.truncate(self.size)
            return False
        self.size += len(data)
        return True

    def chunks(self) -> Iterator[bytes]:
        """All that is kept, in pieces of 64 KiB."""
        self._file.seek(0)
        while chunk := self._file.read(_CHUNK):
            yield chunk

    def close(self) -> None:
        """Gives memory or file back."""
        self._file.close()

    def _move(self) -> None:
        # Without a buffer: one that a full disk cannot take would stand in the way of all that follows.
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        try:
            for chunk in self.chunks():
                _write(file, chunk)
        except OSError:
            file.close()
            raise
        self._file, self._moved = file, True


def _write(file: Any, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        # A disk that is nearly full takes part of it.
        rest = rest[file.write(rest) :]
