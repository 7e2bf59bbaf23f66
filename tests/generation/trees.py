"""Folders as dictionaries, and small repositories to generate in."""

from __future__ import annotations

import shutil
from pathlib import Path

REPO = Path(__file__).parents[2]
BASE = REPO / "tests" / "lint" / "base"
TRAP = Path(__file__).parent / "trap"
VENDORS = ("aitrios", "amnimo", "proglove", "scailable", "viziosense")


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder`, caches aside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def make_root(root: Path, **specs: Path) -> Path:
    """Return `root` as a repository with these spec folders and nothing generated."""
    for vendor, folder in specs.items():
        shutil.copytree(folder, root / "specs" / vendor)
        source = root / "specs" / vendor / "source.toml"
        text = source.read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if not line.startswith("vendor =")]
        source.write_text("\n".join([f'vendor = "{vendor}"', *kept]) + "\n", encoding="utf-8")
    return root


def change(path: Path, old: str, new: str) -> int:
    """Replace `old`, which stands once in the file, and return the line it stood on."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{text.count(old)} times in {path}: {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text.partition(old)[0].count("\n") + 1
