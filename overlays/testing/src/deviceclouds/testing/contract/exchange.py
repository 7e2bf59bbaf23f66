"""One request with its reply, and what the specification says to both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .._check import check_request, check_response
from .renamed import renamed_fields
from .results import Finding, FindingKind

if TYPE_CHECKING:
    from .._problems import Problem
    from .._spec import Spec

__all__ = ["Exchange", "Judgement", "judge"]

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its reply, as they travelled. Its repr holds nothing of headers, query or bodies.

    Attributes:
        method: HTTP method.
        url: The whole URL, still percent-encoded.
        request_headers: Names and values.
        request_content: Body as sent.
        status: HTTP status; None where no reply came.
        headers: Of the reply.
        content: Body of the reply, decompressed; None where it is not known.
    """

    method: str
    url: str = field(repr=False)
    request_headers: Pairs = field(repr=False)
    request_content: bytes | None = field(repr=False)
    status: int | None
    headers: Pairs = field(repr=False, default_factory=list)
    content: bytes | None = field(repr=False, default=None)


class Judgement(NamedTuple):
    """The operation an exchange belongs to, None for none of the specification; and what differs."""

    operation_id: str | None
    findings: tuple[Finding, ...]


def judge(spec: Spec, exchange: Exchange, base_url: str | None = None) -> Judgement:
    """Checks a request and its reply.

    Args:
        spec: The specification.
        exchange: What travelled.
        base_url: The server's base URL, where the specification does not name the server.

    Returns:
        All findings, notes included.
    """
    asked = check_request(
        spec,
        exchange.method,
        exchange.url,
        headers=exchange.request_headers,
        content=exchange.request_content,
        base_url=base_url,
    )
    findings = [_finding("request", problem) for problem in asked.problems]
    if asked.operation_id is None:
        return Judgement(None, tuple(findings))
    if exchange.status is not None:
        said = check_response(
            spec,
            asked.operation_id,
            exchange.status,
            headers=exchange.headers,
            content=exchange.content,
        )
        answers = [_finding(_kind(problem), problem) for problem in said.problems]
        answers += [_finding("undocumented-field", note) for note in said.notes]
        if exchange.content is None:
            # A body that is not known is not an empty one.
            answers = [finding for finding in answers if not finding.location.startswith("body")]
        findings += answers
        gone = renamed_fields(
            spec, asked.operation_id, exchange.status, exchange.content, said.notes
        )
        findings += [_finding("schema", problem) for problem in gone]
    return Judgement(asked.operation_id, tuple(findings))


def _finding(kind: FindingKind, problem: Problem) -> Finding:
    return Finding(kind, problem.location, problem.message, problem.rule)


def _kind(problem: Problem) -> FindingKind:
    if problem.rule in ("status", "content-type"):
        return "status" if problem.rule == "status" else "content-type"
    return "header" if problem.location.startswith("header.") else "schema"
