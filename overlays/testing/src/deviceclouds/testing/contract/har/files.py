"""HAR files: read within a limit, with one clear message for each thing that can be wrong with them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import msgspec

from ..results import ContractRunError
from .entries import Entry
from .plain_urls import plain_url

__all__ = ["CREATOR", "MAX_SIZE", "HarFile", "Origin", "read_har"]

MAX_SIZE = 100 * 2**20
"""Largest file that is read if no other limit is given, in bytes."""

CREATOR = "deviceclouds-testing"
"""Creator of the files this package writes."""

_SURROGATE = re.compile(
    rb"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|(?<!\\)((?:\\\\)*)\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_BYTE = re.compile(r" \(byte (\d+)\)")
_SMALLER = (
    "save it again with the requests of this cloud alone (filter by host before you save), without images and other"
    " large contents; in Python, run_recorded(max_size=...) reads more"
)
_AGAIN = "save it again as a HAR file"


class Origin(msgspec.Struct):
    """What this package notes of a recording of its own.

    Attributes:
        vendor: Whose API it is.
        base: Base URL of all its requests.
        spec_sha256: Hash of the specification it was recorded with.
        api_version: Version of the API that this specification describes.
        words: Texts that were kept, because the specification lists them; all others are stand-ins.
    """

    vendor: str
    base: str
    spec_sha256: str = ""
    api_version: str = ""
    words: list[str] = []


class _Creator(msgspec.Struct):
    name: Any = ""


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]
    creator: _Creator | None = None
    origin: msgspec.Raw = msgspec.field(default=msgspec.Raw(b"null"), name="_deviceclouds")


class _Har(msgspec.Struct):
    log: _Log


class HarFile(NamedTuple):
    """A HAR file, its entries still undecoded.

    Attributes:
        origin: What is noted in a recording of our own; None for files of other programs.
        entries: The entries as JSON.
    """

    origin: Origin | None
    entries: list[msgspec.Raw]

    def decoded(self) -> Iterator[Entry | None]:
        """The entries one by one, so that only one is in memory; None for a broken one."""
        decoder = msgspec.json.Decoder(Entry, strict=False)
        for raw in self.entries:
            try:
                entry = decoder.decode(raw)
                entry.request.url = plain_url(entry.request.url)
                yield entry
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                yield None


def read_har(path: str | os.PathLike[str], max_size: int = MAX_SIZE) -> HarFile:
    """Reads a HAR file.

    Args:
        path: The file.
        max_size: Largest size in bytes; a larger file is refused before it is read.

    Raises:
        ContractRunError: It cannot be read, is too large, or is no HAR file with entries.
    """
    where = Path(path)
    data = _read(where, max_size)
    if not data.strip(b"\xef\xbb\xbf \t\r\n\0"):
        _refuse(where, f"is empty; {_AGAIN}")
    if data[:2] == b"\x1f\x8b":
        _refuse(where, "is packed with gzip; unpack it first (gunzip), then give the unpacked file")
    if data[:4] == b"PK\x03\x04":
        _refuse(where, "is a zip archive; unpack it first, then give the HAR file that is in it")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        _refuse(where, "is UTF-16; HAR files are UTF-8: convert it, or save it again")
    log = _parse(where, data.removeprefix(b"\xef\xbb\xbf")).log
    if not log.entries:
        _refuse(where, "has no entries; open the network tab before the calls are made, then save")
    return HarFile(_origin(log), log.entries)


def _read(path: Path, max_size: int) -> bytes:
    try:
        with open(path, "rb", opener=_opener) as file:  # a Path takes no opener
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                _refuse(path, "is no regular file; give the path of a HAR file")
            if found.st_size > max_size:
                _too_large(path, found.st_size, max_size)
            data = file.read(max_size + 1)
    except FileNotFoundError:
        _refuse(path, "does not exist; check the path")
    except IsADirectoryError:
        _refuse(path, "is a folder; give the HAR file itself")
    except PermissionError:
        _refuse(path, "may not be read by this user; check its rights")
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else None
        _refuse(path, f"cannot be read ({said or 'not a path'}); check the path")
    if len(data) > max_size:
        _too_large(path, len(data), max_size)
    return data


def _opener(path: str, flags: int) -> int:
    # A pipe nobody writes to would hold us up for ever.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _parse(path: Path, data: bytes) -> _Har:
    try:
        return _decode(data)
    except msgspec.ValidationError:
        _refuse(path, f"is JSON, but no HAR file: it has no list log.entries; {_AGAIN}")
    except RecursionError:
        _refuse(path, f"is nested too deep to be a HAR file; {_AGAIN}")
    except UnicodeDecodeError as error:
        _refuse(path, f"is not UTF-8 at {_place(data, error.start)}; {_AGAIN}")
    except msgspec.DecodeError as error:
        if "truncated" in str(error):
            _refuse(path, f"is cut short: it ends in the middle of the JSON; {_AGAIN}, to its end")
        found = _BYTE.search(str(error))
        place = f" at {_place(data, int(found[1]))}" if found else ""
        _refuse(path, f"is not JSON{place}; {_AGAIN}")


def _decode(data: bytes) -> _Har:
    try:
        return msgspec.json.decode(data, type=_Har, strict=False)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # Browsers cut texts in the middle of a pair of surrogates; the decoder takes no half ones.
        whole = _SURROGATE.sub(_whole, data)
        if whole == data:
            raise
        return msgspec.json.decode(whole, type=_Har, strict=False)


def _whole(match: re.Match[bytes]) -> bytes:
    return match[0] if match[2] else match[3] + rb"\ufffd"


def _place(data: bytes, offset: int) -> str:
    line = data.count(b"\n", 0, offset) + 1
    column = offset - (data.rfind(b"\n", 0, offset) + 1) + 1
    return f"line {line}, column {column}"


def _origin(log: _Log) -> Origin | None:
    if log.creator is None or log.creator.name != CREATOR:
        return None
    try:
        return msgspec.json.decode(log.origin, type=Origin)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _too_large(path: Path, size: int, limit: int) -> NoReturn:
    _refuse(
        path,
        f"has {size / 2**20:.0f} MiB; no more than {limit / 2**20:.0f} MiB are read: {_SMALLER}",
    )


def _refuse(path: Path, said: str) -> NoReturn:
    raise ContractRunError(f"{path} {said}") from None
