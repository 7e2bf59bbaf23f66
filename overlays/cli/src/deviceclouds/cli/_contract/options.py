"""What the command line asks for, and what of it cannot be meant together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["ContractOptions", "Mode", "contradiction"]

Mode = Literal["offline", "plan", "live", "replay"]

NAMES = {
    "record": "--record",
    "only": "--only",
    "allow_writes": "--allow-writes",
    "input": "--input",
    "paths": "--path",
    "samples": "--samples",
    "pages": "--pages",
    "rate": "--rate",
    "base_url": "--base-url",
    "examples": "--examples",
    "seed": "--seed",
    "junit": "--junit",
    "json": "--json",
    "markdown": "--markdown",
    "strict": "--strict",
}

REPORTS = {"junit", "json", "markdown", "strict"}

SUITS: dict[Mode, set[str]] = {
    "offline": {"only", "examples", "seed", *REPORTS},
    "plan": {"only", "allow_writes", "input", "paths", "samples", "pages"},
    "live": {
        *("record", "only", "allow_writes", "input", "paths", "samples", "pages", "rate"),
        "base_url",
        *REPORTS,
    },
    "replay": {"base_url", *REPORTS},
}
"""Options that mean something in each mode."""

WORDS: dict[Mode, str] = {
    "offline": "the check of the client, which calls no cloud; add --live",
    "plan": "--plan, which sends nothing; give it with --live alone",
    "live": "--live; leave it out",
    "replay": "--replay, which reads a file; leave it out",
}
"""End of the sentence ``NAME means nothing to ...``."""


@dataclass(frozen=True, slots=True)
class ContractOptions:
    """What the command line says; see its help for the words. None: not given."""

    vendors: tuple[str, ...] = ()
    live: bool = False
    plan: bool = False
    record: str | None = None
    replay: str | None = None
    spec: str | None = None
    only: tuple[str, ...] = ()
    allow_writes: tuple[str, ...] = ()
    input: str | None = None
    paths: tuple[str, ...] = ()
    samples: int | None = None
    pages: int | None = None
    rate: float | None = None
    base_url: str | None = None
    examples: int | None = None
    seed: int | None = None
    junit: str | None = None
    json: str | None = None
    markdown: str | None = None
    strict: bool = False
    verbose: bool = False

    @property
    def mode(self) -> Mode:
        """What is run."""
        if self.replay is not None:
            return "replay"
        if self.plan:
            return "plan"
        return "live" if self.live else "offline"


def contradiction(options: ContractOptions) -> str | None:
    """The first thing that cannot be meant, as one sentence with a remedy; None where all is well."""
    return next(_contradictions(options), None)


def _contradictions(options: ContractOptions) -> Iterator[str]:
    if options.replay is not None and (options.live or options.plan):
        other = "--live" if options.live else "--plan"
        yield f"--replay reads recorded traffic and {other} is about a cloud: give one of them."
    single = {
        "--live": options.live,
        "--plan": options.plan,
        "--replay": options.replay,
        "--spec": options.spec,
    }
    for option, given in single.items():
        if given and len(options.vendors) != 1:
            count = "names no cloud" if not options.vendors else f"names {len(options.vendors)}"
            yield f"{option} is for one cloud and the command {count}: deviceclouds contract VENDOR {option}."
    for name, option in NAMES.items():
        if _given(getattr(options, name)) and name not in SUITS[options.mode]:
            if options.mode == "plan" and name == "rate":
                continue
            yield f"{option} means nothing to {_words(options.mode, name)}."
    to_stdout = [
        f"--{name}" for name in ("junit", "json", "markdown") if getattr(options, name) == "-"
    ]
    if len(to_stdout) > 1:
        yield f"{' and '.join(to_stdout)} cannot both go to standard output: name a file for one of them."
    if options.record == "-":
        yield "--record needs the name of a file; a recording is not written to standard output."


def _words(mode: Mode, name: str) -> str:
    # Live options without --live are the likeliest slip; the others cannot be helped by it.
    if mode == "offline" and name not in SUITS["live"]:
        return "this check; leave it out"
    return WORDS[mode]


def _given(value: object) -> bool:
    return value is not None and value is not False and value != ()
