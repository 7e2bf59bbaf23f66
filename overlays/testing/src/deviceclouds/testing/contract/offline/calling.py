"""Calls of a vendor's client with given inputs, and the findings about each operation."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx2
from deviceclouds.runtime import DeviceCloudError, InvalidRequestError, PartialFailureError

from ..._calls import ExampleInvocation, body_model, invocation, operations_of
from ..._schemas import pointer
from ...sandbox.sandbox import _client_class, demo_arguments
from ...sandbox.tokens import DEMO
from ...sandbox.world import HOST
from ..exchange import judge
from ..results import ContractRunError, Finding, FindingKind, OperationResult
from ..specs import marked_evidence
from .answering import AsyncStandIn, NoWait, StandIn, SyncStandIn
from .arrivals import arrival_problems, head_problems
from .decoded import decoding_problems
from .inputs import Input
from .tally import Tally, unknown_ways

if TYPE_CHECKING:
    from deviceclouds.runtime.generated import Operation as ClientOperation

    from ..._operations import Operation
    from ..._replies import Answer
    from ..._spec import Spec
    from ..exchange import Exchange

__all__ = ["ClientRun"]

_LABEL = re.compile(r"[a-z_][\w.\[\]]*", re.IGNORECASE)


class ClientRun:
    """Calls of one vendor's client.

    Args:
        vendor: Name of the vendor.
        spec: The specification that requests and replies are judged by.

    Raises:
        ContractRunError: The client is not installed.
    """

    def __init__(self, vendor: str, spec: Spec) -> None:
        self.vendor = vendor
        self.spec = spec
        try:
            self._class = _client_class(vendor, "")
            self._async_class = _client_class(vendor, "Async")
        except ModuleNotFoundError as error:
            raise ContractRunError(str(error)) from error
        self._operations = {operation.id: operation for operation in operations_of(vendor)}
        self._tallies: dict[str, Tally] = {}
        self._stand_in = StandIn()
        transport = SyncStandIn(self._stand_in)
        self._client = self.sync_client(transport)
        self._base_url = None if spec.bases else self._client._core.config.base_url

    def known(self, operation_id: str) -> ClientOperation[Any] | None:
        """The operation in the client; None where it has none."""
        return self._operations.get(operation_id)

    def add(self, operation_id: str, kind: FindingKind, location: str, message: str) -> None:
        """Adds what another check found."""
        self._tally(operation_id).add(kind, location, message)

    def sync_client(self, transport: httpx2.BaseTransport, retries: int = 0) -> Any:
        """A client of the vendor's that sends through a transport."""
        return self._make(self._class, httpx2.Client(transport=transport), retries)

    def async_client(self, transport: httpx2.AsyncBaseTransport, retries: int = 0) -> Any:
        """The same, to be awaited."""
        return self._make(self._async_class, httpx2.AsyncClient(transport=transport), retries)

    def call_replies(self, operation_id: str, given: Input, answers: Iterable[Answer]) -> None:
        """Calls an operation once for each of several replies, to see how they are read."""
        known = self._operations.get(operation_id)
        if known is None:
            return
        for answer in answers:
            call = self._prepare(known, given, 0, compare=False)
            if call is None:
                return
            self._stand_in.expect(self.spec.operations[operation_id], 0, answer)
            self._judge(operation_id, given, self._outcome(call), compare=False)

    def call_all(self, operation_id: str, inputs: Iterable[Input], *, compare: bool = True) -> None:
        """Calls an operation with each input.

        Args:
            operation_id: Id in the specification.
            inputs: What to give.
            compare: Whether what arrives must be what was given; not for inputs of another specification.
        """
        known = self._operations.get(operation_id)
        if known is None:
            return
        for turn, given in enumerate(inputs):
            call = self._prepare(known, given, turn, compare=compare)
            if call is not None:
                self._judge(operation_id, given, self._outcome(call), compare=compare)

    def call_async(self, inputs: Mapping[str, list[Input]]) -> None:
        """Calls operations with the async client."""

        async def calls() -> None:
            async with self.async_client(AsyncStandIn(self._stand_in)) as client:
                for operation_id, several in inputs.items():
                    for turn, given in enumerate(several):
                        await self._call_async(client, operation_id, given, turn)

        # In a thread of its own: the caller may be on an event loop.
        with ThreadPoolExecutor(1) as executor:
            executor.submit(asyncio.run, calls()).result()

    def result(self, operation_id: str) -> OperationResult:
        """What was found about an operation."""
        tally = self._tally(operation_id)
        known = self._operations.get(operation_id)
        if known is None:
            tally.add(
                "coverage", "operation", "the client has no such operation; regenerate it", "stale"
            )
        elif not tally.calls and not tally.findings:
            tally.add("coverage", "operation", "was never called: there is no input for it")
        differs = any(finding.breaking for finding in tally.findings)
        return OperationResult(
            operation_id,
            operation_id if known is None else known.name,
            self._evidence(operation_id),
            "differs" if differs else "ok",
            tally.findings,
            tally.calls,
            tuple(sorted(tally.statuses)),
        )

    def skipped(self, operation_id: str, reason: str) -> OperationResult:
        """The result of an operation that was not called."""
        known = self._operations.get(operation_id)
        name = operation_id if known is None else known.name
        evidence = self._evidence(operation_id)
        return OperationResult(operation_id, name, evidence, "skipped", reason=reason)

    def left_over(self) -> Iterator[OperationResult]:
        """Operations of the client that the specification does not have."""
        said = "the client has this operation, the specification does not"
        for operation_id, known in self._operations.items():
            if operation_id not in self.spec.operations:
                finding = Finding("request", "operation", said, "stale")
                status = known.evidence.status
                yield OperationResult(operation_id, known.name, status, "differs", (finding,))

    def _tally(self, operation_id: str) -> Tally:
        return self._tallies.setdefault(operation_id, Tally())

    def _evidence(self, operation_id: str) -> str:
        return marked_evidence(self.spec.operations[operation_id].extensions)

    def _make(self, cls: Any, http: Any, retries: int) -> Any:
        options = demo_arguments(self.vendor, HOST, HOST)
        # Its own address, where it has one, so that the documented server is checked too.
        default = inspect.signature(cls.__init__).parameters["base_url"].default
        if default is inspect.Parameter.empty:
            options["base_url"] = self.spec.bases[0] if self.spec.bases else HOST
        else:
            del options["base_url"]
        if self.vendor == "amnimo":
            options["rate_limit"] = None
        return cls(**options, clock=NoWait(), retries=retries, http_client=http)

    def _outcome(self, call: ExampleInvocation) -> Any:
        try:
            return call.call(self._client)
        except Exception as error:  # becomes a finding
            return error

    async def _call_async(self, client: Any, operation_id: str, given: Input, turn: int) -> None:
        known = self._operations.get(operation_id)
        call = None if known is None else self._prepare(known, given, turn, compare=True)
        if call is not None:
            outcome: Any
            try:
                outcome = await call.call_async(client)
            except Exception as error:  # becomes a finding
                outcome = error
            self._judge(operation_id, given, outcome, compare=True)

    def _prepare(
        self, known: ClientOperation[Any], given: Input, turn: int, *, compare: bool
    ) -> ExampleInvocation | None:
        """The call; None, with a finding, where the client has no way to say it."""
        operation = self.spec.operations[known.id]
        self._stand_in.expect(operation, turn)
        tally = self._tally(known.id)
        if compare:
            for location, needed in self._not_offered(known, operation, given):
                if not needed:
                    said = "is optional, and the client does not have it yet; regenerate it"
                    tally.add("not-offered", location, said, "stale")
        try:
            # Fields as arguments and the whole body have their turns; without fields there is only the whole.
            whole = turn % 2 == 1 or given.body == {}
            return invocation(known, given.parameters, given.body, whole=whole)
        except (ValueError, TypeError) as error:
            said = f"the client cannot make a valid call: {_short(error)}"
            tally.add("request", "body", said, "refused")
            return None

    def _not_offered(
        self, known: ClientOperation[Any], operation: Operation, given: Input
    ) -> Iterator[tuple[str, bool]]:
        """Places of values the client has no argument for, and whether they are needed."""
        wires = {parameter.wire for parameter in known.parameters}
        for parameter in operation.parameters:
            if parameter.name in given.parameters and parameter.name not in wires:
                yield f"{parameter.location}.{parameter.name}", parameter.required
        if given.body is not None and known.body is not None and known.body.variants:
            try:
                model = body_model(known, given.body)
            except (ValueError, TypeError, KeyError):
                return
            for way in unknown_ways(model):
                yield "body" + pointer(way), False

    def _judge(self, operation_id: str, given: Input, outcome: Any, *, compare: bool) -> None:
        tally = self._tally(operation_id)
        exchanges = self._stand_in.exchanges
        if not exchanges:
            self._refused(tally, outcome)
            return
        tally.calls += len(exchanges)
        operation = self.spec.operations[operation_id]
        wrong = False
        for exchange in exchanges:
            judgement = judge(self.spec, exchange, self._base_url)
            for found in judgement.findings:
                tally.add(found.kind, found.location, found.message, found.rule)
                wrong = wrong or found.kind == "request"
            if exchange.status is not None:
                tally.statuses.add(exchange.status)
            if judgement.operation_id not in (None, operation_id):
                said = f"reaches {judgement.operation_id}, another operation"
                tally.add("request", "path", said, "route")
                wrong = True
        if len(exchanges) > 1:
            tally.add("request", "operation", f"sends {len(exchanges)} requests instead of one")
        if compare and not wrong:
            self._compare(tally, operation, given, exchanges[-1])
        self._read(tally, operation, outcome, exchanges[-1])

    def _compare(self, tally: Tally, operation: Operation, given: Input, exchange: Any) -> None:
        known = self._operations[operation.id]
        lacking = {place for place, _ in self._not_offered(known, operation, given)}
        for location, message in head_problems(self.spec, operation, exchange, DEMO):
            tally.add("request", location, message, "changed")
        for location, message in arrival_problems(self.spec, operation, given, exchange):
            if location not in lacking:
                tally.add("request", location, message, "changed")

    def _refused(self, tally: Tally, outcome: Any) -> None:
        if not isinstance(outcome, Exception):
            tally.add("request", "operation", "sends nothing")
            return
        label = _LABEL.match(_short(outcome)) if isinstance(outcome, InvalidRequestError) else None
        location = f"arguments.{label.group()}" if label else "arguments"
        message = f"the client refuses what the specification allows: {_short(outcome)}"
        tally.add("request", location, message, "refused")

    def _read(self, tally: Tally, operation: Operation, outcome: Any, exchange: Exchange) -> None:
        if isinstance(outcome, PartialFailureError):
            return  # read well: it says that the cloud warned
        if isinstance(outcome, DeviceCloudError):
            tally.add("decoding", "body", f"the client fails: {_short(outcome)}")
        elif isinstance(outcome, Exception):
            tally.add("decoding", "body", f"the client fails with {type(outcome).__name__}")
        else:
            headers = {name.lower(): value for name, value in exchange.headers}
            kind = headers.get("content-type", "")
            items = operation.extensions.get("x-pagination", {}).get("items", "")
            found = decoding_problems(outcome, exchange.content or b"", kind, items)
            for location, message in found:
                tally.add("decoding", location, message)


def _short(error: Exception) -> str:
    # What stands before the message, vendor and operation, is known here.
    return re.sub(r"^[a-z]+\.[\w.]+: ", "", str(error).partition("\n")[0])[:160]
