"""`python -m codegen.diff [REV] [VENDOR ...]` is what `nox -s diff` runs, with `--check` a part of `nox -s lint`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from codegen.diff.command import UsageError, check, diff, say_after_regeneration
from codegen.diff.reports import SpecError
from codegen.diff.second_opinion import Redocly, SecondOpinionError
from codegen.diff.table import table
from codegen.git import GitError
from codegen.release.versions import VersionError

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0 is success, 1 means that something is missing or cannot be read, 2 a usage error."""
    parser = argparse.ArgumentParser(prog="python -m codegen.diff", add_help=False)
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--after-regeneration", action="store_true")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--install-redocly", type=Path)
    own, rest = parser.parse_known_args(sys.argv[1:] if arguments is None else arguments)
    if own.table:
        print(table(), end="")
        return 0
    try:
        if own.install_redocly:
            return _install(own.install_redocly)
        if own.check:
            return 0 if check(own.root, rest, print) else 1
        if own.after_regeneration:
            say_after_regeneration(own.root, rest, print)
            return 0
        return diff(own.root, rest, print)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except (GitError, SpecError, VersionError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _install(folder: Path) -> int:
    """Where Redocly cannot be had, what needs it says so and goes on."""
    try:
        Redocly.installed(folder)
    except SecondOpinionError as error:
        print(f"without a second opinion: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
