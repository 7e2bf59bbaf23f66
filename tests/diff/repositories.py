"""Small git repositories with one vendor, as a maintainer's clone would be."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from .cases import base, put

VENDOR = "lamps"
SPEC = f"specs/{VENDOR}/openapi.yaml"
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git command here")
_PROJECT = '[project]\nname = "deviceclouds-{vendor}"\nversion = "{version}"\n'


def git(root: Path, *arguments: str) -> str:
    """What a git command prints, run without anybody's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    people = {
        f"GIT_{who}_{what}": f"{what}@example.com".lower()
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],
        capture_output=True,
        check=True,
        env=kept | settings | people,
        text=True,
    )
    return done.stdout.strip()


def commit(root: Path, message: str) -> str:
    """The id of a commit of everything there is."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


def clone(root: Path, *vendors: str, version: str = "0.1.0", heading: str = "unreleased") -> Path:
    """A repository with the small document as the specification of some vendors, committed."""
    git_root = root
    git_root.mkdir(parents=True, exist_ok=True)
    git(git_root, "init", "--quiet", "--initial-branch", "main")
    for vendor in vendors or (VENDOR,):
        write(root, base(), vendor)
        overlay = root / "overlays" / vendor
        overlay.mkdir(parents=True)
        project = _PROJECT.format(vendor=vendor, version=version)
        (overlay / "pyproject.toml").write_text(project, encoding="utf-8")
        text = f"# Changelog\n\n## {version} ({heading})\n\n- First.\n"
        (overlay / "CHANGELOG.md").write_text(text, encoding="utf-8")
        stamp(root, vendor)
    commit(root, "first")
    return root


def write(root: Path, document: dict[str, Any], vendor: str = VENDOR) -> None:
    """Writes a vendor's specification."""
    path = root / "specs" / vendor / "openapi.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def edit(root: Path, at: str, value: Any, vendor: str = VENDOR) -> None:
    """Changes one place of a vendor's specification."""
    path = root / "specs" / vendor / "openapi.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    put(document, at, value)
    write(root, document, vendor)


def stamp(root: Path, vendor: str = VENDOR) -> None:
    """Says that the generated code is of this specification."""
    import hashlib

    content = (root / "specs" / vendor / "openapi.yaml").read_bytes()
    digest = hashlib.sha256(b"openapi.yaml" + content).hexdigest()
    path = root / "generated" / vendor / "generated.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'[made_from]\nspec_sha256 = "{digest}"\n', encoding="utf-8")
