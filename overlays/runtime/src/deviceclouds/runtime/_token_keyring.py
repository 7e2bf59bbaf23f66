"""Tokens in the keyring of the user's desktop."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any, TypeVar

from ._errors import DeviceCloudError
from ._extras import require
from ._secret import Secret
from ._token_folder import FolderLock, TokenFolder
from ._token_text import count_one, read_counts, read_text, write_text
from ._tokens import MemoryTokenStore, Token, TokenStoreWarning

__all__ = ["KeyringTokenStore"]

T = TypeVar("T")


class KeyringTokenStore:
    """Keeps tokens and monthly counts in this user's keyring: Keychain, Credential Manager, Secret Service, KWallet.

    Where there is no keyring (most servers and containers), or it refuses, everything stays in this process from then
    on, and a TokenStoreWarning says so once. Windows keeps no more than 1,280 characters an entry; longer tokens are
    refused there.

    Args:
        service: The name the entries have in the keyring.
        lock_timeout: Seconds to wait for a lock that another thread or process holds. Locks are files among the user's
            cache folders.

    Raises:
        ConfigurationError: A library is missing.
    """

    def __init__(self, service: str = "deviceclouds", *, lock_timeout: float = 60.0) -> None:
        self._service = service
        self._lock_timeout = lock_timeout
        self._memory = MemoryTokenStore()
        self._in_memory = False
        require("keyring", "keyring", "filelock", "platformdirs", by="KeyringTokenStore")

    def load(self, key: str) -> Token | None:
        """See :class:`TokenStore`."""
        return self._try(
            lambda: Token.from_dict(self._get(f"token:{key}").get("token")),
            lambda memory: memory.load(key),
        )

    def save(self, key: str, token: Token) -> None:
        """See :class:`TokenStore`."""
        text = write_text(token)
        self._try(
            lambda: self._set(f"token:{key}", text),
            lambda memory: memory.save(key, token),
        )

    def delete(self, key: str) -> None:
        """See :class:`TokenStore`. The counts stay."""
        self._try(lambda: self._delete(f"token:{key}"), lambda memory: memory.delete(key))

    def lock(self, key: str) -> AbstractContextManager[object]:
        """See :class:`TokenStore`. Entering it raises WaitTimeoutError after ``lock_timeout`` seconds."""
        return self._try(
            lambda: self._file_lock(key, "lock", poll=0.05), lambda memory: memory.lock(key)
        )

    def calls(self, key: str, month: str) -> int:
        """See :class:`CountingTokenStore`. Two months are kept."""
        return self._try(
            lambda: self._counts(key).get(month, 0), lambda memory: memory.calls(key, month)
        )

    def add_call(self, key: str, month: str) -> int:
        """See :class:`CountingTokenStore`."""
        return self._try(
            lambda: self._count(key, month), lambda memory: memory.add_call(key, month)
        )

    def _try(self, ask: Callable[[], T], instead: Callable[[MemoryTokenStore], T]) -> T:
        """Asks the keyring, or memory once the keyring has failed."""
        if not self._in_memory:
            try:
                return ask()
            except DeviceCloudError:
                raise  # of the lock's folder
            except Exception as error:  # backends raise what they like
                # Its text is the backend's own, and could show a token.
                reason = type(error).__name__
            self._fall_back(reason)
        return instead(self._memory)

    def _fall_back(self, reason: str) -> None:
        from ._unverified import callers_level

        self._in_memory = True
        warnings.warn(
            f"no keyring can be used here ({reason}): tokens and counts stay in this process and are lost when"
            " it ends; FileTokenStore or RedisTokenStore share them",
            TokenStoreWarning,
            stacklevel=callers_level(),
        )

    def _get(self, name: str) -> dict[str, Any]:
        return read_text(_backend().get_password(self._service, name))

    def _set(self, name: str, text: Secret) -> None:
        _backend().set_password(self._service, name, text.reveal())

    def _delete(self, name: str) -> None:
        from keyring.errors import PasswordDeleteError

        with suppress(PasswordDeleteError):  # there is none
            _backend().delete_password(self._service, name)

    def _counts(self, key: str) -> dict[str, int]:
        return read_counts(self._get(f"calls:{key}").get("calls"))

    def _count(self, key: str, month: str) -> int:
        with self._file_lock(key, "count", poll=0.01):
            calls = count_one(self._counts(key), month)
            self._set(f"calls:{key}", write_text(calls=calls))
        return calls[month]

    def _file_lock(self, key: str, purpose: str, *, poll: float) -> FolderLock:
        _backend()
        folder = TokenFolder(None, lock_timeout=self._lock_timeout, by="KeyringTokenStore")
        name = f"{self._service}\n{key}".encode("utf-8", "surrogatepass")
        return folder.lock(
            f"keyring-{hashlib.sha256(name).hexdigest()[:32]}.{purpose}.lock", poll=poll
        )

    def __repr__(self) -> str:
        return f"<KeyringTokenStore {self._service!r}{', in memory' if self._in_memory else ''}>"

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (self._service, self._lock_timeout)


def _restore(service: str, lock_timeout: float) -> KeyringTokenStore:
    return KeyringTokenStore(service, lock_timeout=lock_timeout)


def _backend() -> Any:
    """The keyring in use. Raises NoKeyringError for those that keep nothing."""
    import keyring
    from keyring.backends import fail, null
    from keyring.errors import NoKeyringError

    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring | null.Keyring):
        raise NoKeyringError
    return backend
