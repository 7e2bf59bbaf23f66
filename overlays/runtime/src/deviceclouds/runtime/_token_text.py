"""What stores write down: tokens and counts as JSON text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._errors import ConfigurationError
from ._secret import Secret
from ._tokens import Token

__all__ = ["count_one", "read_counts", "read_text", "write_text"]

_FORMAT = 1
_MONTHS_KEPT = 2


def write_text(token: Token | None = None, **more: Any) -> Secret:
    """A token and whatever else belongs to it, as JSON text that does not show itself.

    Raises:
        ConfigurationError: The token holds characters that are no text.
    """
    import msgspec

    # Clear text is in no local variable, here and in all stores: tracebacks can show those.
    try:
        return Secret(
            msgspec.json.encode(
                {"format": _FORMAT, "token": token and token.to_dict(), **more}
            ).decode()
        )
    except UnicodeError:
        pass  # it holds the text, so it must not become the context of what is raised
    raise ConfigurationError("the token holds characters that are no text: it cannot be stored")


def read_text(text: bytes | str | None) -> dict[str, Any]:
    """What :func:`write_text` wrote; an empty dictionary for nothing, and for what others wrote."""
    import msgspec

    try:
        data = None if text is None else msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return {}
    return data if isinstance(data, dict) and data.get("format") == _FORMAT else {}


def read_counts(data: Any) -> dict[str, int]:
    """Counts by month; whatever is no count is left out."""
    if not isinstance(data, dict):
        return {}
    return {month: n for month, n in data.items() if type(n) is int and n >= 0}


def count_one(counts: Mapping[str, int], month: str) -> dict[str, int]:
    """One more in a month. Of the other months only the newest stays."""
    # The month counted always stays, even where a wrong clock once counted in the far future.
    others = sorted(counts.keys() - {month})[-(_MONTHS_KEPT - 1) :]
    return {**{other: counts[other] for other in others}, month: counts.get(month, 0) + 1}
