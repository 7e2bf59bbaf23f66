"""Why nothing came back, in words that hold neither addresses nor values."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpx2

__all__ = ["why"]


def why(error: BaseException) -> str:
    """What kept a reply from coming.

    Args:
        error: What was raised; its causes are looked at too.
    """
    causes = list(_causes(error))
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
        return "its TLS certificate is not trusted here, SSL_CERT_FILE can name another authority"
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return "TLS could not be agreed on"
    for kind, said in _WORDS:
        if any(isinstance(one, kind) for one in causes):
            return said
    return "the connection failed"


_WORDS = (
    (httpx2.ProxyError, "the proxy refused"),
    (httpx2.ConnectTimeout, "no connection in time"),
    (httpx2.TimeoutException, "no answer in time"),
    (httpx2.ConnectError, "no connection"),
    (httpx2.ProtocolError, "what came is no HTTP"),
    (httpx2.NetworkError, "the connection broke off"),
)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__
