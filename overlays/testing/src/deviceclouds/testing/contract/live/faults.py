"""Why nothing came back, in words that hold neither addresses nor values."""

from __future__ import annotations

import ssl

import httpx2
from deviceclouds.runtime._http_faults import causes_of

__all__ = ["why"]


def why(error: BaseException) -> str:
    """What kept a reply from coming.

    Args:
        error: What was raised; its causes are looked at too.
    """
    causes = list(causes_of(error))
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
