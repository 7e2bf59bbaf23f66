"""Markdown of the repository as pages of the site: README sections, guides, and each distribution's own page.

A link to a file that has a page becomes a link to that page; one to any other file becomes the file's name, since the
site is read where the repository may not be.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DeadLinkError", "Source", "repository_pages", "slug"]

#: Sections of the README that are long enough for a page of their own.
SPLIT = {"How it behaves": "behaviour.md"}
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])+)\]\(([^()\s]+)\)")
#: What begins a list in the middle of a paragraph: only a 1 does, so that a line may begin with "401.".
_LIST = re.compile(r"(?:[-*+]|1\.) ")


class DeadLinkError(ValueError):
    """A link in a file of the repository leads nowhere; the message names file and target."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the repository, by its path there, and the page it becomes, by its path in the site."""

    file: str
    page: str


def repository_pages(root: Path) -> dict[str, str]:
    """All pages that exist as Markdown in the repository, by their path in the site.

    Args:
        root: The repository.

    Raises:
        DeadLinkError: A relative link leads to no file.
    """
    sources = _sources(root)
    texts = {s.page: (root / s.file).read_text(encoding="utf-8") for s in sources}
    parts = _split_readme(texts["index.md"])
    moved = {slug(t): page for page, text in parts.items() for t in _titles(text)}
    pages = {}
    for source in sources:
        for page, text in (
            parts if source.page == "index.md" else {source.page: texts[source.page]}
        ).items():
            rewrite = _Rewriter(root, source.file, page, {s.file: s.page for s in sources}, moved)
            pages[page] = _outside_code(text, rewrite)
    return pages


def slug(title: str) -> str:
    """The fragment of a heading, as repository browsers and the site make it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower())


def _sources(root: Path) -> list[Source]:
    found = [Source("README.md", "index.md"), Source("CONTRIBUTING.md", "contributing.md")]
    found += [Source("specs/README.md", "specs.md")]
    found += [Source(f"docs/{p.name}", p.name) for p in sorted((root / "docs").glob("*.md"))]
    for path in sorted((root / "overlays").glob("*/README.md")):
        name = path.parent.name
        found.append(Source(f"overlays/{name}/README.md", f"packages/{name}.md"))
        found.append(Source(f"overlays/{name}/CHANGELOG.md", f"changes/{name}.md"))
    return [source for source in found if (root / source.file).is_file()]


def _split_readme(text: str) -> dict[str, str]:
    """The sections of ``SPLIT`` as pages, their headings one level up, and what is left as the first page."""
    pages = {"index.md": ""}
    page = "index.md"
    for line, code in _lines(text):
        title = line.removeprefix("## ").strip()
        if line.startswith("## ") and not code:
            page = SPLIT.get(title, "index.md")
        up = page != "index.md" and re.match(r"##+ ", line) and not code
        pages[page] = pages.get(page, "") + (line[1:] if up else line) + "\n"
    return pages


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Lines, each with whether it is part of a block of code."""
    fence = ""
    for line in text.splitlines():
        match = _FENCE.match(line)
        if match and not fence:
            fence = match[1]
            yield line, True
        elif match and fence and match[1].startswith(fence):
            fence = ""
            yield line, True
        else:
            yield line, bool(fence)


def _titles(text: str) -> list[str]:
    return [line.lstrip("# ") for line, code in _lines(text) if re.match("#+ ", line) and not code]


def _outside_code(text: str, rewrite: Callable[[re.Match[str]], str]) -> str:
    """Rewrites links. Links may break over lines, so paragraphs are rewritten as a whole."""
    done: list[str] = []
    block: list[str] = []
    for line, code in [*_lines(text), ("", True)]:
        if not code:
            # Python-Markdown, unlike others, wants an empty line before a list.
            before = block[-1] if block else ""
            if _LIST.match(line) and before.strip() and not re.match(r"\s|[-*+] |\d+\. ", before):
                block.append("")
            block.append(line)
            continue
        done += [_LINK.sub(rewrite, "\n".join(block))] if block else []
        done.append(line)
        block = []
    return "\n".join(done).rstrip() + "\n"


@dataclass(frozen=True, slots=True)
class _Rewriter:
    """Links of one page."""

    root: Path
    file: str
    page: str
    pages: dict[str, str]
    moved: dict[str, str]

    def __call__(self, match: re.Match[str]) -> str:
        text, target = match[1], match[2]
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            return match[0]
        name, _, anchor = target.partition("#")
        file = (
            posixpath.normpath(posixpath.join(posixpath.dirname(self.file), name))
            if name
            else self.file
        )
        if not (self.root / file).exists():
            raise DeadLinkError(f"{self.file}: no file for the link to {target}")
        page = self.pages.get(file)
        if page is None:
            return text if text.strip("`") != name else f"`{file}`"
        if file == "README.md" and anchor:
            page = self.moved.get(anchor, page)
        where = posixpath.relpath(page, posixpath.dirname(self.page) or ".")
        return f"[{text}]({where}{'#' + anchor if anchor else ''})"
