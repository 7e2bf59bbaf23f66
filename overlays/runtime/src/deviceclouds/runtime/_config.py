"""How a client is set up, checked once when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ._errors import ConfigurationError
from ._retry import RetryPolicy, is_seconds

__all__ = [
    "DEFAULT_TIMEOUT",
    "ClientConfig",
    "Timeout",
    "TimeoutTuple",
    "read_base_url",
    "read_max_reply",
    "read_timeout",
]

TimeoutTuple = tuple[float, float, float, float]
Timeout = float | TimeoutTuple
"""Seconds for everything, or (connect, read, write, pool) seconds."""

DEFAULT_MAX_REPLY = 256 * 1024 * 1024

DEFAULT_TIMEOUT: TimeoutTuple = (10.0, 60.0, 60.0, 10.0)


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """Settings of one client.

    Attributes:
        vendor: Name of the vendor, as in ``deviceclouds.<vendor>``.
        base_url: Where the API is, without a trailing slash.
        timeout: (connect, read, write, pool) in seconds, all finite.
        retries: When and how often a failed request is sent again.
        path_defaults: Values for path parameters a call may leave out.
        paths: Other methods and paths for operations, by ``namespace.method``.
        max_reply: Largest reply that is read, in bytes, decompressed.
    """

    vendor: str
    base_url: str
    timeout: TimeoutTuple = DEFAULT_TIMEOUT
    retries: RetryPolicy = field(default_factory=RetryPolicy)
    path_defaults: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    max_reply: int = DEFAULT_MAX_REPLY


def read_timeout(timeout: Timeout | None, default: TimeoutTuple, vendor: str) -> TimeoutTuple:
    """Four finite, positive numbers of seconds. Raises ConfigurationError for anything else."""
    if timeout is None:
        return default
    parts = timeout if isinstance(timeout, tuple | list) else (timeout,) * 4
    if len(parts) != 4 or not all(is_seconds(part) and part > 0 for part in parts):
        raise ConfigurationError(
            f"timeout={timeout!r} is not usable; give a positive, finite number of seconds or a"
            " tuple of four (connect, read, write, pool)",
            vendor=vendor,
        )
    connect, read, write, pool = parts
    return connect, read, write, pool


def read_max_reply(size: int | None, vendor: str) -> int:
    """A number of bytes, 1 or more. Raises ConfigurationError for anything else."""
    if size is None:
        return DEFAULT_MAX_REPLY
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise ConfigurationError(
            f"max_reply={size!r} is not usable; give a number of bytes, 1 or more", vendor=vendor
        )
    return size


def read_base_url(url: str, vendor: str, argument: str = "base_url") -> str:
    """An http(s) URL without a trailing slash. Raises ConfigurationError, by the argument's name, for anything else."""
    text = url.strip() if isinstance(url, str) else ""
    if "@" in text or "?" in text or "#" in text:
        raise ConfigurationError(
            f"{argument} must hold no query, fragment or credentials; pass credentials by their own arguments",
            vendor=vendor,
        )
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not text.isprintable() or " " in text:
        raise ConfigurationError(
            f"{argument}={url!r} is no URL; give one such as https://host/path", vendor=vendor
        )
    return text.rstrip("/")
