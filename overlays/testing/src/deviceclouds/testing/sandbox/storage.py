"""Files of the sandbox behind signed addresses that have an end, as a cloud's storage gives them out."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from .clock import SandboxClock

__all__ = ["Storage", "StoredFile"]

MOST_BYTES = 200 * 1024 * 1024
"""Uploaded bytes kept at most; the oldest go first."""


class StoredFile(NamedTuple):
    """A file with its media type."""

    content: bytes
    content_type: str


class Storage:
    """Keeps uploads, and makes other files when they are asked for.

    Args:
        clock: Decides when addresses end.
        seed: Part of the signatures' key.
    """

    def __init__(self, clock: SandboxClock, seed: int) -> None:
        self._clock = clock
        self._key = f"sandbox-{seed}".encode()
        self._lock = threading.Lock()
        self._files: dict[str, StoredFile] = {}
        self._makers: dict[str, Callable[[str], StoredFile | None]] = {}
        self._size = 0

    def keep(self, name: str, content: bytes, content_type: str) -> None:
        """Keeps a file under a name such as ``aitrios/files/1``."""
        with self._lock:
            old = self._files.pop(name, None)
            self._size += len(content) - (len(old.content) if old else 0)
            self._files[name] = StoredFile(content, content_type)
            while self._size > MOST_BYTES and len(self._files) > 1:
                self._size -= len(self._files.pop(next(iter(self._files))).content)

    def make_below(self, folder: str, maker: Callable[[str], StoredFile | None]) -> None:
        """Files below a folder are made when asked for; the maker gets the rest of the name."""
        self._makers[folder] = maker

    def sign(self, name: str, lifetime: float) -> str:
        """Path and query of a file's address, good for some seconds of the sandbox's clock."""
        end = int(self._clock.now() + lifetime)
        return f"/storage/{quote(name)}?expires={end}&signature={self._signature(name, end)}"

    def open(self, name: str, expires: str, signature: str) -> StoredFile | int:
        """The file of an address; 403 for a wrong or ended one, 404 where there is no such file."""
        end = int(expires) if expires.isascii() and expires.isdigit() and len(expires) < 13 else 0
        if not hmac.compare_digest(self._signature(name, end).encode(), signature.encode()):
            return 403
        if self._clock.now() >= end:
            return 403
        found = self.read(name)
        return 404 if found is None else found

    def read(self, name: str) -> StoredFile | None:
        """A file by its name; None where there is none."""
        if name in self._files:
            return self._files[name]
        for folder, maker in self._makers.items():
            if name.startswith(f"{folder}/"):
                return maker(name[len(folder) + 1 :])
        return None

    def _signature(self, name: str, end: int) -> str:
        return hmac.new(self._key, f"{name}\n{end}".encode(), hashlib.sha256).hexdigest()
