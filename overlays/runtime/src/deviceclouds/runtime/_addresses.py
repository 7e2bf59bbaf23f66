"""Finds the addresses in a reply whose field names are not public. That any of them is the right one is inferred."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ._secret import Secret

__all__ = ["addresses_in", "suffix_of"]

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")


def addresses_in(fields: Mapping[str, Any]) -> dict[str, Secret]:
    """The http(s) addresses among the values of a reply; secrets, because presigned ones open without a token.

    Args:
        fields: Unknown fields of a model, or any decoded JSON object.

    Returns:
        Addresses by the name of their field; nested names and places in lists are joined with dots.
    """
    return {name: Secret(text) for name, text in _texts("", fields) if _is_address(text)}


def suffix_of(address: Secret) -> str:
    """The ending of the file's name in an address, such as ``.mp4``; empty where there is none."""
    found = _SUFFIX.search(urlsplit(address.reveal()).path)
    return found.group().lower() if found else ""


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping | list):
        inside = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in inside:
            yield from _texts(f"{name}.{key}" if name else str(key), item)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
