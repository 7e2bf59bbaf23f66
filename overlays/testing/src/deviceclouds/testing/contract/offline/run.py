"""Our own client against a specification, without any network: what it sends, and how it reads the replies."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..names import operation_named
from ..results import OperationResult, Report
from ..specs import api_version, bundled_spec, spec_sha256

if TYPE_CHECKING:
    from ..._spec import Spec
    from .inputs import Input

__all__ = ["run_offline"]

OnStep = Callable[[OperationResult], None]

_NO_SCHEMATHESIS = (
    "inputs are the specification's examples and boundary values only; for generated ones install the extra [contract]"
    " of deviceclouds-testing"
)
_OTHER_SPEC = (
    "the sandbox follows the specification that deviceclouds-testing was made with, so replies that differ from the"
    " one given are differences between the two specifications"
)


def run_offline(
    vendor: str,
    *,
    spec: Spec | None = None,
    examples: int = 8,
    seed: int = 1,
    only: Iterable[str] = (),
    on_step: OnStep | None = None,
) -> Report:
    """Checks a vendor's client against a specification, in this process.

    Every operation is called with the specification's examples, with boundary values and with generated inputs. Each
    request must be valid and hold exactly what was given, each reply must be readable. Then the live plan runs against
    the sandbox.

    Args:
        vendor: Name of the vendor.
        spec: Another specification than the client was made from, for example a newer one.
        examples: Generated inputs for each operation.
        seed: The same seed gives the same inputs.
        only: Operations to call (operationId, or namespace and method); all if left out.
        on_step: Called with what was found of an operation once the client has called it; the report may know more.

    Raises:
        ContractRunError: There is no such vendor or operation, or its client is not installed.
    """
    known = bundled_spec(vendor)
    spec = spec or known
    wanted = _wanted(vendor, spec, only)
    started = datetime.now(UTC).isoformat(timespec="seconds")
    remarks: list[str] = []
    inputs = _inputs(spec, known, wanted, examples, seed, remarks)
    results = _client_results(vendor, spec, known, wanted, inputs, on_step)
    results = _with_sandbox(vendor, spec, wanted, results, remarks)
    if spec is not known:
        remarks.append(_OTHER_SPEC)
    return Report(
        vendor=vendor,
        mode="offline",
        api_version=api_version(spec),
        spec_sha256=spec_sha256(spec),
        target="in process",
        started=started,
        results=tuple(results),
        remarks=tuple(remarks),
    )


def _wanted(vendor: str, spec: Spec, only: Iterable[str]) -> list[str]:
    chosen = dict.fromkeys(operation_named(vendor, spec, name) for name in only)
    return list(chosen or spec.operations)


def _inputs(
    spec: Spec, known: Spec, wanted: list[str], examples: int, seed: int, remarks: list[str]
) -> dict[str, list[Input]]:
    from . import generation
    from .inputs import boundary_inputs, example_inputs, generated_inputs

    operations = [spec.operations[operation_id] for operation_id in wanted]
    found = {
        operation.id: example_inputs(spec, operation) + boundary_inputs(spec, operation)
        for operation in operations
    }
    if examples and not generation.available():
        remarks.append(_NO_SCHEMATHESIS)
    elif examples:
        drawn = generated_inputs(spec, operations, examples, seed)
        found = {key: inputs + drawn[key] for key, inputs in found.items()}
    return found


def _client_results(
    vendor: str,
    spec: Spec,
    known: Spec,
    wanted: list[str],
    inputs: dict[str, list[Input]],
    on_step: OnStep | None,
) -> list[OperationResult]:
    from deviceclouds.runtime import UnverifiedOperationWarning

    from ..names import client_names
    from .answering import boundary_answers
    from .calling import ClientRun
    from .inputs import boundary_inputs, covering, example_inputs
    from .tables import check_repeats, check_tables, check_walks

    run = ClientRun(vendor, spec)
    results: dict[str, OperationResult] = {}
    with warnings.catch_warnings():
        # Whoever checks the contract knows that it holds guesses.
        warnings.simplefilter("ignore", UnverifiedOperationWarning)
        for operation_id in wanted:
            run.call_all(operation_id, inputs[operation_id])
            if spec is not known and operation_id in known.operations:
                # What the client was made to send must still be valid.
                operation = known.operations[operation_id]
                stale = example_inputs(known, operation) + boundary_inputs(known, operation)
                run.call_all(operation_id, stale, compare=False)
            elif inputs[operation_id]:
                answers = boundary_answers(spec, spec.operations[operation_id])
                run.call_replies(operation_id, inputs[operation_id][0], answers)
            if on_step is not None:
                on_step(run.result(operation_id))
        run.call_async({key: covering(inputs[key]) for key in wanted})
        check_walks(run, wanted)
        check_repeats(run, wanted)
        if spec is known:
            check_tables(run, wanted, client_names(vendor, spec))
    for operation_id in spec.operations:
        results[operation_id] = (
            run.result(operation_id)
            if operation_id in wanted
            else run.skipped(operation_id, "not asked for")
        )
    if len(wanted) == len(spec.operations):
        results |= {result.operation_id: result for result in run.left_over()}
    return list(results.values())


def _with_sandbox(
    vendor: str,
    spec: Spec,
    wanted: list[str],
    results: list[OperationResult],
    remarks: list[str],
) -> list[OperationResult]:
    from ..live.planning import plan_live
    from .sandboxed import sandbox_report

    reads = {step.operation_id for step in plan_live(vendor, spec=spec).steps}
    called = [operation_id for operation_id in wanted if operation_id in reads]
    if not called:
        return results
    everything = len(wanted) == len(spec.operations)
    report = sandbox_report(vendor, spec, [] if everything else called)
    if report.failure is not None:
        remarks.append(f"the sandbox could not be called to the end: {report.failure[1]}")
    by_id = {r.operation_id: r for r in report.results if r.operation_id in called}
    return [_merged(result, by_id.get(result.operation_id)) for result in results]


def _merged(client: OperationResult, cloud: OperationResult | None) -> OperationResult:
    """One result of the two parts; what was not called in the second part is none the worse for it."""
    if cloud is None or cloud.outcome == "skipped":
        return client
    if client.outcome == "skipped":
        return cloud
    findings = tuple(dict.fromkeys((*client.findings, *cloud.findings)))
    outcome = client.outcome if client.outcome != "ok" else cloud.outcome
    return replace(
        client,
        outcome=outcome,
        findings=findings,
        calls=client.calls + cloud.calls,
        statuses=tuple(sorted({*client.statuses, *cloud.statuses})),
        reason=client.reason or cloud.reason,
    )
