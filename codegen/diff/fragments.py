"""Changelog fragments: what changed in a specification, in words a maintainer may edit.

The name of a fragment holds a hash of what was written, so that one somebody edited is never written over.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from codegen.diff.changes import MOST
from codegen.diff.grouping import lines_of
from codegen.diff.kinds import Rating
from codegen.diff.reports import VendorReport
from codegen.files import write_whole
from codegen.git import Repository

__all__ = ["Written", "folder_of", "fragments_since", "write_fragments"]

_NAME = re.compile(r"\+spec-(?P<hash>[0-9a-f]{8})\.(?P<type>breaking|feature|fix)\.md")
_ANY = re.compile(r"[^.].*\.(?P<type>breaking|feature|fix)(\.\d+)?\.md")


State: TypeAlias = Literal[
    "written",
    "there already",
    "edited, left as it is",
    "edited, left as it is; what changed is not what it was written for, so see that it says all",
    "no longer true, removed",
]


@dataclass(frozen=True)
class Written:
    """What became of one fragment."""

    path: str
    state: State


def folder_of(vendor: str) -> str:
    """Where the fragments of a vendor lie, from the top folder."""
    return f"overlays/{vendor}/changelog.d"


def fragments_since(repository: Repository, commit: str, vendor: str) -> dict[str, Rating]:
    """Fragments of the work tree that a commit lacks, or has otherwise, with what they are about."""
    found = {}
    for path in sorted((repository.root / folder_of(vendor)).glob("*.md")):
        match = _ANY.fullmatch(path.name)
        name = f"{folder_of(vendor)}/{path.name}"
        if match and repository.read(commit, name) != path.read_bytes():
            found[path.name] = Rating[match["type"].upper()]
    return found


def write_fragments(repository: Repository, report: VendorReport) -> list[Written]:
    """Writes a fragment for each rating there are changes of.

    A fragment written before and not edited since is replaced; one that was edited, or that the base has already,
    stays as it is.
    """
    folder = repository.root / folder_of(report.vendor)
    ours = [
        name
        for name in fragments_since(repository, report.base.commit, report.vendor)
        if _NAME.fullmatch(name)
    ]
    done: list[Written] = []
    for rating in reversed(Rating):
        text = "".join(f"{line}\n" for line in _lines(report, rating))
        own = [name for name in ours if name.endswith(f".{rating.word}.md")]
        edited = [name for name in own if not _untouched(folder / name)]
        if edited:
            done += [_said(report, name, _of_edited(name, text)) for name in edited]
            continue
        name = f"+spec-{_hash(text)}.{rating.word}.md" if text else ""
        if name and name not in own:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, text)
        if name:
            done.append(_said(report, name, "there already" if name in own else "written"))
        for stale in own:
            if stale != name:
                (folder / stale).unlink()
                done.append(_said(report, stale, "no longer true, removed"))
    return done


def _lines(report: VendorReport, rating: Rating) -> Iterator[str]:
    for line in lines_of(report.changes, rating):
        yield f"{_begun(line)}."
    # What the specification says is said; these are what only the Python surface shows.
    said = max((change.rating for change in report.changes), default=Rating.BREAKING)
    if report.changes and (rating is Rating.BREAKING or rating > said):
        sentences = [c.sentence.rstrip(".") for c in report.surface if c.rating == rating.word]
        for number, sentence in enumerate(sentences[:MOST]):
            yield f"{'' if number else 'In Python: '}{sentence}."
        if len(sentences) > MOST:
            yield f"{len(sentences) - MOST} more changed likewise."


def _begun(line: str) -> str:
    """With a capital letter, unless it begins with a name from the code."""
    first = line.split(maxsplit=1)[0]
    return line if "." in first or "_" in first else f"{line[:1].upper()}{line[1:]}"


def _said(
    report: VendorReport,
    name: str,
    state: State,
) -> Written:
    return Written(f"{folder_of(report.vendor)}/{name}", state)


def _of_edited(name: str, text: str) -> State:
    match = _NAME.fullmatch(name)
    if match is not None and _hash(text) == match["hash"]:
        return "edited, left as it is"
    return "edited, left as it is; what changed is not what it was written for, so see that it says all"


def _untouched(path: Path) -> bool:
    match = _NAME.fullmatch(path.name)
    text = path.read_text(encoding="utf-8")
    return match is not None and _hash(text) == match["hash"]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
