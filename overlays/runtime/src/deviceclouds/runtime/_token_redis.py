"""Tokens in Redis, shared by processes on several machines."""

from __future__ import annotations

import inspect
import math
import time
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, TypeVar

from ._errors import (
    ApiConnectionError,
    ConfigurationError,
    DeviceCloudError,
    WaitTimeoutError,
)
from ._extras import require
from ._secret import Secret, conceal
from ._token_text import read_text, write_text
from ._tokens import Token, TokenStoreWarning

__all__ = ["RedisTokenStore"]

_DAY = 86_400
_SPARE = 60  # seconds a token stays after it expired, for clocks that differ
_KEPT = (
    90 * _DAY
)  # how long a token stays that can be refreshed, or that does not say when it expires
_LONGEST = 3650 * _DAY
_COUNTS_KEPT = 70 * _DAY
_CONNECT_TIMEOUT, _REPLY_TIMEOUT = 5.0, 10.0  # seconds, where the URL says nothing else

T = TypeVar("T")


class RedisTokenStore:
    """Keeps tokens and monthly counts in Redis. Who may read that Redis, may read the tokens.

    A token leaves Redis when it has expired, or after 90 days where it can be refreshed or has no expiry; counts leave
    70 days after the last call. A Redis that evicts keys when it is full can lose both.

    Args:
        client_or_url: A sync client of the library redis, or a URL such as ``redis://user:password@host:6379/0``,
            ``rediss://...`` or ``unix:///path``. Nothing is sent yet.
        prefix: What all keys in Redis start with.
        lock_timeout: Seconds to wait for a lock that somebody else holds.
        lock_lifetime: Seconds after which the lock of a process that died is free again.

    Raises:
        ConfigurationError: The library is missing, or the first argument is neither a client nor a usable URL. Methods
            raise it where Redis refuses, and ApiConnectionError where it cannot be reached.
    """

    def __init__(
        self,
        client_or_url: Any,
        *,
        prefix: str = "deviceclouds:",
        lock_timeout: float = 90.0,
        lock_lifetime: float = 60.0,
    ) -> None:
        # First, what its repr shows: tracebacks of what fails below show it.
        self._prefix, self._where = prefix, "no server"
        require("redis", "redis", by="RedisTokenStore")
        source = conceal(client_or_url) if isinstance(client_or_url, str) else client_or_url
        del client_or_url  # a traceback with local variables must not show it
        self._owned = isinstance(source, Secret)
        # Behind a function, because some versions' clients show the password.
        self._client = _connect(source) if isinstance(source, Secret) else _checked(source)
        self._where = _where(self._client)
        self._lock_timeout = lock_timeout
        self._lock_lifetime = lock_lifetime

    def load(self, key: str) -> Token | None:
        """See :class:`TokenStore`."""
        return self._ask("load a token", lambda: self._get_token(key))

    def save(self, key: str, token: Token) -> None:
        """See :class:`TokenStore`."""
        name, text, seconds = self._name("token", key), write_text(token), _lifetime(token)
        self._ask("save a token", lambda: self._client().set(name, text.reveal(), ex=seconds))

    def delete(self, key: str) -> None:
        """See :class:`TokenStore`. The counts stay."""
        self._ask("delete a token", lambda: self._client().delete(self._name("token", key)))

    def lock(self, key: str) -> AbstractContextManager[object]:
        """See :class:`TokenStore`. Entering it raises WaitTimeoutError after ``lock_timeout`` seconds."""
        return _RedisLock(self, self._name("lock", key))

    def calls(self, key: str, month: str) -> int:
        """See :class:`CountingTokenStore`."""
        name = self._name("calls", key, month)
        return self._ask("read a count", lambda: int(self._client().get(name) or 0))

    def add_call(self, key: str, month: str) -> int:
        """See :class:`CountingTokenStore`."""
        name = self._name("calls", key, month)

        def count() -> int:
            number = int(self._client().incr(name))
            self._client().expire(name, _COUNTS_KEPT)
            return number

        return self._ask("count a call", count)

    def close(self) -> None:
        """Closes the connections to a URL; a client of your own stays open."""
        if self._owned:
            self._client().close()

    def _name(self, *parts: str) -> bytes:
        return (self._prefix + ":".join(parts)).encode("utf-8", "surrogatepass")

    def _get_token(self, key: str) -> Token | None:
        try:
            data = read_text(self._client().get(self._name("token", key)))
        except UnicodeError:
            return None  # of a client that decodes replies, for what others wrote
        return Token.from_dict(data.get("token"))

    def _ask(self, what: str, function: Callable[[], T]) -> T:
        import redis

        try:
            return function()
        except (redis.RedisError, OSError, TypeError, ValueError) as error:
            failure = self._explain(what, error)
        # Not while handling theirs: its frames hold the commands, and those hold tokens and passwords.
        raise failure

    def _explain(self, what: str, error: Exception) -> DeviceCloudError:
        from redis import exceptions as theirs

        # Some replies repeat the arguments of the command.
        text = "" if isinstance(error, ValueError) else str(error).partition(", with args")[0]
        cause = f"cannot {what} in Redis at {self._where}: {type(error).__name__}: {text}".rstrip(
            ": "
        )
        if isinstance(error, theirs.AuthenticationError | theirs.AuthorizationError):
            return ConfigurationError(f"{cause}; check user and password of the URL or client")
        if isinstance(error, theirs.ConnectionError | theirs.TimeoutError | OSError):
            return ApiConnectionError(f"{cause}; see that it runs and can be reached from here")
        return ConfigurationError(f"{cause}; check the server, its rights and the prefix of keys")

    def __repr__(self) -> str:
        return f"<RedisTokenStore {self._prefix!r} at {self._where}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError(
            "a RedisTokenStore is not pickled: it holds a connection; make one in each process"
        )


class _RedisLock:
    """The library's own lock, with our errors. Another thread may release it."""

    def __init__(self, store: RedisTokenStore, name: bytes) -> None:
        self._store = store
        self._name = name
        self._held: Any = None

    def __enter__(self) -> _RedisLock:
        store = self._store
        held = store._client().lock(
            self._name,
            timeout=store._lock_lifetime,
            sleep=0.05,
            blocking_timeout=store._lock_timeout,
            thread_local=False,
        )
        if not store._ask("lock a token", held.acquire):
            raise WaitTimeoutError(
                f"the lock {self._name.decode(errors='replace')!r} in Redis at {store._where} was not free"
                f" within {store._lock_timeout:g} s: other processes are using the token, or hang"
            )
        self._held = held
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        from ._unverified import callers_level

        held, self._held = self._held, None
        problem = _release(held) if held is not None else None
        if problem and kind is None:  # what failed under the lock matters more
            warnings.warn(
                f"the lock of a token in Redis at {self._store._where} {problem}",
                TokenStoreWarning,
                stacklevel=callers_level(),
            )


def _release(held: Any) -> str | None:
    """Releases a lock. What the user should know, where that went wrong: the work under it is done."""
    from redis.exceptions import LockError, RedisError

    try:
        held.release()
    except LockError:
        return (
            f"was held for longer than its lock_lifetime of {held.timeout:g} s: another process may have"
            " worked at the same time"
        )
    except (RedisError, OSError):
        return f"could not be released; it is free again within {held.timeout:g} s"
    return None


def _connect(url: Secret) -> Callable[[], Any]:
    import redis
    from redis.backoff import ExponentialBackoff
    from redis.retry import Retry

    try:
        client: Any = redis.Redis.from_url(
            url.reveal(),
            retry=Retry(ExponentialBackoff(cap=1.0, base=0.1), 2),
            socket_connect_timeout=_CONNECT_TIMEOUT,
            socket_timeout=_REPLY_TIMEOUT,
        )
    except Exception:  # noqa: S110 # it may hold the URL, so it must not become the context of what is raised
        pass
    else:
        return lambda: client
    raise ConfigurationError(
        "RedisTokenStore cannot read its URL; write redis://user:password@host:6379/0, with characters"
        " such as / and @ in the password escaped as %2F and %40"
    )


def _checked(client: Any) -> Callable[[], Any]:
    if not hasattr(client, "register_script"):
        raise ConfigurationError(
            f"RedisTokenStore takes a URL or a client of the library redis, not {type(client).__name__}"
        )
    if inspect.iscoroutinefunction(client.execute_command):
        raise ConfigurationError(
            "RedisTokenStore takes redis.Redis, not redis.asyncio.Redis; async clients of deviceclouds"
            " call it in a thread"
        )
    return lambda: client


def _where(client: Callable[[], Any]) -> str:
    pool = getattr(client(), "connection_pool", None)
    host, port, path, db = (
        getattr(pool, "connection_kwargs", {}).get(name) for name in ("host", "port", "path", "db")
    )
    server = path or f"{host or 'localhost'}:{port or 6379}"
    return f"{server}, database {db or 0}"


def _lifetime(token: Token) -> int:
    """Seconds for which a token is of use."""
    left = 0.0
    if token.expires_at is not None and math.isfinite(token.expires_at):
        left = min(max(token.expires_at - time.time(), 0.0), _LONGEST)
        if token.refresh is None:
            return math.ceil(left) + _SPARE
    return max(math.ceil(left), _KEPT)
