"""Templates and files of the page, read from the package when first needed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["asset", "render"]

_PACKAGE = __name__.rpartition(".")[0]
_ASSETS = ("icon.svg", "page.js", "style.css")


def render(template: str, values: Mapping[str, Any]) -> str:
    """A page. Everything that goes into it is escaped.

    Args:
        template: Name of its template.
        values: What it shows.
    """
    return _environment().get_template(template).render(values)


@cache
def asset(name: str) -> bytes | None:
    """A file of the page; None where there is none of that name."""
    if name not in _ASSETS:
        return None
    return (files(_PACKAGE) / "assets" / name).read_bytes()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        autoescape=True,
        loader=FunctionLoader(_template),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["words"] = _words
    made.filters["grouped"] = _grouped
    made.filters["pretty"] = _pretty
    made.globals["asset_url"] = _asset_url
    return made


def _template(name: str) -> str:
    return (files(_PACKAGE) / "templates" / name).read_text(encoding="utf-8")


def _asset_url(name: str) -> str:
    """The address of a file; another one when its content changes, so browsers may keep it."""
    content = asset(name) or b""
    return f"/_sandbox/assets/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def _words(text: str) -> Markup:
    """Text of a specification: what stands between backticks is code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped just before


def _grouped(number: float) -> str:
    """A number with commas between groups of three digits."""
    return f"{number:,}"


def _pretty(value: Any) -> str:
    """JSON as people read it."""
    return json.dumps(value, indent=2, ensure_ascii=False)
