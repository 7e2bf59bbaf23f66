"""A folder that only its owner can use, with locks between threads and processes in it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ._errors import ConfigurationError, WaitTimeoutError
from ._extras import require

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["FolderLock", "TokenFolder", "check_private", "failed"]

_POSIX = os.name == "posix"  # elsewhere modes mean little; a user's cache folder is private there

_REMEDIES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "this user may not write there",
    errno.EPERM: "this user may not write there",
    errno.ELOOP: "it is a symbolic link",
}


class TokenFolder:
    """Where a store keeps its files. Nothing is created before it is needed.

    Args:
        folder: A folder for tokens alone; None for ``deviceclouds/tokens`` among the user's cache folders.
        lock_timeout: Seconds to wait for a lock that somebody else holds.
        by: Which store asks, for messages.

    Raises:
        ConfigurationError: There is no default folder, because this user has no home.
    """

    def __init__(
        self, folder: str | os.PathLike[str] | None, *, lock_timeout: float, by: str
    ) -> None:
        self.path = _default_folder(by) if folder is None else _given_folder(folder, by)
        self.lock_timeout = lock_timeout

    def exists(self) -> bool:
        """Whether the folder is there. Raises ConfigurationError where others could write to it."""
        try:
            found = os.lstat(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise failed("look at", self.path, error) from error
        if not stat.S_ISDIR(found.st_mode):
            what = "a symbolic link" if stat.S_ISLNK(found.st_mode) else "no folder"
            raise ConfigurationError(
                f"tokens are kept in {self.path}, which is {what}; name the folder itself"
            )
        check_private(self.path, found, forbidden=0o022)
        return True

    def prepare(self) -> None:
        """Creates the folder, and parents that are missing, for this user alone; see :meth:`exists`."""
        if self.exists():
            return
        try:
            _make_private(self.path)
        except OSError as error:
            raise failed("create", self.path, error) from error
        self.exists()

    def lock(self, name: str, *, poll: float) -> FolderLock:
        """A lock by the name of its file; ``poll`` is how many seconds pass between two tries."""
        return FolderLock(self, self.path / name, poll)


class FolderLock:
    """Held by one thread of one process at a time. Another thread may release it; a killed process releases it."""

    def __init__(self, folder: TokenFolder, path: Path, poll: float) -> None:
        self._folder = folder
        self._path = path
        self._poll = poll
        self._held: BaseFileLock | None = None

    def __enter__(self) -> FolderLock:
        """Waits for the lock.

        Raises:
            WaitTimeoutError: Somebody else did not release it in time.
            ConfigurationError: The lock file cannot be used.
        """
        from filelock import FileLock, Timeout

        self._folder.prepare()
        timeout = self._folder.lock_timeout
        # A new one each time: they exclude each other between threads as well, one object would not.
        held = FileLock(self._path, mode=0o600, thread_local=False)
        try:
            held.acquire(timeout=timeout, poll_interval=self._poll)
        except Timeout:
            raise WaitTimeoutError(
                f"the lock {self._path} was not free within {timeout:g} s: another thread or process is"
                " using the token, or hangs; end that one (the file itself may stay)"
            ) from None
        except OSError as error:
            raise failed("lock", self._path, error) from error
        self._held = held
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()


def check_private(path: Path, found: os.stat_result, *, forbidden: int) -> None:
    """Raises ConfigurationError for what belongs to another user, or is open to others in forbidden ways."""
    if not _POSIX:
        return
    if found.st_uid != os.geteuid():
        raise ConfigurationError(
            f"tokens are kept in {path}, which belongs to user id {found.st_uid}, not to {os.geteuid()}:"
            " use a folder of this user's own"
        )
    mode = stat.S_IMODE(found.st_mode)
    if mode & forbidden:
        right = "700" if stat.S_ISDIR(found.st_mode) else "600"
        raise ConfigurationError(
            f"tokens are kept in {path}, which is open to other users (mode {mode:03o}): run"
            f" 'chmod {right} {path}', or delete it, or choose another folder if that changes nothing"
        )


def failed(action: str, path: Path, error: OSError) -> ConfigurationError:
    """The error for what the system refused, with what to do about it."""
    remedy = _REMEDIES.get(error.errno or 0)
    reason = error.strerror or type(error).__name__
    return ConfigurationError(
        f"cannot {action} {path}: {reason}{f' ({remedy})' if remedy else ''}; give the token store a"
        " folder that this user may write to, or use MemoryTokenStore()"
    )


def _default_folder(by: str) -> Path:
    require("file", "platformdirs", by=by)
    import platformdirs

    try:
        path = platformdirs.user_cache_path("deviceclouds") / "tokens"
    except RuntimeError:
        path = Path()
    if not path.is_absolute():
        raise ConfigurationError(
            f"{by} finds no home folder for this user: set HOME or XDG_CACHE_HOME, or name a folder"
        )
    return path


def _given_folder(folder: str | os.PathLike[str], by: str) -> Path:
    if not isinstance(folder, str | os.PathLike) or not os.fspath(folder):
        raise ConfigurationError(f"{by} takes the path of a folder, not {folder!r}")
    try:
        return Path(folder).expanduser().absolute()
    except RuntimeError as error:
        raise ConfigurationError(f"{by} cannot use the folder {str(folder)!r}: {error}") from error


def _make_private(path: Path) -> None:
    if not path.parent.exists():
        _make_private(path.parent)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return  # another process was faster; whoever needs it private checks
    path.chmod(0o700)  # a umask can have taken the owner's bits
