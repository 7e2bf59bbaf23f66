"""Wheels and source distributions made by hand."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["record_of", "write_sdist", "write_wheel"]

FILES = {"acme/__init__.py": b"x = 1\n", "acme/data.json": b"{}"}


def record_of(files: Mapping[str, bytes], record: str) -> bytes:
    """The RECORD of a wheel."""
    lines = []
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(content)}\n")
    return "".join((*lines, f"{record},,\n")).encode()


def write_wheel(
    folder: Path,
    stem: str = "acme-0.1.0",
    *,
    files: Mapping[str, bytes] = FILES,
    record: bytes | None = None,
) -> Path:
    """A wheel; its RECORD is right unless one is given."""
    path, name = folder / f"{stem}-py3-none-any.whl", f"{stem}.dist-info/RECORD"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, content in files.items():
            archive.writestr(inner, content)
        archive.writestr(name, record_of(files, name) if record is None else record)
    return path


def write_sdist(folder: Path, stem: str = "acme-0.1.0", files: Mapping[str, bytes] = FILES) -> Path:
    """A source distribution."""
    path = folder / f"{stem}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for inner, content in files.items():
            member = tarfile.TarInfo(f"{stem}/{inner}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path
