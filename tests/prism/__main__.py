"""``python -m tests.prism``: what Prism and our checks say of the same requests, and where they differ."""

# ruff: noqa: T201  # a program: it tells what it found

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import NamedTuple

from deviceclouds.testing import (
    MOUNTS,
    ExampleRequest,
    check_request,
    example_call,
    example_request,
    load_spec,
)

from tests.prism.reasons import REASONS
from tests.prism.servers import judge, served
from tests.testing.test_kit_bad_requests import CASES

PRISM = "npx --yes @stoplight/prism-cli@5.16.0"


class Judged(NamedTuple):
    """A request and both verdicts; ``status`` is Prism's."""

    name: str
    ours: bool
    theirs: bool
    status: int
    said: str


def main(argv: list[str] | None = None) -> int:
    """Compares; 0 if all verdicts are the same or the difference is explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.prism", description=__doc__)
    parser.add_argument("--prism", default=PRISM, help="the command; by default npx gets it")
    parser.add_argument("--all", action="store_true", help="show explained differences too")
    options = parser.parse_args(argv)
    wrong = seen = same = 0
    for vendor in sorted(MOUNTS):
        with served(options.prism, vendor) as port:
            for one in _compare(vendor, port):
                seen += 1
                same += one.ours == one.theirs
                reason = REASONS.get(one.name)
                unknown = one.ours != one.theirs and reason is None
                stale = one.ours == one.theirs and reason is not None
                wrong += unknown or stale
                if unknown or stale or (options.all and reason):
                    about = "no longer differs" if stale else reason or "UNEXPLAINED"
                    verdicts = "we accept it" if one.ours else "we refuse it"
                    print(f"{one.name}: {verdicts}, Prism says {one.status}: {about}")
                    if reason is None:
                        print(f"    {one.said}")
    print(
        f"{seen} requests, {same} verdicts the same, {seen - same} different, {wrong} unexplained"
    )
    return 1 if wrong else 0


def _compare(vendor: str, port: int) -> Iterator[Judged]:
    for name, request in _requests(vendor):
        ours = check_request(
            vendor, request.method, request.url, headers=request.headers, content=request.content
        )
        verdict = judge(port, request)
        yield Judged(name, ours.ok, verdict.status < 400, *verdict)


def _requests(vendor: str) -> Iterator[tuple[str, ExampleRequest]]:
    spec = load_spec(vendor)
    for operation in spec.operations:
        variants: list[str | None] = [*example_call(spec, operation).variants]
        for variant in variants or [None]:
            yield f"{vendor}.{operation}", example_request(spec, operation, variant)
    for case in CASES:
        if case.vendor == vendor:
            yield case.name, case.change(example_request(spec, case.operation))


if __name__ == "__main__":
    sys.exit(main())
