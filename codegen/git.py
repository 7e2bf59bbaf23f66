"""Reading files of other revisions. Only git's own store is read: the work tree is never touched."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["GitError", "Repository"]


class GitError(Exception):
    """There is no git, no history, or no such revision; the message says which, and what to do."""


@dataclass(frozen=True)
class Repository:
    """A clone, and the git command that reads it."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> Repository:
        """The clone whose top folder is ``root``.

        Raises:
            GitError: There is no git command, ``root`` is no clone, or the clone has no commit.
        """
        repository = cls(root)
        top = repository.ask("rev-parse", "--show-toplevel")
        if top is None or not Path(top).samefile(root):
            raise GitError(
                f"{root} is not a git clone, so there is nothing to compare it with;"
                " clone the repository instead of downloading its files"
            )
        if repository.commit("HEAD") is None:
            raise GitError("the clone has no commit yet, so there is nothing to compare with")
        return repository

    def ask(self, *arguments: str) -> str | None:
        """What git prints, stripped; None if it fails.

        Raises:
            GitError: There is no git command.
        """
        done = self._run(*arguments)
        return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None

    def commit(self, revision: str) -> str | None:
        """The full id of the commit a revision names, None if there is none."""
        return self.ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )

    def short(self, commit: str) -> str:
        """A commit's short id."""
        return self.ask("rev-parse", "--short", commit) or commit[:9]

    @property
    def shallow(self) -> bool:
        """Whether the clone holds only the end of the history."""
        return self.ask("rev-parse", "--is-shallow-repository") == "true"

    def ahead_of(self, other: str) -> bool:
        """Whether HEAD has commits that ``other`` lacks."""
        return self.ask("rev-list", "--count", f"{other}..HEAD") not in (None, "0")

    def changed(self, *paths: str) -> bool:
        """Whether files of the work tree, new ones included, differ from HEAD."""
        return bool(self.ask("status", "--porcelain", "--untracked-files=all", "--", *paths))

    def uncommitted(self) -> list[str]:
        """Files of the work tree, new ones included, that differ from HEAD."""
        listed = self._run("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
        entries = listed.stdout.decode("utf-8", "replace").split("\0")
        return [entry[3:] for entry in entries if entry]

    def differs(self, commit: str, *paths: str) -> bool:
        """Whether files of the work tree, new ones included, differ from a commit."""
        done = self._run("diff", "--quiet", commit, "--", *paths)
        return done.returncode != 0 or self.changed(*paths)

    def read(self, commit: str, path: str) -> bytes | None:
        """A file as a commit has it, None if it has none of that name."""
        done = self._run("cat-file", "blob", f"{commit}:{path}")
        return done.stdout if done.returncode == 0 else None

    def files(self, commit: str, folder: str) -> list[str]:
        """Files below a folder as a commit has them, from the top folder."""
        listed = self.ask("ls-tree", "-r", "-z", "--name-only", commit, "--", f"{folder}/")
        return [name for name in (listed or "").split("\0") if name]

    def extract(self, commit: str, folders: Iterable[str], target: Path) -> None:
        """Writes folders as a commit has them below ``target``; those it lacks are left out."""
        there = [folder for folder in folders if self.files(commit, folder)]
        if not there:
            return
        # Not tar: Python 3.11.0 to 3.11.3 cannot unpack that safely.
        done = self._run("archive", "--format=zip", commit, "--", *there)
        if done.returncode != 0:
            raise GitError(f"git cannot read {commit[:9]}: {_first_line(done.stderr)}")
        with zipfile.ZipFile(io.BytesIO(done.stdout)) as archive:
            archive.extractall(target)

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603
                ["git", "-C", str(self.root), *arguments],  # noqa: S607
                capture_output=True,
                check=False,
                env=_environment(),
                stdin=subprocess.DEVNULL,
            )
        except FileNotFoundError as error:
            raise GitError("there is no git command; install git, then try again") from error


def _environment() -> dict[str, str]:
    # A hook sets GIT_DIR and the like, which would point elsewhere than at our root.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}


def _first_line(text: bytes) -> str:
    return (text.decode("utf-8", "replace").strip().splitlines() or ["no reason given"])[0]
