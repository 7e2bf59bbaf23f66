"""Lays out everything the site is built from: pages, style sheet, and the settings with their navigation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from deviceclouds.testing.sandbox.pages.names import SHORT_NAMES

from .api import api_pages
from .evidence import evidence_page
from .python_pages import python_pages
from .repository import repository_pages

__all__ = ["navigation", "pages_of", "stage"]


#: What a preview looks at for changes.
WATCHED = [
    "README.md",
    "CONTRIBUTING.md",
    "mkdocs.yml",
    "docs",
    "specs",
    "overlays",
    "codegen/docs",
]


def stage(root: Path, target: Path, *, preview: bool = False) -> int:
    """Writes pages and settings; returns how many pages there are.

    Files that are right already are left alone, so that a preview only builds what changed.

    Args:
        root: The repository.
        target: Folder for ``mkdocs.yml`` and ``pages/``, below the repository; what is too much in it is removed.
        preview: Whether to be called again for each build, when something has changed.

    Raises:
        DeadLinkError: A link in a file of the repository leads nowhere.
    """
    pages = pages_of(root)
    files = {f"pages/{name}": text for name, text in pages.items()}
    files["pages/index.md"] = "---\nhide: [navigation]\n---\n" + pages["index.md"]
    files["pages/site.css"] = Path(__file__).with_name("site.css").read_text(encoding="utf-8")
    settings = _settings(root, pages)
    if preview:
        settings["strict"] = (
            False  # a page that is being written may have a link that leads nowhere yet
        )
        settings["hooks"] = ["../codegen/docs/preview.py"]
        settings["watch"] = [f"../{each}" for each in WATCHED]
    files["mkdocs.yml"] = yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)
    for old in target.rglob("*"):
        if old.is_file() and old.relative_to(target).as_posix() not in files:
            old.unlink()
    for name, text in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    return len(pages)


def pages_of(root: Path) -> dict[str, str]:
    """All pages of the site, by their path in it."""
    known = {"reference/evidence.md": evidence_page()}
    return {**repository_pages(root), **known, **api_pages(root), **python_pages(root)}


def _settings(root: Path, pages: dict[str, str]) -> dict[str, Any]:
    """Those of the repository, completed by what follows from its folders."""
    settings: dict[str, Any] = yaml.safe_load((root / "mkdocs.yml").read_text(encoding="utf-8"))
    settings["nav"] += navigation(pages)
    sources = [*root.glob("overlays/*/src"), *root.glob("generated/*/src")]
    for plugin in settings["plugins"]:
        if "mkdocstrings" in plugin:
            handler = plugin["mkdocstrings"]["handlers"]["python"]
            handler["paths"] = [
                f"../{path.relative_to(root).as_posix()}" for path in sorted(sources)
            ]
    return settings


def navigation(pages: dict[str, str]) -> list[Any]:
    """The part of the navigation that follows from what vendors and packages there are."""
    clients = {f"packages/{vendor}.md": name for vendor, name in SHORT_NAMES.items()}
    kit = {
        "packages/testing.md": "Testing kit",
        "packages/cli.md": "Command",
        "packages/runtime.md": "Runtime",
    }
    reference: list[Any] = [{"What is known": "reference/evidence.md"}]
    for vendor, name in SHORT_NAMES.items():
        front = f"reference/{vendor}/index.md"
        inside = [p for p in pages if p.startswith(f"reference/{vendor}/") and p != front]
        reference.append({name: [front, *({Path(p).stem: p} for p in inside)]})
    python: list[Any] = [
        {"deviceclouds.runtime": "python/runtime.md"},
        {"deviceclouds.testing": "python/testing.md"},
    ]
    for vendor in SHORT_NAMES:
        python.append({f"deviceclouds.{vendor}": f"python/{vendor}.md"})
        python.append({f"deviceclouds.{vendor}.models": f"python/{vendor}-models.md"})
    changes = [
        {p.split("/")[1].removesuffix(".md"): p} for p in sorted(pages) if p.startswith("changes/")
    ]
    return [
        {"Clients": [{name: page} for page, name in {**clients, **kit}.items()]},
        {"API reference": reference},
        {"Python reference": python},
        {"Changes": changes},
    ]
