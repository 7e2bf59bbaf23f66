"""Lays a second opinion beside ours: where it is stricter, and whether we know why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codegen.diff.changes import Change
from codegen.diff.kinds import Rating
from codegen.diff.second_opinion import Verdict

__all__ = ["DISAGREEMENTS", "ERROR_BODY", "Stricter", "stricter"]

#: Kinds that Redocly may rate higher than we do, and why we stay with ours.
DISAGREEMENTS = {
    "operation-respelled": "It rates any change of `operationId`; our method keeps its name.",
    "guessed-place-corrected": "It does not know that the old place was marked as a guess.",
    "webhook-answer-changed": "It rates a new status as something to handle; here it is we who answer.",
    "parameter-respelled": "It looks at the wire; the argument of our method keeps its name.",
    "property-respelled": "It looks at the wire; the attribute of our model keeps its name.",
    "serialization-changed": "It thinks of clients written by hand; ours follows, callers give the same value.",
    "success-status-changed": "It takes a status for another reply; our method returns the same for any 2xx.",
    "error-status-added": "It rates a new status as something to handle; ours raises the same error, listed or not.",
    "error-status-removed": "It misses the status; ours raises errors that are not listed, too.",
    "null-allowed-where-optional": "It rates null in a reply; our optional fields are `T | None | Unset` anyway.",
    "format-noted": "It rates any format as a limit; ours checks only those that have a Python type.",
    "enum-value-added": "It fears clients that refuse unknown values of a reply; ours keeps them.",
    "limit-loosened": "It fears clients that check replies; ours reads whatever comes.",
    "limit-tightened": "It rates a limit in both directions; a stricter reply is a promise more.",
    "rule-changed": "It fears clients that check replies; ours reads whatever comes.",
    "link-changed": "It rates a link as something new to use; only our contract runs use links.",
    "extension-changed": "It rates any new `x-` key as something new; the client does not read this one.",
    "read-only-changed": "It rates any new `x-` key as something new; only contract runs read this one.",
    "timeout-changed": "It rates any new `x-` key as something new; callers see no difference.",
    "secret-added": "It rates any new `x-` key as something new; the value is hidden, and keeps its type.",
    "unknown-fields-changed": "It rates any new `x-` key as something new; unknown fields are kept either way.",
    "retries-forbidden": "It rates any new `x-` key as something new; this one takes something away.",
    "evidence-lowered": "It rates any new `x-` key as something new; only documentation changes.",
    "evidence-reworded": "It rates any new `x-` key as something new; only documentation changes.",
    "words-changed": "It rates new examples as something new; only documentation changes.",
    "detail-changed": "It rates a keyword the client does not act on.",
}
#: For changes of any kind in the body of an error.
ERROR_BODY = "It rates bodies of errors like replies; ours raises by status and never reads them into models."


@dataclass(frozen=True)
class Stricter:
    """Where the second opinion is higher than ours."""

    verdict: Verdict
    ours: Rating | None
    """Our rating of the same place; None where we told nothing."""
    reason: str
    """Why we know that and stay with ours; empty where we do not know."""


def stricter(changes: Sequence[Change], verdicts: Iterable[Verdict]) -> list[Stricter]:
    """What Redocly rates higher than we do, each rule once a place; unexplained ones first."""
    found: dict[tuple[str, str], Stricter] = {}
    for verdict in verdicts:
        about = _about(changes, verdict.pointer)
        ours = max((change.rating for change in about), default=None)
        # A place that came on its own is minor to Redocly even where nothing is told of it.
        if ours is not None and verdict.rating <= ours:
            continue
        if ours is None and verdict.rating is Rating.FIX:
            continue
        found.setdefault((verdict.rule, verdict.pointer), Stricter(verdict, ours, _reason(about)))
    return sorted(found.values(), key=lambda one: bool(one.reason))


def _about(changes: Sequence[Change], pointer: str) -> list[Change]:
    """Changes of this place: what is said nearest around it, else everything below it."""
    around = [
        (len(home), change)
        for change in changes
        for home in change.homes
        if home and _within(pointer, home)
    ]
    if around:
        nearest = max(length for length, _ in around)
        return [change for length, change in around if length == nearest]
    # A property that came as a required one is told at the property, by Redocly also at its object.
    below = pointer.removesuffix("/required")
    return [c for c in changes if any(home and _within(home, below) for home in c.homes)]


def _within(pointer: str, home: str) -> bool:
    return pointer == home or pointer.startswith(f"{home}/")


def _reason(about: Sequence[Change]) -> str:
    for change in about:
        if change.ways == ["error"] and change.kind not in DISAGREEMENTS:
            return ERROR_BODY
        if change.kind in DISAGREEMENTS:
            return DISAGREEMENTS[change.kind]
    return ""
