"""`python -m codegen regenerate [--check] [vendor ...]`: what `nox -s regenerate` runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from codegen.generate.regenerate import RegenerationError, regenerate

ROOT = Path(__file__).resolve().parents[1]


def main(argv: list[str] | None = None) -> int:
    """Runs a command; 0 is success, 1 means stale or refused, 2 a usage error."""
    parser = argparse.ArgumentParser(prog="python -m codegen")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("regenerate", help="make generated/ from specs/")
    command.add_argument(
        "--check", action="store_true", help="fail on a byte of difference, write nothing"
    )
    command.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    command.add_argument("vendors", nargs="*", help="which vendors; all if left out")
    options = parser.parse_args(argv)
    try:
        done = regenerate(options.root, options.vendors, check=options.check, say=print)
    except RegenerationError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
