"""Takes credentials out of what a cloud says: it may repeat what it was sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote, quote_plus

from ._secret import Secret

__all__ = ["without_credentials", "without_secret"]

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
            text.replace(spelling.encode(), b"***")
            if isinstance(text, bytes)
            else text.replace(spelling, "***")
        )
    return text


def _spellings(secret: str) -> set[str]:
    if len(secret) < SHORTEST_SECRET:
        return set()
    if secret.isascii() and secret.isalnum():
        return {secret}
    in_json = json.dumps(secret)[1:-1]
    return {
        secret,
        in_json,
        json.dumps(secret, ensure_ascii=False)[1:-1],
        in_json.replace("/", "\\/"),  # some encoders escape slashes as well
        quote(secret, safe=""),
        quote_plus(secret),
    }
