"""`python -m codegen.surface [--check] [DISTRIBUTION ...]`: writes or compares ``overlays/*/api.md``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from codegen.release.versions import VersionError
from codegen.surface.command import write_pages
from codegen.surface.loading import SurfaceError

ROOT = Path(__file__).resolve().parents[2]


def main(argv: list[str] | None = None) -> int:
    """0 means every page is current, 1 that one is not or cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m codegen.surface")
    parser.add_argument(
        "--check", action="store_true", help="fail on a byte of difference, write nothing"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("distributions", nargs="*", help="which distributions; all if left out")
    options = parser.parse_args(argv)
    try:
        done = write_pages(options.root, options.distributions, check=options.check, say=print)
    except (SurfaceError, VersionError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
