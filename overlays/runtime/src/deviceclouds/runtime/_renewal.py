"""Tokens that are got and renewed by the client: early, when the cloud refuses one, and never twice at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from ._auth import token_headers
from ._effects import Blocking, Flow
from ._errors import ApiConnectionError, ApiStatusError
from ._gate import Gate
from ._holding import HoldGate, HoldLock
from ._tokens import Token, TokenStore

if TYPE_CHECKING:
    from ._flow import CallPlan
    from ._quota import MonthlyQuota
    from ._secret import SecretHeaders

__all__ = ["RenewingToken", "TokenSource", "store_key"]

LONGEST_MARGIN = 180.0
"""Seconds before its end at which a token is renewed at the earliest; a tenth of its life where that is less."""

FIRST_COOL_DOWN = 60.0
LONGEST_COOL_DOWN = 7200.0
"""Seconds without renewals after a renewed token was refused as well; doubled each time, up to the second."""

RETRY_EARLY_RENEWAL = 30.0


class TokenSource(Protocol):
    """Where a vendor's tokens come from."""

    def fetch(self, plan: CallPlan, old: Token | None) -> Flow[Token]:
        """A flow that signs in, or renews with what the old token has for it. Raises DeviceCloudError."""
        ...


class RenewingToken:
    """A token that is got when first needed, and renewed before it expires or when the cloud refuses it.

    However many threads or tasks need a token at once, one of them gets it and the others wait. With a store, that
    holds for all processes that share it. A token that is about to expire is renewed by one caller while the others
    go on with it.

    Args:
        source: Gets tokens.
        key: Names the account in the store; made by :func:`store_key`, holds no secret.
        store: Where tokens are shared and kept; nowhere but in this object if None.
        prefix: What stands before the token in the Authorization header.
        quota: Bound of token calls a month.
    """

    def __init__(
        self,
        source: TokenSource,
        *,
        key: str,
        store: TokenStore | None = None,
        prefix: str = "Bearer ",
        quota: MonthlyQuota | None = None,
    ) -> None:
        self._source = source
        self._key = key
        self._store = store
        self._prefix = prefix
        self._quota = quota
        self._gate = Gate()
        self._token: Token | None = None
        self._headers: SecretHeaders | None = None
        self._renew_at: float | None = None
        self._cool_down = FIRST_COOL_DOWN
        self._no_renewal_before: float | None = None

    def headers(self, plan: CallPlan) -> Flow[Mapping[str, str]]:
        """See :class:`~._auth.AuthStrategy`."""
        headers = self._headers
        if headers is None:
            yield HoldGate(self._gate, partial(self._first, plan))
        elif self._renew_at is not None and plan.clock.wall() >= self._renew_at:
            yield from self._renew_due(plan)
        else:
            return headers
        assert self._headers is not None  # the flows above set it or raise
        return self._headers

    def renew(self, plan: CallPlan, refused: Mapping[str, str]) -> Flow[bool]:
        """Gets another token than the refused one, unless somebody already has.

        Gives False shortly after a renewed token was refused as well: then the account lacks a right, or the cloud
        is out of order, and a new token for each such call would only use up a quota.
        """
        if self._headers is not refused:
            return True
        if self._no_renewal_before is not None and plan.clock.wall() < self._no_renewal_before:
            return False
        yield HoldGate(self._gate, partial(self._renew, plan, self._token, "refused"))
        return True

    def settled(self, plan: CallPlan, accepted: bool) -> None:
        """See :class:`~._auth.AuthStrategy`."""
        if accepted:
            self._no_renewal_before, self._cool_down = None, FIRST_COOL_DOWN
        else:
            self._no_renewal_before = plan.clock.wall() + self._cool_down
            self._cool_down = min(self._cool_down * 2, LONGEST_COOL_DOWN)

    def _first(self, plan: CallPlan) -> Flow[None]:
        if self._token is not None:
            return
        if self._store is not None:
            kept = yield Blocking(partial(self._store.load, self._key))
            if kept is not None and not _due(kept, plan.clock.wall()):
                self._accept(kept, plan)
                return
        yield from self._renew(plan, None, "missing")

    def _renew_due(self, plan: CallPlan) -> Flow[None]:
        token = self._token
        assert token is not None  # or nothing would be due
        if plan.clock.wall() >= (token.expires_at or 0):
            yield HoldGate(self._gate, partial(self._renew, plan, token, "due"))
            return
        # The old token is still good: nobody waits for the one caller who renews it.
        try:
            yield HoldGate(self._gate, partial(self._renew, plan, token, "due"), wait=False)
        except (ApiConnectionError, ApiStatusError):
            self._renew_at = plan.clock.wall() + RETRY_EARLY_RENEWAL

    def _renew(self, plan: CallPlan, old: Token | None, reason: str) -> Flow[None]:
        """Runs inside the gate; whoever came first has done the work for those behind."""
        if self._token is not old:
            return
        if self._store is None:
            token = yield from self._fetch(plan, old, reason)
        else:
            token = yield HoldLock(
                partial(self._store.lock, self._key),
                partial(self._renew_shared, self._store, plan, old, reason),
            )
        self._accept(token, plan)

    def _renew_shared(
        self, store: TokenStore, plan: CallPlan, old: Token | None, reason: str
    ) -> Flow[Token]:
        kept: Token | None = yield Blocking(partial(store.load, self._key))
        if kept is not None and _replaces(kept, old) and not _due(kept, plan.clock.wall()):
            return kept
        token = yield from self._fetch(plan, kept or old, reason)
        yield Blocking(partial(store.save, self._key, token))
        return token

    def _fetch(self, plan: CallPlan, old: Token | None, reason: str) -> Flow[Token]:
        if self._quota is not None:
            quota, now = self._quota, plan.clock.wall()
            warning = yield Blocking(partial(quota.reserve, self._store, self._key, now))
            quota.warn(warning)
        token: Token = yield from self._source.fetch(plan, old)
        token_headers(token.access, self._prefix, plan.config.vendor)
        if plan.watch is not None:
            plan.watch.renewed(reason)
        return token

    def _accept(self, token: Token, plan: CallPlan) -> None:
        headers = token_headers(token.access, self._prefix, plan.config.vendor)
        self._renew_at = None if token.expires_at is None else token.expires_at - _margin(token)
        self._token, self._headers = token, headers

    def __repr__(self) -> str:
        return "<RenewingToken>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("credentials are not pickled; make a client in each process")


def store_key(vendor: str, *account: str) -> str:
    """Names an account in a token store: vendor, and a hash of what tells accounts apart (no secret)."""
    digest = hashlib.sha256("\n".join(account).encode()).hexdigest()
    return f"{vendor}-{digest[:32]}"


def _margin(token: Token) -> float:
    assert token.expires_at is not None
    life = token.expires_at - token.issued_at
    return min(LONGEST_MARGIN, max(0.0, life) / 10)


def _due(token: Token, now: float) -> bool:
    return token.expires_at is not None and now >= token.expires_at - _margin(token)


def _replaces(kept: Token, old: Token | None) -> bool:
    """Whether a store's token is another one than ours, and not an older one that failed to be replaced."""
    return old is None or (not kept.same(old) and kept.issued_at >= old.issued_at)
