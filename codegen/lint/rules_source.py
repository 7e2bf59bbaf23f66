"""`source.toml`, the list of sources beside a spec."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from codegen.lint.document import SpecDocument
from codegen.lint.report import Problem

KINDS = frozenset(
    {"vendor-document", "vendor-page", "public-code", "public-spec", "deduction", "live-run"}
)
FILE = "source.toml"


def read_sources(doc: SpecDocument) -> dict[str, Any]:
    """Return the parsed `source.toml`; empty where it is absent or broken."""
    try:
        return tomllib.loads((doc.path.parent / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def source_keys(doc: SpecDocument) -> set[str]:
    """Return the keys that `x-evidence.source` may name."""
    sources = read_sources(doc).get("sources")
    return set(sources) if isinstance(sources, dict) else set()


def check_source(doc: SpecDocument) -> Iterator[Problem]:
    """The file exists, names its vendor, version and sources, and agrees with the spec."""
    path = doc.path.parent / FILE
    data = read_sources(doc)

    def problem(message: str, line: int = 1) -> Problem:
        return Problem(path, line, "", "source", message)

    if not data:
        yield problem("the file is absent, empty or not TOML")
        return
    for key in ("vendor", "title", "api_version"):
        if not isinstance(data.get(key), str):
            yield problem(f"`{key}` is missing or not a string")
    if data.get("vendor") != doc.path.resolve().parent.name:
        yield problem(f"vendor {data.get('vendor')!r} is not the name of the folder")
    info = doc.data.get("info")
    version = info.get("version") if isinstance(info, dict) else None
    if data.get("api_version") != version:
        yield problem(f"api_version {data.get('api_version')!r} is not info.version {version!r}")
    if not source_keys(doc):
        yield problem("no [sources.<key>]")
    for key in sorted(source_keys(doc)):
        entry = data["sources"][key]
        if not isinstance(entry, dict) or entry.get("kind") not in KINDS:
            yield problem(f"sources.{key}: kind is none of {', '.join(sorted(KINDS))}")


RULES = (check_source,)
