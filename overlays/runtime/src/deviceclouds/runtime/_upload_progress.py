"""Uploads that tell how much of them has been sent."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple, cast

from ._errors import InvalidRequestError
from ._files import FileInput, Upload, open_upload

__all__ = ["Sent", "counted"]


class Sent(NamedTuple):
    """How far an upload is.

    Attributes:
        sent: Bytes handed to the connection; they may not have arrived yet.
        total: Bytes of the file; None where it cannot be told.
    """

    sent: int
    total: int | None


class _CountingFile:
    """A binary file that tells how much of it was read. Rewinding it, for another attempt, starts anew."""

    def __init__(self, file: IO[bytes], total: int | None, tell: Callable[[Sent], object]) -> None:
        self._file = file
        self._total = total
        self._tell = tell
        self._sent = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._sent += len(chunk)
        if chunk:
            self._tell(Sent(self._sent, self._total))
        return chunk

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        place = self._file.seek(offset, whence)
        self._sent = place
        return place

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return self._file.seekable()


@contextmanager
def counted(
    file: FileInput, tell: Callable[[Sent], object] | None, *, vendor: str, operation: str
) -> Iterator[FileInput]:
    """A file argument that tells how much of it has been sent; a path is opened here and closed again.

    Args:
        file: Bytes, a path, an open binary file or an Upload.
        tell: A plain function; None for a file as it is.
        vendor: Name of the vendor, for errors.
        operation: Name of the operation, for errors.

    Raises:
        InvalidRequestError: It is no file, or cannot be read.
    """
    if tell is None:
        yield file
        return
    try:
        name, content, kind = open_upload(file)
    except (TypeError, OSError) as error:
        raise InvalidRequestError(f"file: {error}", vendor=vendor, operation=operation) from None
    source: Any = io.BytesIO(content) if isinstance(content, bytes) else content
    try:
        counting = _CountingFile(source, _size_of(source), tell)
        yield Upload(cast("IO[bytes]", counting), name, kind)
    finally:
        if isinstance(file, os.PathLike):
            source.close()


def _size_of(file: Any) -> int | None:
    try:
        place = file.tell()
        end: int = file.seek(0, os.SEEK_END)
        file.seek(place)
    except (OSError, AttributeError, ValueError):
        return None
    return end
