"""How a client is set up, checked once when it is made."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ._errors import ConfigurationError
from ._retry import RetryPolicy

__all__ = [
    "DEFAULT_TIMEOUT",
    "ClientConfig",
    "Timeout",
    "TimeoutTuple",
    "read_base_url",
    "read_timeout",
]

TimeoutTuple = tuple[float, float, float, float]
Timeout = float | TimeoutTuple
"""Seconds for everything, or (connect, read, write, pool) seconds."""

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
    """

    vendor: str
    base_url: str
    timeout: TimeoutTuple = DEFAULT_TIMEOUT
    retries: RetryPolicy = RetryPolicy()
    path_defaults: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)


def read_timeout(timeout: Timeout | None, default: TimeoutTuple, vendor: str) -> TimeoutTuple:
    """Four finite, positive numbers of seconds. Raises ConfigurationError for anything else."""
    if timeout is None:
        return default
    parts = (timeout,) * 4 if isinstance(timeout, int | float) else tuple(timeout)
    if len(parts) != 4 or not all(
        isinstance(p, int | float) and math.isfinite(p) and p > 0 for p in parts
    ):
        raise ConfigurationError(
            f"timeout={timeout!r} is not usable; give a positive, finite number of seconds or a"
            " tuple of four (connect, read, write, pool)",
            vendor=vendor,
        )
    return parts


def read_base_url(url: str, vendor: str) -> str:
    """An http(s) URL without a trailing slash. Raises ConfigurationError for anything else."""
    parts = urlsplit(url.strip()) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigurationError(
            f"base_url={url!r} is no URL; give one such as https://host/path", vendor=vendor
        )
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigurationError(
            "base_url must hold no query, fragment or credentials; pass credentials by their own arguments",
            vendor=vendor,
        )
    return url.strip().rstrip("/")
