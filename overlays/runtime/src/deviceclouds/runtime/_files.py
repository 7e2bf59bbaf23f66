"""Files that are sent: from memory, from disk, or from anything that can be read."""

from __future__ import annotations

import io
import os
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
        return value.filename, value.content, value.content_type
    if isinstance(value, bytes | bytearray | memoryview):
        return Upload.__new__.__defaults__[0], bytes(value), Upload.__new__.__defaults__[1]
    if isinstance(value, os.PathLike):
        path = os.fspath(value)
        return os.path.basename(path), open(path, "rb"), "application/octet-stream"  # noqa: SIM115
    if isinstance(value, io.TextIOBase) or not hasattr(value, "read"):
        raise TypeError(f"needs bytes, a path, a file opened with 'rb' or an Upload, not {type(value).__name__}")
    name = getattr(value, "name", None)
    filename = os.path.basename(name) if isinstance(name, str) else "upload"
    return filename, value, "application/octet-stream"
