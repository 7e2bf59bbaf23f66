"""What a finished site would load from elsewhere: it should be nothing, so that it can be read without a network."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

__all__ = ["loaded_from_elsewhere"]

_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""")


def loaded_from_elsewhere(site: Path) -> list[str]:
    """Each address of another host that a page or style sheet loads by itself, with the file; links do not count.

    Args:
        site: Folder of the finished site.
    """
    found = []
    for path in sorted(site.rglob("*.*")):
        if path.suffix in (".html", ".css"):
            text = path.read_text(encoding="utf-8")
            loads = _Loads()
            if path.suffix == ".html":
                loads.feed(text)
            else:
                loads.addresses += _STYLE.findall(text)
            found += [f"{path.relative_to(site).as_posix()}: {each}" for each in loads.addresses]
    return found


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "srcset", "data") or (tag == "link" and name == "href"):
                if re.match(r"(?:https?:)?//", value or ""):
                    self.addresses.append(value or "")
            elif name == "style":
                self.addresses += _STYLE.findall(value or "")
