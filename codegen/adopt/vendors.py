"""Whether a file is of the vendor it was named for."""

from __future__ import annotations

from codegen.adopt.comparing import Comparison
from codegen.adopt.matching import count_matches
from codegen.compare import DocumentError, facts_of
from codegen.lint.document import SpecDocument

#: Below this share of the smaller file, the other vendors are looked at; below the other, the file is refused.
SURE = 0.5
LEAST = 0.2


def check_vendor(comparison: Comparison) -> None:
    """Raise `DocumentError` if the file has hardly an operation of this vendor, or more of another."""
    theirs = comparison.their_facts
    own = [place for place in comparison.ours.operations if not place.is_webhook]
    other = [place for place in theirs.operations() if not place.is_webhook]
    where = str(comparison.theirs.path)
    if not other:
        raise DocumentError("it has no operations", where=where, remedy="give the whole file")
    fitting = sum(pair.how == "path" for pair in comparison.matching.pairs)
    share = fitting / min(len(own), len(other))
    if share >= SURE:
        return
    best, count = "", fitting
    for path in sorted(comparison.ours.path.parent.parent.glob("*/openapi.yaml")):
        if path.parent.name != comparison.vendor:
            found = count_matches(facts_of(SpecDocument.load(path).data), theirs)
            if found > count:
                best, count = path.parent.name, found
    vendor, total = comparison.vendor, len(other)
    if best:
        raise DocumentError(
            f"it fits {best} ({count} of its {total} operations), not {vendor} ({fitting} of {total})",
            where=where,
            remedy=f"run `nox -s adopt -- {best} FILE`",
        )
    if share < LEAST:
        raise DocumentError(
            f"only {fitting} of its {total} operations are operations of {vendor}",
            where=where,
            remedy=f"check that the file is {vendor}'s, and of the API that specs/{vendor} describes",
        )
