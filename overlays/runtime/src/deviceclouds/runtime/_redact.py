"""Takes credentials out of what is shown: a cloud may repeat what it was sent, frames may hold it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote, quote_plus

from ._secret import Secret

__all__ = ["forget_frames", "without_credentials", "without_secret"]

B = TypeVar("B", str, bytes)

SHORTEST_CREDENTIAL = 8
SHORTEST_SECRET = 4
"""Characters; shorter ones would be found by chance. Of what stands in a header, only part is a secret."""


def without_credentials(text: B, headers: Mapping[str, str]) -> B:
    """Text or bytes of a cloud in which what it was sent in headers is replaced."""
    for value in headers.values():
        secret = value.rpartition(" ")[2]
        if len(secret) >= SHORTEST_CREDENTIAL:
            text = without_secret(text, Secret(secret))
    return text


def without_secret(text: B, secret: Secret) -> B:
    """Text or bytes of a cloud without a secret, however it is written: as it is, in JSON, in an address."""
    for spelling in _spellings(secret.reveal()):
        text = (
            text.replace(spelling.encode(errors="replace"), b"***")
            if isinstance(text, bytes)
            else text.replace(spelling, "***")
        )
    return text


def forget_frames(error: BaseException | None) -> None:
    """Drops the frames of an error and of all that led to it: their variables may hold what must not be shown."""
    pending, seen = [error], set[int]()
    while pending:
        one = pending.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            one.__traceback__ = None
            pending += [one.__cause__, one.__context__]


def _spellings(secret: str) -> set[str]:
    if len(secret) < SHORTEST_SECRET:
        return set()
    if secret.isascii() and secret.isalnum():
        return {secret}
    in_json, with_umlauts = (json.dumps(secret, ensure_ascii=flag)[1:-1] for flag in (True, False))
    return {
        secret,
        in_json,
        with_umlauts,
        in_json.replace("/", "\\/"),  # some encoders escape slashes as well
        with_umlauts.replace("/", "\\/"),
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
    }
