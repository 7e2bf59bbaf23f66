"""A bound of token calls a month, counted in the token store, where a vendor sets one."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime

from ._errors import TokenQuotaError, TokenQuotaWarning
from ._tokens import CountingTokenStore, MemoryTokenStore, TokenStore

__all__ = ["MonthlyQuota"]

WARN_AT = 0.8


class MonthlyQuota:
    """Counts token calls by calendar month, UTC, and refuses those beyond the limit.

    Args:
        vendor: Name of the vendor.
        limit: Token calls a month.
        override: How to lift the limit, for the error's text.
    """

    def __init__(self, vendor: str, limit: int, override: str) -> None:
        self._vendor = vendor
        self._limit = limit
        self._override = override
        self._own = MemoryTokenStore()
        self._warned: str | None = None

    def reserve(self, store: TokenStore | None, key: str, now: float) -> str | None:
        """Counts a call that is about to be made; called with the store's lock held, and blocking.

        Returns:
            A warning to show, or None.

        Raises:
            TokenQuotaError: The month's calls are used up.
        """
        counter = store if isinstance(store, CountingTokenStore) else self._own
        month = datetime.fromtimestamp(now, UTC).strftime("%Y-%m")
        if counter.calls(key, month) >= self._limit:
            raise TokenQuotaError(
                f"the {self._limit} token calls of {month} (UTC) are used up, by the count in the token store;"
                f" wait for the next month, share one token_store between all programs, or {self._override}",
                vendor=self._vendor,
            )
        used = counter.add_call(key, month)
        if used < self._limit * WARN_AT or self._warned == month:
            return None
        self._warned = month
        return (
            f"{self._vendor}: {used} of {self._limit} token calls of {month} (UTC) are used;"
            " share one token_store between all programs that use this account"
        )

    def warn(self, warning: str | None) -> None:
        """Shows a warning of :meth:`reserve`, outside the thread that may have counted."""
        if warning is not None:
            from ._unverified import callers_level

            warnings.warn(warning, TokenQuotaWarning, stacklevel=callers_level())
