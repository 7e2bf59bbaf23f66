"""Changes told together: a kind that occurs often is one line, not fifty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from codegen.diff.changes import MOST, Change, several
from codegen.diff.kinds import Rating

__all__ = ["lines_of"]


def lines_of(changes: Iterable[Change], rating: Rating, *, most: int = MOST) -> Iterator[str]:
    """One line for each change of a rating, or one for all of a kind where they are many."""
    chosen = sorted((c for c in changes if c.rating is rating), key=lambda change: change.kind)
    for _, group in groupby(chosen, key=lambda change: change.kind):
        found = list(group)
        if len(found) <= most:
            yield from (change.line for change in found)
        else:
            subjects = list(dict.fromkeys(change.subject for change in found))
            if len(subjects) == 1:
                details = [change.detail for change in found if change.detail]
                yield f"{subjects[0]}: {several(details) or found[0].what}"
                continue
            verb = found[0].verb
            what = f" were {verb}" if verb else f": {found[0].what}"
            yield f"{several(subjects)}{what}"
