"""`python -m codegen.docs`: lays out in ``.docs/`` what the site is built from; ``nox -s docs`` then builds it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .offline import loaded_from_elsewhere
from .repository import DeadLinkError
from .stage import stage

ROOT = Path(__file__).resolve().parents[2]


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 0 is success, 1 means a dead link, or a site that loads something from another host."""
    parser = argparse.ArgumentParser(prog="python -m codegen.docs", description=__doc__)
    parser.add_argument("--preview", action="store_true", help="lay out anew when files change")
    parser.add_argument("--offline", type=Path, help="only look what this finished site loads")
    options = parser.parse_args(argv)
    if options.offline:
        elsewhere = loaded_from_elsewhere(options.offline)
        print("\n".join(elsewhere) or "The site loads nothing from other hosts.")
        return 1 if elsewhere else 0
    try:
        count = stage(ROOT, ROOT / ".docs", preview=options.preview)
    except DeadLinkError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{count} pages in .docs/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
