"""The Console's error codes, from codes.tsv: those the sandbox uses, and those for requests that are faulty."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from ...calls import Refusal

if TYPE_CHECKING:
    from ...._operations import Operation
    from ...._problems import Problem

__all__ = ["BAD_REQUEST", "SIGNED_OUT", "code_of", "cursor_code", "refuse", "usual_code"]

BAD_REQUEST = "E.SC.API.0000006"
SIGNED_OUT = "E.SC.API.0000002"
NOT_FOUND = "E.SC.API.0000013"
NOT_JSON = "E.SC.API.0091001"
NOT_SUPPORTED = "E.SC.API.0000016"
INVALID = "E.SC.API.0000008"

_USUAL = {
    HTTPStatus.BAD_REQUEST: BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED: SIGNED_OUT,
    HTTPStatus.NOT_FOUND: NOT_FOUND,
}


class _Codes(NamedTuple):
    known: dict[str, tuple[int, str]]
    """Status and message of each code."""
    faults: dict[str, str]
    """Code of each fault of a request."""


@cache
def _codes() -> _Codes:
    text = files(__name__.rpartition(".")[0]).joinpath("codes.tsv").read_text(encoding="utf-8")
    found = _Codes({}, {})
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        code, status, message, *uses = line.split("\t")
        found.known[code] = int(status), message
        found.faults.update((use, code) for part in uses for use in part.split("; "))
    return found


def refuse(code: str, message: str | None = None) -> Refusal:
    """A refusal with a code.

    Args:
        code: As in ``E.SC.API.0000006``.
        message: Words in place of those listed with the code.
    """
    status, words = _codes().known[code]
    return Refusal(status, message or words, code=code)


def usual_code(status: int) -> str:
    """The code that all operations share for a status."""
    return _USUAL.get(HTTPStatus(status), BAD_REQUEST)


def cursor_code(operation_id: str) -> str:
    """The code for a ``starting_after`` that is none of ours."""
    return _codes().faults.get(f"{operation_id} cursor", BAD_REQUEST)


def code_of(operation: Operation | None, status: int, problem: Problem) -> str | None:
    """The code for a request that breaks the specification; None where none is documented.

    Args:
        operation: What was called; None where there is no such route.
        status: What would be answered.
        problem: What is wrong.
    """
    if operation is None or status != HTTPStatus.BAD_REQUEST:
        return _USUAL[HTTPStatus(status)] if status in (401, 404) else None
    kind = "missing" if problem.rule == "required" else "invalid"
    name = problem.location.replace("body/", "body.", 1).partition(".")[2].partition("/")[0]
    own = _codes().faults.get(f"{operation.id} {kind} {name}")
    if own is not None:
        return own
    # Two statuses are documented for bad input, without a word on which is for what: 422 for values, 400 for the rest.
    if problem.rule == "json":
        return NOT_JSON
    if problem.rule == "content-type" and "415" in operation.responses:
        return NOT_SUPPORTED
    if name and problem.rule != "undocumented" and "422" in operation.responses:
        return INVALID
    return BAD_REQUEST
