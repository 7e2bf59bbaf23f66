"""Access tokens that were issued to us, and where they are kept between calls and between processes."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager
from typing import Any, Protocol, runtime_checkable

from ._secret import Secret, conceal

__all__ = [
    "CountingTokenStore",
    "MemoryTokenStore",
    "Token",
    "TokenStore",
    "TokenStoreWarning",
]


class TokenStoreWarning(UserWarning):
    """A store of tokens lost something, or cannot share it with other processes, and goes on."""


class Token:
    """An access token. It does not show itself and is not pickled; :meth:`to_dict` is for token stores.

    Attributes:
        access: What goes into the header.
        expires_at: POSIX seconds (``time.time()``) after which the cloud refuses it; None where it does not say.
        issued_at: POSIX seconds at which it was asked for.
        refresh: What a new access token can be got with, where there is such a thing.
    """

    __slots__ = ("access", "expires_at", "issued_at", "refresh")

    def __init__(
        self,
        access: str | Secret,
        *,
        expires_at: float | None = None,
        issued_at: float = 0.0,
        refresh: str | Secret | None = None,
    ) -> None:
        self.access = conceal(access)
        self.expires_at = expires_at
        self.issued_at = issued_at
        self.refresh = None if refresh is None else conceal(refresh)

    def same(self, other: Token | None) -> bool:
        """Whether the other is the same access token."""
        return other is not None and self.access.reveal() == other.access.reveal()

    def to_dict(self) -> dict[str, Any]:
        """Its parts **in clear text**, for a store to write down."""
        return {
            "access": self.access.reveal(),
            "expires_at": self.expires_at,
            "issued_at": self.issued_at,
            "refresh": None if self.refresh is None else self.refresh.reveal(),
        }

    @classmethod
    def from_dict(cls, data: Any) -> Token | None:
        """The token a store wrote down; None for anything else."""
        if not isinstance(data, dict) or not isinstance(data.get("access"), str):
            return None
        expires_at, issued_at, refresh = (
            data.get(name) for name in ("expires_at", "issued_at", "refresh")
        )
        return cls(
            data["access"],
            expires_at=expires_at if isinstance(expires_at, int | float) else None,
            issued_at=issued_at if isinstance(issued_at, int | float) else 0.0,
            refresh=refresh if isinstance(refresh, str) else None,
        )

    def __repr__(self) -> str:
        return f"<Token, expires_at={self.expires_at}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Token is not pickled; a token store shares it between processes")


@runtime_checkable
class TokenStore(Protocol):
    """Where tokens are kept. Methods may block: an async client calls them in a thread."""

    def load(self, key: str) -> Token | None:
        """The token kept under a key; None where there is none, or none that can be read."""
        ...

    def save(self, key: str, token: Token) -> None:
        """Keeps a token in place of the one before."""
        ...

    def delete(self, key: str) -> None:
        """Forgets a token; nothing happens where there is none."""
        ...

    def lock(self, key: str) -> AbstractContextManager[object]:
        """A lock that only one user of the store holds at a time. It may be released in another thread."""
        ...


@runtime_checkable
class CountingTokenStore(TokenStore, Protocol):
    """A store that also counts how often a token was asked for, where a vendor sets a quota."""

    def calls(self, key: str, month: str) -> int:
        """How many token calls were counted in a month, given as ``"2026-11"`` (UTC)."""
        ...

    def add_call(self, key: str, month: str) -> int:
        """Counts one more token call; gives the new number."""
        ...


class MemoryTokenStore:
    """Keeps tokens in this process; several clients may share one."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._calls: dict[tuple[str, str], int] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        self._process = os.getpid()

    def load(self, key: str) -> Token | None:
        """See :class:`TokenStore`."""
        return self._tokens.get(key)

    def save(self, key: str, token: Token) -> None:
        """See :class:`TokenStore`."""
        self._tokens[key] = token

    def delete(self, key: str) -> None:
        """See :class:`TokenStore`."""
        self._tokens.pop(key, None)

    def lock(self, key: str) -> AbstractContextManager[object]:
        """See :class:`TokenStore`."""
        if self._process != os.getpid():
            # A lock that another thread held while the process forked is never released in the child.
            self._locks, self._guard, self._process = {}, threading.Lock(), os.getpid()
        with self._guard:
            return self._locks.setdefault(key, threading.Lock())

    def calls(self, key: str, month: str) -> int:
        """See :class:`CountingTokenStore`."""
        return self._calls.get((key, month), 0)

    def add_call(self, key: str, month: str) -> int:
        """See :class:`CountingTokenStore`."""
        with self._guard:
            self._calls[key, month] = self.calls(key, month) + 1
            return self._calls[key, month]

    def __repr__(self) -> str:
        return f"<MemoryTokenStore of {len(self._tokens)} tokens>"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a MemoryTokenStore is not pickled; FileTokenStore is shared by processes")
