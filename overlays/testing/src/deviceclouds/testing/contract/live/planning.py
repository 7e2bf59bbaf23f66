"""How a live run's plan is made: what can be called, with what, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..._load import MOUNTS
from ..._spec import load_spec
from ..names import client_names, near
from ..results import ContractRunError
from .choices import read_given
from .moves import moved_spec, read_moves
from .plan import Plan, Skipped, Step
from .sign_ins import SIGN_INS, is_sign_in
from .sources import links_of

if TYPE_CHECKING:
    from ..._operations import Operation
    from ..._spec import Spec
    from .choices import Given
    from .moves import Move

__all__ = ["Planner", "plan_live"]


def plan_live(
    vendor: str,
    *,
    spec: Spec | None = None,
    only: Iterable[str] = (),
    allow_writes: Iterable[str] = (),
    inputs: Mapping[str, Any] | None = None,
    samples: int = 1,
    pages: int = 2,
    paths: Mapping[str, str] | None = None,
) -> Plan:
    """Decides what a live run sends. Nothing is sent.

    Operations that the specification marks ``x-read-only`` are called, with ids from lists. Others are called only
    where ``allow_writes`` names them, and only with what ``inputs`` gives: example data would end up in somebody's
    account.

    Args:
        vendor: Name of a vendor.
        spec: Another specification of this vendor.
        only: Operations to call (operationId, or namespace and method); the lists they need are called as well.
        allow_writes: Operations that may be called although they may change something.
        inputs: By operation: ``{"parameters": {name on the wire: value}, "body": ...}``.
        samples: How many items of a list are looked at one by one; 1 or more.
        pages: How many pages of a list are asked for; 1 or more.
        paths: Another ``[METHOD ]/path`` to try, by operation. What is not sent as GET or HEAD there needs to be in
            ``allow_writes``: of another path nobody knows that it only reads.

    Raises:
        ContractRunError: An operation or parameter is not known, a number is out of range, a write lacks inputs, or a
            path cannot be used.
    """
    if vendor not in MOUNTS:
        raise ContractRunError(f"no vendor {vendor!r}; {near(vendor, MOUNTS)}")
    for name, number in (("samples", samples), ("pages", pages)):
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 1000:
            raise ContractRunError(f"{name} is {number!r}; give a whole number from 1 to 1000")
    spec = load_spec(vendor) if spec is None else spec
    if spec.vendor in MOUNTS and spec.vendor != vendor:
        raise ContractRunError(f"the specification is of {spec.vendor}, not of {vendor}")
    routes = read_moves(vendor, spec, {} if paths is None else paths)
    moves = {key: move for key, move in routes.items() if move.elsewhere}
    moved = moved_spec(spec, moves)
    given = read_given(vendor, moved, only, allow_writes, inputs or {})
    planner = Planner(vendor, moved, samples, pages, moves)
    plan = planner.plan(given)
    for operation_id, reason in plan.skipped:
        if operation_id in routes:
            reads = planner.only_reads(moved.operation(operation_id))
            hint = "" if reads else "; allow it as a write, and give its inputs"
            raise ContractRunError(
                f"{operation_id} is given another path and would not be called: {reason}{hint}"
            )
    sent = {move.name: move.route for move in routes.values()}
    return replace(plan, original=spec, paths=sent) if routes else plan


class Planner:
    """Makes plans for one specification.

    Args:
        vendor: Name of the vendor.
        spec: Its specification.
        samples: How many items of a list are looked at one by one.
        pages: How many pages of a list are asked for.
        moves: Operations that ``spec`` has at another place than its file, by operationId.
    """

    def __init__(
        self, vendor: str, spec: Spec, samples: int, pages: int, moves: Mapping[str, Move]
    ) -> None:
        self.vendor = vendor
        self.spec = spec
        self.samples = samples
        self.pages = pages
        self.moves = moves
        self.links = links_of(spec)
        self.names = client_names(vendor, spec)

    def plan(self, given: Given) -> Plan:
        """The plan for a user's choices. Raises ContractRunError where they cannot be carried out."""
        steps = self._reads(given)
        if given.only:
            for name in given.only:
                if name not in steps and name not in given.writes:
                    reason = self._reason(self.spec.operation(name), given)
                    raise ContractRunError(f"{name} cannot be called: {reason}")
            steps = _with_sources(steps, given.only)
        # What only reads is among the reads already.
        writes = [self._write(name, given) for name in given.writes if name not in steps]
        planned = {**steps, **{step.operation_id: step for step in writes}}
        skipped = [
            Skipped(operation.id, self._reason(operation, given))
            for operation in self.spec.operations.values()
            if operation.id not in planned
        ]
        probe = self._probe(steps.values())
        ordered = (*probe, *steps.values(), *writes)
        return Plan(
            self.vendor,
            self.spec,
            ordered,
            tuple(skipped),
            SIGN_INS[self.vendor],
            moves=self.moves,
        )

    def _reads(self, given: Given) -> dict[str, Step]:
        """Steps by operation, in an order in which sources come first."""
        waiting = [
            operation
            for operation in self.spec.operations.values()
            if self.only_reads(operation)
            and operation.id in self.names
            and not is_sign_in(self.vendor, operation)
        ]
        steps: dict[str, Step] = {}
        while waiting:
            # What only may need a source waits for it as long as others can still become one.
            found = [s for o in waiting if (s := self._read(o, steps, given, waiting)) is not None]
            found = found or [s for o in waiting if (s := self._read(o, steps, given, ()))]
            if not found:
                return steps
            steps |= {step.operation_id: step for step in found}
            waiting = [operation for operation in waiting if operation.id not in steps]
        return steps

    def _read(
        self,
        operation: Operation,
        steps: Mapping[str, Step],
        given: Given,
        waiting: Iterable[Operation],
    ) -> Step | None:
        values = dict(given.parameters(operation.id))
        body = self._body(operation, values, given.body(operation.id))
        if operation.body is not None and operation.body.required and body is None:
            return None
        required = [p for p in operation.parameters if p.required and p.name not in values]
        supplied = tuple(p.name for p in required if p.raw.get("x-client-supplied"))
        needed = tuple(p.name for p in required if p.name not in supplied)
        links = [
            link
            for link in self.links
            if link.target == operation.id and set(needed) <= link.parameters.keys()
        ]
        if supplied and not needed:
            links = [link for link in links if set(supplied) <= link.parameters.keys()]
        later = {o.id for o in waiting if o.id != operation.id}
        if (needed or supplied) and any(link.operation_id in later for link in links):
            return None
        sources = tuple(link for link in links if link.operation_id in steps)
        if needed and not sources:
            return None
        paged = "x-pagination" in operation.extensions
        return Step(
            operation.id,
            self.names[operation.id],
            operation.method,
            operation.path,
            sources=sources if needed or supplied else (),
            needed=needed,
            supplied=supplied,
            given=values,
            body=body,
            calls=self.samples if needed else 1,
            pages=self.pages if paged else 1,
            moved_from=self._moved_from(operation),
        )

    def only_reads(self, operation: Operation) -> bool:
        """Whether it is known to change nothing, at the place where it is called."""
        move = self.moves.get(operation.id)
        if move is not None and move.may_write:
            return False
        return operation.extensions.get("x-read-only") is True

    def _moved_from(self, operation: Operation) -> str:
        move = self.moves.get(operation.id)
        return "" if move is None else move.before

    def _body(self, operation: Operation, values: dict[str, Any], body: Any) -> Any:
        """The body of a read, with the page size put where it belongs; None where it would lack something."""
        rules = operation.extensions.get("x-pagination", {})
        name = rules.get("size_parameter")
        if name is not None and rules.get("in", "query") == "query":
            schema = next((p.schema for p in operation.parameters if p.name == name), {})
            values.setdefault(name, self._size(self.spec.resolve(schema)))
        if operation.body is None:
            return None
        schema = self.spec.resolve(operation.body.schema)
        if name is not None and rules.get("in") == "body":
            properties = schema.get("properties", {})
            paging = {name: self._size(self.spec.resolve(properties.get(name, {})))}
            if rules["style"] == "page":
                paging[rules["page_parameter"]] = rules["first_page"]
            body = {**paging, **(body or {})}
        missing = set(schema.get("required", ())) - set(body or ())
        return None if missing else body

    def _size(self, schema: Mapping[str, Any]) -> int:
        """Small, so that a list of a few items has pages; large enough for the samples."""
        least, most = int(schema.get("minimum", 1)), int(schema.get("maximum", 1000))
        return min(max(2, self.samples, least), most)

    def _write(self, operation_id: str, given: Given) -> Step:
        operation = self.spec.operation(operation_id)
        if is_sign_in(self.vendor, operation):
            raise ContractRunError(
                f"{operation_id} is a sign-in: the client calls it by itself; leave it out of --allow-writes"
            )
        if operation_id not in self.names:
            raise ContractRunError(f"{operation_id}: the client has no method for it")
        values = dict(given.parameters(operation_id))
        required = [p for p in operation.parameters if p.required and p.name not in values]
        supplied = tuple(p.name for p in required if p.raw.get("x-client-supplied"))
        lacking = [f"parameter {p.name}" for p in required if p.name not in supplied]
        body = given.body(operation_id)
        if operation.body is not None and operation.body.required and body is None:
            lacking.append("the body")
        if lacking:
            raise ContractRunError(
                f"{operation_id} may change something, so it is called only with what you give: its inputs lack"
                f" {', '.join(lacking)}; example data is never sent"
            )
        return Step(
            operation_id,
            self.names[operation_id],
            operation.method,
            operation.path,
            supplied=supplied,
            given=values,
            body=body,
            writes=True,
            moved_from=self._moved_from(operation),
        )

    def _probe(self, steps: Iterable[Step]) -> Iterator[Step]:
        for step in steps:
            operation = self.spec.operation(step.operation_id)
            known_to_be_there = operation.method == "GET" and not step.moved_from
            if operation.security and known_to_be_there and not step.needed:
                yield Step(
                    step.operation_id,
                    step.name,
                    step.method,
                    step.path,
                    kind="probe",
                    supplied=step.supplied,
                )
                return

    def _reason(self, operation: Operation, given: Given) -> str:
        if is_sign_in(self.vendor, operation):
            return "a sign-in: the client calls it by itself when it needs a token"
        if operation.id not in self.names:
            return "the client has no method for it"
        if operation.extensions.get("x-read-only") is not True:
            return "may change something (not marked x-read-only in the specification)"
        if not self.only_reads(operation):
            return f"may change something at another path ({operation.method} does not tell that it only reads)"
        values = given.parameters(operation.id)
        lacking = [p.name for p in operation.parameters if p.required and p.name not in values]
        supplied = {p.name for p in operation.parameters if p.raw.get("x-client-supplied")}
        linked = {
            name for link in self.links if link.target == operation.id for name in link.parameters
        }
        unknown = [name for name in lacking if name not in supplied | linked]
        if unknown:
            return f"no list supplies {', '.join(unknown)}; give them as inputs"
        if given.only and operation.id not in given.only:
            return "not asked for"
        return "nothing supplies what it needs; give it as inputs"


def _with_sources(steps: Mapping[str, Step], wanted: Iterable[str]) -> dict[str, Step]:
    """The wanted steps with those they get ids from, in the same order."""
    kept: set[str] = set()
    open_ends = [name for name in wanted if name in steps]
    while open_ends:
        name = open_ends.pop()
        if name not in kept:
            kept.add(name)
            open_ends += [source.operation_id for source in steps[name].sources]
    return {name: step for name, step in steps.items() if name in kept}
