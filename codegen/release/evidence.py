"""Writes contents lists and bills of materials beside built distributions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from codegen.release.contents import ContentsError, statement_of
from codegen.release.sbom import sbom_of
from codegen.release.versions import current_version, project_name

__all__ = ["artifacts_of", "write_evidence"]


def artifacts_of(root: Path, distribution: str, folder: Path) -> list[Path]:
    """The wheel and the source distribution of the version in the tree.

    Raises:
        ContentsError: One is missing, or there are several.
    """
    stem = project_name(root, distribution).replace("-", "_")
    version = current_version(root, distribution)
    found = []
    for pattern in (f"{stem}-{version}-*.whl", f"{stem}-{version}.tar.gz"):
        paths = sorted(folder.glob(pattern))
        if len(paths) != 1:
            raise ContentsError(
                f"{folder}: {len(paths)} files {pattern}, not one; run `nox -s build`"
            )
        found += paths
    return found


def write_evidence(root: Path, folder: Path, names: Sequence[str]) -> list[Path]:
    """Writes ``<file>.contents.json`` for each wheel and source distribution, and ``<name>-<version>.cdx.json``.

    Args:
        root: The repository.
        folder: Where the distributions were built.
        names: Which of ``overlays/``.

    Raises:
        ContentsError: A distribution is missing or damaged.
        SbomError: A bill of materials is not valid.
    """
    texts: dict[Path, str] = {}
    for distribution in names:
        artifacts = artifacts_of(root, distribution, folder)
        for artifact in artifacts:
            text = json.dumps(statement_of(artifact), indent=2, ensure_ascii=False) + "\n"
            texts[folder / f"{artifact.name}.contents.json"] = text
        name = artifacts[1].name.removesuffix(".tar.gz")
        texts[folder / f"{name}.cdx.json"] = sbom_of(root, distribution, artifacts)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return sorted(texts)
