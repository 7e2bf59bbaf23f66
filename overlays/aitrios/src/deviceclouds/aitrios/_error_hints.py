"""Hints on the Console's error codes: what a code means, and what to do next.

The words are data, one line a code in ``error_hints.tsv``; how they were made and how to add some stands at its head.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["error_hint"]


def error_hint(code: str | None) -> str | None:
    """Returns one or two sentences on an error code, read from the package when first asked for.

    Args:
        code: As the Console sends it, for example ``"E.SC.API.0308001"``.

    Returns:
        The hint; None without a code, with an unknown one, and where the Console's message says everything.
    """
    return None if code is None else _hints().get(code)


@cache
def _hints() -> Mapping[str, str]:
    # Asked for by few programs, and only when something failed: imported then.
    from importlib.resources import files

    try:
        text = files("deviceclouds.aitrios").joinpath("error_hints.tsv").read_text(encoding="utf-8")
    except OSError:
        return {}  # a repackaged program may lack the file; the error itself must come through
    return parse_hints(text)


def parse_hints(text: str) -> dict[str, str]:
    """Reads ``code, tab, hint`` from each line that is no comment."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {code: hint for code, _, hint in (line.partition("\t") for line in lines)}
