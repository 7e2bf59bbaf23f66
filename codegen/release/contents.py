"""Lists what is in a wheel or a source distribution, as an in-toto statement.

The statements are not signed: they tell what was built, not by whom.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

__all__ = [
    "PREDICATE",
    "ContentsError",
    "Entry",
    "entries_of",
    "read_json",
    "statement_of",
    "verify",
]

PREDICATE = "urn:deviceclouds:contents:v1"
"""Type of the statements: ``{"files": [{"path", "size", "sha256"}]}``."""

_STATEMENT = "https://in-toto.io/Statement/v1"
_DAMAGED = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    KeyError,
    ValueError,
)


class ContentsError(Exception):
    """A distribution is not what it or its list says; the message names the file."""


class Entry(NamedTuple):
    """One file of a distribution: its path inside, bytes, and hexadecimal digest."""

    path: str
    size: int
    sha256: str


def entries_of(distribution: Path) -> list[Entry]:
    """Files of a wheel or source distribution, sorted by path. A wheel is compared with its own RECORD.

    Raises:
        ContentsError: It cannot be read, names a file twice, or a wheel's RECORD says otherwise.
    """
    try:
        wheel = distribution.suffix == ".whl"
        found = sorted(_wheel(distribution) if wheel else _sdist(distribution))
    except _DAMAGED as error:
        raise ContentsError(f"{distribution.name}: {error}") from error
    paths = [entry.path for entry in found]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        raise ContentsError(f"{distribution.name}: holds {twice[0]} twice")
    return found


def statement_of(distribution: Path) -> dict[str, Any]:
    """What is in a distribution, about its digest: an unsigned in-toto Statement, version 1.

    Raises:
        ContentsError: See :func:`entries_of`.
    """
    digest = hashlib.sha256(distribution.read_bytes()).hexdigest()
    return {
        "_type": _STATEMENT,
        "subject": [{"name": distribution.name, "digest": {"sha256": digest}}],
        "predicateType": PREDICATE,
        "predicate": {"files": [entry._asdict() for entry in entries_of(distribution)]},
    }


def verify(distribution: Path, statement: Path) -> None:
    """Compares a distribution with its list.

    Raises:
        ContentsError: They differ; the message names the first difference.
    """
    said, there = read_json(statement), statement_of(distribution)
    if said == there:
        return
    try:
        listed = {one["path"]: one for one in said["predicate"]["files"]}
    except (KeyError, TypeError):
        raise ContentsError(f"{statement.name}: is no list of contents") from None
    found = {one["path"]: one for one in there["predicate"]["files"]}
    for path in sorted(listed.keys() | found.keys()):
        if listed.get(path) != found.get(path):
            what = "lacks" if path not in found else "has otherwise" if path in listed else "adds"
            raise ContentsError(f"{distribution.name}: {what} {path}")
    raise ContentsError(f"{distribution.name}: is not the file {statement.name} is about")


def read_json(path: Path) -> dict[str, Any]:
    """Reads a JSON object.

    Raises:
        ContentsError: It is none.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ContentsError(f"{path.name}: {error}") from error
    if not isinstance(data, dict):
        raise ContentsError(f"{path.name}: holds no JSON object")
    return data


def _wheel(path: Path) -> Iterator[Entry]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        found = [_entry(name, archive.read(name)) for name in names]
        (record,) = (name for name in names if name.endswith(".dist-info/RECORD"))
        rows = list(csv.reader(io.StringIO(archive.read(record).decode("utf-8"))))
    _check_record(path.name, record, {row[0]: row[1:] for row in rows}, found)
    yield from found


def _check_record(wheel: str, record: str, rows: dict[str, list[str]], found: list[Entry]) -> None:
    for entry in found:
        if entry.path not in rows:
            raise ContentsError(f"{wheel}: {entry.path} is not in its RECORD")
        digest = base64.urlsafe_b64encode(bytes.fromhex(entry.sha256)).rstrip(b"=").decode()
        # A RECORD cannot hold its own digest.
        expected = ["", ""] if entry.path == record else [f"sha256={digest}", str(entry.size)]
        if rows[entry.path] != expected:
            raise ContentsError(f"{wheel}: {entry.path} is not what its RECORD says")
    missing = sorted(rows.keys() - {entry.path for entry in found})
    if missing:
        raise ContentsError(f"{wheel}: its RECORD names {missing[0]}, which is not there")


def _sdist(path: Path) -> Iterator[Entry]:
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isdir():
                continue
            file = archive.extractfile(member) if member.isfile() else None
            if file is None:
                raise ContentsError(f"{path.name}: {member.name} is no plain file")
            yield _entry(member.name, file.read())


def _entry(path: str, content: bytes) -> Entry:
    return Entry(path, len(content), hashlib.sha256(content).hexdigest())
