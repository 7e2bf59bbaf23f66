"""Tokens in files that only their owner can read, shared by all processes of one user."""

from __future__ import annotations

import hashlib
import os
import stat
import warnings
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ._errors import ConfigurationError
from ._extras import require
from ._secret import Secret
from ._token_folder import TokenFolder, check_private, failed
from ._token_text import count_one, read_counts, read_text, write_text
from ._tokens import Token, TokenStoreWarning

__all__ = ["FileTokenStore"]

_LARGEST = 1 << 20  # bytes; no token file of ours is as large
_READERS_IN_THE_WAY = os.name == "nt"  # there an open file cannot be replaced
_READING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


class _Record(NamedTuple):
    """What a file holds."""

    token: Token | None = None
    calls: dict[str, int] = {}


class FileTokenStore:
    """Keeps each token in a file of its own, readable by this user only, with its monthly counts.

    Files are replaced as a whole: a reader, or a process that is killed, never leaves or sees half a token. On POSIX
    systems a folder or file that belongs to another user, that is a symbolic link or that others may use is refused,
    not repaired. The tokens are not encrypted.

    Args:
        folder: A folder for tokens alone, created when first needed; None for ``deviceclouds/tokens`` among the
            user's cache folders. On a network folder locks are only as good as its server's.
        lock_timeout: Seconds to wait for a lock that another thread or process holds.

    Raises:
        ConfigurationError: No folder was given and this user has no home, or a library is missing. Methods raise it
            where the folder cannot be used.
    """

    def __init__(
        self, folder: str | os.PathLike[str] | None = None, *, lock_timeout: float = 60.0
    ) -> None:
        require("file", "filelock", by="FileTokenStore")
        self._folder = TokenFolder(folder, lock_timeout=lock_timeout, by="FileTokenStore")
        self._warned: set[str] = set()

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._folder.path

    def load(self, key: str) -> Token | None:
        """See :class:`TokenStore`. Warns once of a file that is no token file."""
        return self._look(key).token

    def save(self, key: str, token: Token) -> None:
        """See :class:`TokenStore`."""
        with self._updating(key):
            self._write(key, self._read(key)._replace(token=token))

    def delete(self, key: str) -> None:
        """See :class:`TokenStore`. The counts stay."""
        if not self._folder.exists():
            return
        with self._updating(key):
            calls = self._read(key).calls
            if calls:
                self._write(key, _Record(None, calls))
            else:
                self._remove(self._path(key))

    def lock(self, key: str) -> AbstractContextManager[object]:
        """See :class:`TokenStore`. Entering it raises WaitTimeoutError after ``lock_timeout`` seconds."""
        return self._folder.lock(self._path(key, ".lock").name, poll=0.05)

    def calls(self, key: str, month: str) -> int:
        """See :class:`CountingTokenStore`. Two months are kept."""
        return self._look(key).calls.get(month, 0)

    def add_call(self, key: str, month: str) -> int:
        """See :class:`CountingTokenStore`."""
        with self._updating(key):
            record = self._read(key)
            calls = count_one(record.calls, month)
            self._write(key, record._replace(calls=calls))
        return calls[month]

    def _path(self, key: str, suffix: str = ".json") -> Path:
        # A hash, because keys hold what no file name may hold.
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self._folder.path / f"{name}{suffix}"

    def _updating(self, key: str) -> AbstractContextManager[object]:
        # Not the lock of `lock`, which a caller may hold while it saves. This one is held for milliseconds.
        return self._folder.lock(self._path(key, ".json.lock").name, poll=0.01)

    def _look(self, key: str) -> _Record:
        if not self._folder.exists():
            return _Record()
        with self._updating(key) if _READERS_IN_THE_WAY else nullcontext():
            return self._read(key)

    def _read(self, key: str) -> _Record:
        path = self._path(key)
        try:
            with _open_private(path) as file:
                record = _decode(file, key)
        except FileNotFoundError:
            return _Record()
        except OSError as error:
            raise failed("read", path, error) from error
        if record is None:
            self._warn_of_damage(key, path)
            return _Record()
        return record

    def _write(self, key: str, record: _Record) -> None:
        path, fresh = self._path(key), self._path(key, ".tmp")
        text = write_text(record.token, key=key, calls=record.calls)
        self._remove(fresh)  # of a process that was killed; who holds the lock is its only writer
        try:
            _write_private(fresh, text)
            fresh.replace(path)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink()
            raise failed("write", path, error) from error

    def _remove(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise failed("delete", path, error) from error

    def _warn_of_damage(self, key: str, path: Path) -> None:
        from ._unverified import callers_level

        if key not in self._warned:
            warnings.warn(
                f"{path} is damaged or no token file: it counts as holding no token, and the token calls"
                " counted in it are lost; the next token replaces it",
                TokenStoreWarning,
                stacklevel=callers_level(),
            )
            self._warned.add(key)

    def __repr__(self) -> str:
        # Tracebacks of a constructor that failed show it too.
        return f"<FileTokenStore in {self.folder if hasattr(self, '_folder') else 'no folder'}>"


def _open_private(path: Path) -> BinaryIO:
    descriptor = os.open(path, _READING | _BINARY)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise ConfigurationError(f"{path} is no regular file: move it away")
        check_private(path, found, forbidden=0o077)
    except BaseException:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def _decode(file: BinaryIO, key: str) -> _Record | None:
    """What an open file holds; None where that is nothing of ours."""
    data = read_text(file.read(_LARGEST))
    if data.get("key") != key:
        return None
    token = Token.from_dict(data.get("token"))
    calls = read_counts(data.get("calls"))
    del data
    return _Record(token, calls)


def _write_private(path: Path, text: Secret) -> None:
    descriptor = os.open(path, _CREATING | _BINARY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)  # a umask can have taken the owner's bits
        file.write(text.reveal().encode())
        file.flush()
        os.fsync(descriptor)
