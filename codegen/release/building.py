"""Builds distributions into a folder of their own, and tries what came out."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from codegen.git import GitError, Repository
from codegen.release.contents import ContentsError
from codegen.release.dependencies import own_dependencies
from codegen.release.evidence import artifacts_of, write_evidence
from codegen.release.sbom import SbomError
from codegen.release.versions import current_version, project_name

__all__ = ["build", "in_order", "install", "metadata", "metadata_problems"]


def in_order(root: Path, names: Sequence[str]) -> list[str]:
    """Distributions with all of our own they need, those that are needed first."""
    order: list[str] = []

    def add(name: str) -> None:
        for one in own_dependencies(root, name):
            if one.ours and not one.extras:
                add(one.ours)
        if name not in order:
            order.append(name)

    for name in sorted(names, key=lambda one: (one == "cli", one == "testing", one)):
        add(name)
    return order


def build(root: Path, names: Sequence[str], folder: Path) -> Iterator[str]:
    """Builds wheels and source distributions, and writes what belongs beside them."""
    try:
        epoch = Repository.at(root).ask("log", "-1", "--format=%ct")
    except GitError as error:
        yield str(error)
        return
    environment = os.environ | {"SOURCE_DATE_EPOCH": epoch or "0"}
    for name in names:
        source = root / "overlays" / name
        command = [
            sys.executable,
            "-m",
            "build",
            "--no-isolation",
            "--outdir",
            str(folder),
            str(source),
        ]
        done = subprocess.run(  # noqa: S603
            command, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            yield f"{name} does not build: {said[-1] if said else 'no message'}"
            return
    try:
        write_evidence(root, folder, names)
    except (ContentsError, SbomError) as error:
        yield str(error)


def metadata(root: Path, name: str, folder: Path) -> Iterator[str]:
    """The metadata of a built wheel can be published."""
    try:
        wheel = artifacts_of(root, name, folder)[0]
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            (path,) = (n for n in names if n.endswith(".dist-info/METADATA"))
            raw = archive.read(path)
            typed = any(n.endswith("/py.typed") for n in names)
            licenses = [n for n in names if ".dist-info/licenses/" in n]
    except (ContentsError, zipfile.BadZipFile, ValueError) as error:
        yield str(error)
        return
    expected = (project_name(root, name), str(current_version(root, name)))
    for problem in metadata_problems(raw, *expected):
        yield f"{wheel.name}: {problem}"
    if not licenses:
        yield f"{wheel.name}: holds no licence file"
    if not typed:
        yield f"{wheel.name}: holds no py.typed, so its types would not be used"


def metadata_problems(raw: bytes, name: str, version: str) -> Iterator[str]:
    """What an index would refuse, or show badly.

    Args:
        raw: The file METADATA.
        name: The distribution's name.
        version: Its version.
    """
    from packaging.metadata import InvalidMetadata, Metadata

    try:
        found = Metadata.from_email(raw, validate=True)
    except ExceptionGroup as group:
        for error in group.exceptions:
            field = f"{error.field}: " if isinstance(error, InvalidMetadata) else ""
            yield f"{field}{error}"
        return
    if (found.name, str(found.version)) != (name, version):
        yield f"is {found.name} {found.version}, not {name} {version}"
    if not (found.description or "").strip():
        yield "has no description"
    elif not (found.description_content_type or "").startswith("text/markdown"):
        yield "does not say that its description is Markdown"
    for field in ("summary", "license_expression", "requires_python"):
        if not getattr(found, field):
            yield f"has no {field.replace('_', '-')}"


def install(root: Path, name: str, folder: Path, place: Path) -> Iterator[str]:
    """A wheel installs into an empty environment, by its path, and imports."""
    needed = [artifacts_of(root, one, folder)[0] for one in in_order(root, [name])]
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    steps = (
        ("makes no environment", [sys.executable, "-m", "venv", "--clear", str(place)]),
        ("does not install", [
            str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            *map(str, needed),
        ]),
        ("does not import", [str(python), "-I", "-W", "error", "-c", f"import deviceclouds.{name}"]),
    )  # fmt: skip
    for told, command in steps:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            yield f"{needed[-1].name} {told}: {said[-1] if said else 'no message'}"
            return
