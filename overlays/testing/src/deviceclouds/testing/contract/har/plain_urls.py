"""URLs of HAR files, however a program writes them."""

from __future__ import annotations

import re

__all__ = ["plain_url"]

_ORIGIN = re.compile(r"([a-z]+)://([^/?#:@\[\]]+)(:\d+)?(?=[/?#]|$)", re.IGNORECASE | re.ASCII)


def plain_url(url: str) -> str:
    """A URL as browsers write it: scheme and host in lower case, without the port that goes without saying."""
    found = _ORIGIN.match(url)
    if found is None:
        return url
    scheme, host, port = found[1].lower(), found[2].lower(), found[3] or ""
    usual = port == {"http": ":80", "https": ":443"}.get(scheme)
    return f"{scheme}://{host}{'' if usual else port}{url[found.end() :]}"
