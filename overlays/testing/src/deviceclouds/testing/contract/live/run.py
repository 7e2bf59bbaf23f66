"""A cloud against its specification: the steps of a plan, called through the real client, each reply judged."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..names import client_names
from ..results import OperationResult, Report
from ..specs import api_version, spec_sha256
from .evidence import moves_that_answered, proposals_for, source_block
from .verdict import Verdict

if TYPE_CHECKING:
    import httpx2
    from deviceclouds.runtime._clock import Clock

    from ..exchange import Exchange
    from .moves import Move
    from .plan import Plan
    from .session import Session

__all__ = ["EXIT_INTERRUPTED", "run_live"]

EXIT_INTERRUPTED = 130
"""Exit status of a run that was interrupted, as shells have it."""


def run_live(
    plan: Plan,
    *,
    environment: Mapping[str, str] = os.environ,
    base_url: str | None = None,
    transport: httpx2.BaseTransport | None = None,
    rate: float = 2.0,
    on_exchange: Callable[[Exchange], None] | None = None,
    on_step: Callable[[OperationResult], None] | None = None,
    clock: Clock | None = None,
    client_options: Mapping[str, Any] | None = None,
) -> Report:
    """Calls what a plan says, through the vendor's own client, and nothing else.

    Nothing leaves that the plan does not have: a request that would is not sent and becomes a finding. Redirects and
    links in replies are not followed. A call is not tried again, but for a new token or, once, where the cloud asks to
    wait for up to a minute (429 with Retry-After).

    Args:
        plan: What :func:`.planning.plan_live` gave.
        environment: Where credentials come from, by the names that the client's ``from_env`` reads.
        base_url: Another address of the API.
        transport: What sends, for tests; it stays open.
        rate: Requests a second, sign-ins included.
        on_exchange: Gets each request with its reply, sign-ins excepted.
        on_step: Gets what is known of an operation when it was called.
        clock: Paces the requests; the machine's if left out.
        client_options: Arguments of the client's constructor, credentials for example; they win over the environment.

    Returns:
        A report with all operations. A run that is interrupted (Ctrl-C) gives the report of what was done, with
        ``failure`` (130, ...).

    Raises:
        ContractRunError: There are no credentials, or settings that cannot work. Nothing was sent.
    """
    from deviceclouds.runtime import UnverifiedOperationWarning

    from .session import Session

    session = Session(
        plan,
        environment=environment,
        base_url=base_url,
        transport=transport,
        rate=rate,
        on_exchange=on_exchange,
        on_step=on_step,
        clock=clock,
        client_options=client_options or {},
    )
    started = datetime.now(UTC)
    failure: tuple[int, str] | None = None
    with warnings.catch_warnings():
        # That an operation is a guess is why it is called here.
        warnings.simplefilter("ignore", UnverifiedOperationWarning)
        try:
            with session:
                failure = session.run()
        except KeyboardInterrupt:
            failure = (EXIT_INTERRUPTED, "interrupted: the report has what was done before")
    return _report(plan, session, started, failure)


def _report(
    plan: Plan, session: Session, started: datetime, failure: tuple[int, str] | None
) -> Report:
    results = tuple(_results(plan, session))
    parts = urlsplit(session.base_url)
    target = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    proposals = proposals_for(results, started.date(), plan.moves, session.empty)
    remarks = [
        f"{session.sent} of at most {plan.most_requests} requests were sent",
        *session.remarks,
    ]
    doubt = _doubt(session)
    if doubt:
        remarks.append(doubt + _other_path(plan, session.base_url))
    known = session.base_url in plan.spec.bases
    remarks += [_found(move, known) for move in moves_that_answered(results, plan.moves)]
    if proposals and not known:
        # The sandbox is made from the specification: it can confirm nothing.
        proposals = ()
        remarks.append(f"no evidence is proposed: {target} is no server of the specification")
    elif proposals:
        block = source_block(target, started.date())
        remarks.append(f"the proposals need this in source.toml:\n{block}")
    return Report(
        vendor=plan.vendor,
        mode="live",
        api_version=api_version(plan.spec),
        spec_sha256=spec_sha256(plan.original or plan.spec),
        target=target,
        started=started.isoformat(timespec="seconds"),
        results=results,
        proposals=proposals,
        remarks=tuple(remarks),
        failure=failure,
    )


def _found(move: Move, known: bool) -> str:
    """What to make of an operation that answered at a place that was given."""
    said = f"{move.operation_id} answered as the specification says, but at {move.route}"
    if not known:
        return f"{said}, the path that was given"
    return f"{said}: its place there, {move.before}, which this run did not try, should be changed to it"


def _doubt(session: Session) -> str:
    """Why the address is to be doubted, not each operation; "" where something was found."""
    # A path that was given may be what is wrong there.
    seen = [v for v in session.verdicts.values() if v.answered and not v.moved]
    if not any(verdict.fixed for verdict in seen):
        return ""
    if all(verdict.not_there for verdict in seen):
        statuses = sorted({status for verdict in seen for status in verdict.statuses})
        listed = " or ".join(map(str, statuses))
        return f"every call was answered with {listed}, so the address itself may be wrong"
    if all(verdict.no_data for verdict in seen):
        return "no call was answered with data, so the address may be that of something else, such as a web page"
    return ""


def _other_path(plan: Plan, base_url: str) -> str:
    path = urlsplit(base_url).path or "/"
    known = [urlsplit(base).path or "/" for base in plan.spec.bases]
    if not known or path in known:
        return ""
    return f": its path is {path}, that of the specification's server {known[0]}"


def _results(plan: Plan, session: Session) -> Iterator[OperationResult]:
    names = client_names(plan.vendor, plan.spec)
    reasons, located = dict(plan.skipped), session.located
    for operation in plan.spec.operations.values():
        verdict = session.verdicts.get(operation.id)
        if verdict is None:
            verdict = Verdict(operation, names.get(operation.id, operation.id))
            verdict.explain(reasons.get(operation.id, "the run ended before"))
        yield verdict.result(located=located)
