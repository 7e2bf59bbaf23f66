"""Changes told together: a kind that occurs often is one line, not fifty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from codegen.diff.changes import Change
from codegen.diff.kinds import Rating

__all__ = ["MOST", "lines_of", "several"]

#: So many changes of one kind are told one by one.
MOST = 3


def lines_of(changes: Iterable[Change], rating: Rating, *, most: int = MOST) -> Iterator[str]:
    """One line for each change of a rating, or one for all of a kind where they are many."""
    chosen = sorted((c for c in changes if c.rating is rating), key=lambda change: change.kind)
    for _, group in groupby(chosen, key=lambda change: change.kind):
        found = list(group)
        if len(found) <= most:
            yield from (change.line for change in found)
        else:
            subjects = list(dict.fromkeys(change.subject for change in found))
            verb = found[0].verb
            what = f" were {verb}" if verb else f": {found[0].what}"
            yield f"{several(subjects)}{what}"


def several(names: list[str], most: int = MOST) -> str:
    """`a, b, c and 5 more`."""
    shown, more = names[:most], len(names) - most
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
