"""Files that are sent: from memory, from disk, or from anything that can be read."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import IO, Any, NamedTuple

__all__ = ["FileInput", "Upload"]


class Upload(NamedTuple):
    """A file to send, with the name and type the cloud is told.

    Attributes:
        content: Bytes, or an object whose ``read`` gives bytes; it is streamed.
        filename: Name the cloud is told.
        content_type: Media type the cloud is told.
    """

    content: bytes | IO[bytes]
    filename: str = "upload"
    content_type: str = "application/octet-stream"


FileInput = bytes | os.PathLike[str] | IO[bytes] | Upload
"""What a file argument takes: bytes, a path, an open binary file, or an :class:`Upload`."""


def open_upload(value: Any) -> tuple[str, Any, str]:
    """The (filename, content, content type) of a file argument. Raises TypeError for text and other things."""
    if isinstance(value, Upload):
        if not value.content_type.isprintable() or not value.content_type.isascii():
            raise TypeError("its content_type must be printable ASCII text")
        _, content, _ = open_upload(_not_a_path(value.content))
        return value.filename, content, value.content_type
    if isinstance(value, os.PathLike):
        path = Path(value)
        return _named(path.name, path.open("rb"))
    if isinstance(value, bytes | bytearray | memoryview):
        return _named("upload", bytes(value))
    # Wrappers such as NamedTemporaryFile's are no TextIOBase; only files of text have an encoding.
    text = isinstance(value, io.TextIOBase) or hasattr(value, "encoding")
    if text or not hasattr(value, "read"):
        kind = type(value).__name__
        raise TypeError(f"needs bytes, a path, a file opened with 'rb' or an Upload, not {kind}")
    name = getattr(value, "name", None)
    return _named(Path(name).name if isinstance(name, str) else "upload", value)


def _not_a_path(content: Any) -> Any:
    if isinstance(content, os.PathLike | Upload):
        raise TypeError("its content must be bytes or a file opened with 'rb'")
    return content


def _named(filename: str, content: Any) -> tuple[str, Any, str]:
    return filename, content, "application/octet-stream"
