"""The tokens the sandbox has given out: which are good, which have expired, which were revoked."""

from __future__ import annotations

import hashlib
import threading
from typing import Literal, NamedTuple

from .clock import SandboxClock

__all__ = ["DEMO", "TokenDesk", "TokenState"]

DEMO = "demo"
"""User, password, client id, secret and token that work. All others are refused."""

TokenState = Literal["good", "expired", "unknown"]


class _Issued(NamedTuple):
    vendor: str
    kind: str
    expires_at: float | None


class TokenDesk:
    """Gives out tokens and knows them again. Only their hashes are kept.

    Args:
        clock: Decides when they expire.
        seed: Makes the same tokens in the same order.
    """

    def __init__(self, clock: SandboxClock, seed: int) -> None:
        self._clock = clock
        self._seed = seed
        self._lock = threading.Lock()
        self._issued: dict[str, _Issued] = {}
        self._demo_revoked: set[str] = set()
        self.count: dict[str, int] = {}
        """How many access tokens each vendor's sign-in has given out."""

    def issue(self, vendor: str, lifetime: float | None, kind: str = "access") -> str:
        """A new token.

        Args:
            vendor: Whose.
            lifetime: Seconds; None for no end.
            kind: ``access`` or ``refresh``.
        """
        with self._lock:
            number = len(self._issued)
            text = hashlib.sha256(f"{self._seed}/{vendor}/{kind}/{number}".encode()).hexdigest()
            token = f"sandbox-{kind}-{text}"
            end = None if lifetime is None else self._clock.now() + lifetime
            self._issued[_hash(token)] = _Issued(vendor, kind, end)
            if kind == "access":
                self.count[vendor] = self.count.get(vendor, 0) + 1
            return token

    def state(self, vendor: str, token: str, kind: str = "access") -> TokenState:
        """What a token is worth."""
        if token == DEMO and kind == "access" and vendor not in self._demo_revoked:
            return "good"
        found = self._issued.get(_hash(token))
        if found is None or (found.vendor, found.kind) != (vendor, kind):
            return "unknown"
        if found.expires_at is not None and self._clock.now() >= found.expires_at:
            return "expired"
        return "good"

    def revoke(self, vendor: str | None = None, *, demo: bool = False) -> int:
        """Makes access tokens worthless; gives their number.

        Args:
            vendor: Whose; all if left out.
            demo: The static token ``demo`` too.
        """
        with self._lock:
            gone = [
                key
                for key, one in self._issued.items()
                if one.kind == "access" and vendor in (None, one.vendor)
            ]
            for key in gone:
                del self._issued[key]
            if demo:
                from .._load import MOUNTS

                self._demo_revoked |= {vendor} if vendor else set(MOUNTS)
            return len(gone)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
