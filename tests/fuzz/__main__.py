"""``python -m tests.fuzz``: schemathesis sends what it can think of to the sandbox, by the specifications."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deviceclouds.testing import MOUNTS, Sandbox

ROOT = Path(__file__).resolve().parents[2]
CHECKS = (
    "not_a_server_error,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)
TOKENS = {"proglove": "demo"}  # the others want a word before it


def main(argv: list[str] | None = None) -> int:
    """Fuzzes the vendors one after the other; 0 if nothing was found."""
    options = _parse(argv)
    vendors = options.vendor or sorted(MOUNTS)
    found = []
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for vendor in vendors:
            with Sandbox([vendor], size=0.05, rate_limits=False) as sandbox:
                server = sandbox.serve()
                address = server.base_url(vendor)
                code = _run(vendor, address, options.seconds / len(vendors), options, Path(folder))
                problems = list(sandbox.world.own_problems)
                print(f"{vendor}: {len(sandbox.journal)} of the latest requests kept", flush=True)
            for problem in problems:
                print("reply of the sandbox that breaks the specification:", *problem)
            if code or problems:
                found.append(vendor)
    print("found something in:", ", ".join(found) or "none")
    return 1 if found else 0


def _run(
    vendor: str, address: str, seconds: float, options: argparse.Namespace, folder: Path
) -> int:
    token = TOKENS.get(vendor, "Bearer demo")
    command = [
        str(Path(sys.executable).parent / ("st.exe" if sys.platform == "win32" else "st")),
        "run",
        str(ROOT / "specs" / vendor / "openapi.yaml"),
        f"--url={address}",
        f"--header=Authorization: {token}",
        f"--checks={CHECKS}",
        "--phases=examples,coverage,fuzzing,stateful",
        "--continue-on-failure",
        "--suppress-health-check=all",
        "--warnings=off",
        f"--max-time={max(1, round(seconds))}",
        f"--seed={options.seed}",
        "--no-color",
    ]
    # It keeps what it found in the working folder.
    work = folder / vendor
    work.mkdir()
    done = subprocess.run(command, cwd=work, check=False)
    shutil.rmtree(work, ignore_errors=True)
    return done.returncode


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("vendor", nargs="*", help="vendors; all if left out")
    parser.add_argument("--seconds", type=float, default=600, help="for all vendors together")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
