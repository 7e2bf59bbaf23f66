"""`python -m codegen.release evidence FOLDER` and `python -m codegen.release dry-run [DISTRIBUTION ...]`."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from codegen.release.contents import ContentsError
from codegen.release.evidence import write_evidence
from codegen.release.sbom import SbomError
from codegen.release.versions import VersionError, distributions

ROOT = Path(__file__).resolve().parents[2]


def main(argv: list[str] | None = None) -> int:
    """0 when all is there, 1 when something is missing, 2 for a usage error."""
    parser = argparse.ArgumentParser(prog="python -m codegen.release")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    subs = parser.add_subparsers(dest="command", required=True)
    command = subs.add_parser("evidence", help="write contents lists and bills of materials")
    command.add_argument("folder", type=Path, help="where all distributions were built")
    command = subs.add_parser("dry-run", help="say what a release would be, and what is missing")
    command.add_argument(
        "--no-install", action="store_true", help="leave out the empty environments"
    )
    command.add_argument("distributions", nargs="*", help="folders of overlays/; all if left out")
    options = parser.parse_args(argv)
    try:
        if options.command == "evidence":
            return _evidence(options.root, options.folder)
        from codegen.release.dry_run import dry_run

        names, install = options.distributions, not options.no_install
        today = dt.datetime.now(dt.UTC).date()
        return 0 if dry_run(options.root, names, today=today, say=print, install=install) else 1
    except (ContentsError, SbomError, VersionError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _evidence(root: Path, folder: Path) -> int:
    written = write_evidence(root, folder, distributions(root))
    lists = sum(path.name.endswith(".contents.json") for path in written)
    print(f"{lists} contents lists, {len(written) - lists} bills of materials; none is signed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
