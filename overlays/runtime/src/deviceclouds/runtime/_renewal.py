"""Tokens that are got and renewed by the client: early, when the cloud refuses one, and never twice at once."""

from __future__ import annotations

import hashlib
import math
import warnings
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ._auth import fits_header, token_headers
from ._effects import Blocking, Flow
from ._errors import DeviceCloudError
from ._failures import Failures
from ._gate import Gate
from ._holding import HoldGate, HoldLock
from ._secret import SecretHeaders
from ._tokens import Token, TokenStore, TokenStoreWarning
from ._unverified import callers_level

if TYPE_CHECKING:
    from ._flow import CallPlan
    from ._quota import MonthlyQuota

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


class _Held(NamedTuple):
    """A token and what belongs to it, in one: threads read it while another replaces it."""

    token: Token
    headers: SecretHeaders
    renew_at: float | None


class _Trial(NamedTuple):
    """Headers that were got because others were refused, and have not been accepted yet."""

    headers: SecretHeaders
    since: float


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
        self._held: _Held | None = None
        self._no_early_before = -math.inf
        self._trial: _Trial | None = None
        self._cool_down = FIRST_COOL_DOWN
        self._no_renewal_before = -math.inf
        self._failures = Failures(strict=quota is not None)

    def headers(self, plan: CallPlan) -> Flow[Mapping[str, str]]:
        """See :class:`~._auth.AuthStrategy`."""
        held = self._held
        if held is None:
            yield HoldGate(self._gate, partial(self._first, plan, self._failures.count))
            held = self._now_held()
        if held.renew_at is not None and plan.clock.wall() >= held.renew_at:
            yield from self._renew_due(plan, held)
            held = self._now_held()
        return held.headers

    def renew(
        self, plan: CallPlan, refused: Mapping[str, str], renewals: int
    ) -> Flow[Mapping[str, str] | None]:
        """Gets another token than the refused one, unless somebody already has.

        Gives None when a renewed token is refused as well, and for a while after that: then the account lacks a
        right, or the cloud is out of order, and a new token for each such call would only use up a quota.
        """
        held, now = self._now_held(), plan.clock.now()
        if held.headers is not refused:
            return held.headers
        if now < self._no_renewal_before:
            return None
        trial = self._trial
        if trial is not None and trial.headers is refused and now < trial.since + FIRST_COOL_DOWN:
            self._no_renewal_before = now + self._cool_down
            self._cool_down = min(self._cool_down * 2, LONGEST_COOL_DOWN)
            return None
        yield HoldGate(
            self._gate, partial(self._renew, plan, held.token, "refused", self._failures.count)
        )
        return self._now_held().headers

    def accepted(self, credentials: Mapping[str, str]) -> None:
        """See :class:`~._auth.AuthStrategy`."""
        trial = self._trial
        if trial is not None and trial.headers is credentials:
            self._trial, self._cool_down = None, FIRST_COOL_DOWN

    def _now_held(self) -> _Held:
        assert self._held is not None  # the flows of this class set it or raise
        return self._held

    def _first(self, plan: CallPlan, failures: int) -> Flow[None]:
        if self._held is not None:
            return
        if self._store is not None:
            kept = yield from self._load(self._store)
            if kept is not None and not _ended(kept, plan.clock.wall()):
                self._accept(kept, plan)
                return
        yield from self._renew(plan, None, "missing", failures)

    def _renew_due(self, plan: CallPlan, held: _Held) -> Flow[None]:
        failures = self._failures.count
        renew = partial(self._renew, plan, held.token, "due", failures)
        if _ended(held.token, plan.clock.wall()):
            yield HoldGate(self._gate, renew)
            return
        # The old token is still good: nobody waits for the one caller who renews it, and no fault of it matters yet.
        if plan.clock.wall() < self._no_early_before:
            return
        try:
            yield HoldGate(self._gate, renew, wait=False)
        except DeviceCloudError:
            self._no_early_before = plan.clock.wall() + RETRY_EARLY_RENEWAL

    def _renew(self, plan: CallPlan, old: Token | None, reason: str, failures: int) -> Flow[None]:
        """Runs inside the gate; whoever came first has done the work for those behind, or has failed for them."""
        if self._held is not None and self._held.token is not old:
            return
        self._failures.check(failures, plan.clock.now())
        if self._store is None:
            token = yield from self._fetch(plan, old, reason)
            fetched = True
        else:
            token, fetched = yield HoldLock(
                partial(self._store.lock, self._key),
                partial(self._renew_shared, self._store, plan, old, reason),
            )
        held = self._accept(token, plan)
        if fetched and reason == "refused":
            self._trial = _Trial(held.headers, plan.clock.now())
        if fetched and plan.watch is not None:
            # Last: an observer that raises must not lose a token that was paid for.
            plan.watch.renewed(reason)

    def _renew_shared(
        self, store: TokenStore, plan: CallPlan, old: Token | None, reason: str
    ) -> Flow[tuple[Token, bool]]:
        kept = yield from self._load(store)
        if kept is not None and _replaces(kept, old) and not _due(kept, plan.clock.wall()):
            return kept, False
        newest = kept if old is None or (kept and kept.issued_at >= old.issued_at) else old
        token = yield from self._fetch(plan, newest, reason)
        try:
            yield Blocking(partial(store.save, self._key, token))
        except DeviceCloudError as error:
            # The token is good all the same, and may have cost one of few calls.
            text = f"{plan.config.vendor}: a new token could not be kept: {error}"
            warnings.warn(text, TokenStoreWarning, stacklevel=callers_level())
        return token, True

    def _load(self, store: TokenStore) -> Flow[Token | None]:
        kept: Token | None = yield Blocking(partial(store.load, self._key))
        return kept if kept is not None and fits_header(kept.access) else None

    def _fetch(self, plan: CallPlan, old: Token | None, reason: str) -> Flow[Token]:
        if self._quota is not None:
            quota, now = self._quota, plan.clock.wall()
            warning = yield Blocking(partial(quota.reserve, self._store, self._key, now))
            quota.warn(warning)
        try:
            token: Token = yield from self._source.fetch(plan, old)
        except DeviceCloudError as error:
            self._failures.add(error, plan.clock.now())
            raise
        self._failures.clear()
        return token

    def _accept(self, token: Token, plan: CallPlan) -> _Held:
        headers = token_headers(token.access, self._prefix, plan.config.vendor)
        renew_at = None if token.expires_at is None else token.expires_at - _margin(token)
        self._held = held = _Held(token, headers, renew_at)
        return held

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


def _ended(token: Token, now: float) -> bool:
    return token.expires_at is not None and now >= token.expires_at


def _due(token: Token, now: float) -> bool:
    return token.expires_at is not None and now >= token.expires_at - _margin(token)


def _replaces(kept: Token, old: Token | None) -> bool:
    """Whether a store's token is another one than ours, and not an older one that failed to be replaced."""
    return old is None or (not kept.same(old) and kept.issued_at >= old.issued_at)
