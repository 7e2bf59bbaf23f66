"""The part of a client that neither sends nor waits: settings, credentials, the plan of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from ._clock import Clock
from ._config import DEFAULT_TIMEOUT, ClientConfig, Timeout, TimeoutTuple, read_timeout
from ._flow import CallPlan
from ._operation import Operation
from ._request import prepare
from ._retry import RetryPolicy, read_retries

if TYPE_CHECKING:
    from ._auth import AuthStrategy
    from ._limits import Limiter
    from ._vendor import VendorRules
    from ._watch import WatchMaker

__all__ = ["CallOptions", "Core"]


class CallOptions(TypedDict, total=False):
    """What every call takes beside the operation's own arguments."""

    timeout: Timeout | None
    """Seconds, or (connect, read, write, pool) seconds; the client's own when left out."""
    retries: int | RetryPolicy | None
    """How often to try again, or a policy; the client's own when left out."""
    extra_headers: Mapping[str, str] | None
    """Headers to add."""


UPLOAD_TIME = 300.0
"""Seconds an upload may take, where nothing else is known and the user chose nothing."""

_OPTIONS = CallOptions.__optional_keys__


class Core:
    """The part of a client that neither sends nor waits.

    Args:
        config: Settings.
        auth: Strategies by name of the security scheme.
        rules: How the vendor says what.
        limiter: Keeps requests to a rate; None for no bound.
        watch: Makes an observer of each call; None where nobody looks.
    """

    def __init__(
        self,
        config: ClientConfig,
        auth: Mapping[str, AuthStrategy],
        rules: VendorRules,
        *,
        limiter: Limiter | None = None,
        watch: WatchMaker | None = None,
    ) -> None:
        self.config = config
        self.auth = auth
        self.rules = rules
        self.limiter = limiter
        self._watch = watch
        self._warned: set[str] = set()

    def plan(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, Any],
        options: CallOptions,
        clock: Clock,
    ) -> CallPlan:
        """Checks a call and prepares it. Raises InvalidRequestError or ConfigurationError; sends nothing."""
        config = self.config
        retries, timeout, extra = config.retries, self._timeout(operation), None
        if options:
            if options.keys() - _OPTIONS:
                raise TypeError(
                    f"{operation.name}() got unexpected arguments: {sorted(options.keys() - _OPTIONS)}"
                )
            retries = read_retries(options.get("retries"), retries, config.vendor)
            timeout = read_timeout(options.get("timeout"), timeout, config.vendor)
            extra = options.get("extra_headers")
        if self.rules.headers:
            extra = {**self.rules.headers, **(extra or {})}
        parts = prepare(operation, arguments, config, extra)
        if operation.evidence.status == "unverified" and operation.name not in config.paths:
            from ._unverified import warn_unverified

            try:
                self._warn_once(operation.name, partial(warn_unverified, operation, config))
            except BaseException:
                parts.close()
                raise
        plan = CallPlan(
            config=config,
            auth=self.auth,
            parts=parts,
            timeout=timeout,
            retries=retries,
            rules=self.rules,
            clock=clock,
            limiter=self.limiter,
        )
        plan.watch_maker = self._watch
        return plan

    def warn_of_paging(self, operation: Operation[Any]) -> None:
        """Warns, once, where the parameter that asks for further pages is a guess."""
        if operation.pagination is not None and operation.pagination.guessed:
            from ._unverified import warn_guessed_paging

            self._warn_once(
                f"{operation.name}, further pages", partial(warn_guessed_paging, operation)
            )

    def _warn_once(self, key: str, warn: Callable[[], None]) -> None:
        if key not in self._warned:
            # Where warnings are errors, the call ends here, and the next one warns again.
            warn()
            self._warned.add(key)

    def _timeout(self, operation: Operation[Any]) -> TimeoutTuple:
        default = self.config.timeout
        if default is not DEFAULT_TIMEOUT:
            return default  # the user's choice
        limit = operation.time_limit or self.rules.slow.get(operation.name)
        if operation.body is not None and operation.body.content_type == "multipart/form-data":
            limit = max(limit or 0, UPLOAD_TIME)
        if limit is None or limit + 10 <= default[1]:
            return default
        # The server may use up its own limit; give it that, and a margin for the way.
        return (default[0], limit + 10, max(default[2], limit + 10), default[3])
