"""Puts finished trees in the place of old ones, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = ["swap"]


def swap(generated: Path, fresh: Path, names: Sequence[str], aside: Path) -> None:
    """Replaces folders of ``generated``.

    Args:
        generated: Where the old folders are.
        fresh: Where the new ones are, on the same file system; what is missing there is removed.
        names: Which folders.
        aside: A new folder on the same file system, for the old ones.

    Raises:
        OSError: A folder could not be moved. Everything is as it was.
    """
    aside.mkdir()
    generated.mkdir(exist_ok=True)
    done: list[tuple[Path, Path]] = []
    try:
        for name in names:
            if (generated / name).exists():
                done.append(_move(generated / name, aside / name))
            if (fresh / name).exists():
                done.append(_move(fresh / name, generated / name))
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        raise


def _move(source: Path, target: Path) -> tuple[Path, Path]:
    source.rename(target)
    return source, target
