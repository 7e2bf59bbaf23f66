"""Writes and compares the pages ``overlays/<distribution>/api.md``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from codegen.files import write_whole
from codegen.release.versions import distributions, project_name
from codegen.surface.loading import SurfaceError
from codegen.surface.page import render
from codegen.surface.reading import read_surface

__all__ = ["page_of", "write_pages"]


def page_of(root: Path, distribution: str) -> str:
    """The text of a distribution's ``api.md`` as it should be."""
    return render(read_surface(root, distribution), project_name(root, distribution))


def write_pages(
    root: Path, names: Sequence[str], *, check: bool = False, say: Callable[[str], None]
) -> bool:
    """Writes the pages that are not current.

    Args:
        root: The repository.
        names: Folders of ``overlays/``; all if empty.
        check: Compare only; write nothing.
        say: Takes each line of the report.

    Returns:
        Whether all pages are, or now are, what the code says. With ``check`` False means one is not.

    Raises:
        SurfaceError: There is no such distribution, or its code cannot be read. Nothing was written.
    """
    known = distributions(root)
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise SurfaceError(f"no overlays/{unknown[0]}; there are {', '.join(known)}")
    pages = {name: page_of(root, name) for name in sorted(set(names)) or known}
    current = True
    for name, text in pages.items():
        path = root / "overlays" / name / "api.md"
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if check:
            say(
                f"{name}: overlays/{name}/api.md is stale; run `nox -s regenerate` and commit the result"
            )
            current = False
        else:
            write_whole(path, text)
            say(f"{name}: wrote overlays/{name}/api.md")
    return current
