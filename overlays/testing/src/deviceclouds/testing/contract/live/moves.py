"""Operations that a run calls at another place than the specification has them: guesses tried one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..._spec import Spec
from ..names import client_operations, operation_named
from ..results import ContractRunError
from .sign_ins import is_sign_in

if TYPE_CHECKING:
    from ..._operations import Operation

__all__ = ["Move", "moved_spec", "read_moves"]

READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Move:
    """Another place of one operation.

    Attributes:
        operation_id: Id in the specification.
        name: Namespace and method of the client.
        method: Method that is sent.
        path: Path template that is sent.
        before: Method and path of the specification.
    """

    operation_id: str
    name: str
    method: str
    path: str
    before: str

    @property
    def route(self) -> str:
        """Method and path, as the client's ``paths=`` takes them."""
        return f"{self.method} {self.path}"

    @property
    def elsewhere(self) -> bool:
        """Whether it is another place than the specification's, and not only another than the client's."""
        return self.route != self.before

    @property
    def may_write(self) -> bool:
        """Whether its method alone does not tell that it only reads."""
        return self.method not in READING


def read_moves(vendor: str, spec: Spec, paths: Any) -> dict[str, Move]:
    """Checks other places for operations.

    Args:
        vendor: Name of the vendor.
        spec: Its specification.
        paths: ``[METHOD ]/path`` by operationId, or namespace and method of the client.

    Returns:
        Moves by operationId.

    Raises:
        ContractRunError: One cannot be called, or belongs to another operation.
    """
    if not isinstance(paths, Mapping):
        raise ContractRunError("paths is a mapping such as {'namespace.method': 'METHOD /path'}")
    moves: dict[str, Move] = {}
    for name, text in paths.items():
        move = _read(vendor, spec, operation_named(vendor, spec, str(name)), text)
        if move.operation_id in moves:
            raise ContractRunError(f"{move.operation_id} is given two other paths; give it one")
        moves[move.operation_id] = move
    return moves


def _read(vendor: str, spec: Spec, operation_id: str, text: Any) -> Move:
    from deviceclouds.runtime import ConfigurationError
    from deviceclouds.runtime._request import read_route

    operation = spec.operation(operation_id)
    known = client_operations(vendor).get(operation_id)
    if known is None:
        raise ContractRunError(f"{operation_id}: the client has no method for it")
    if is_sign_in(vendor, operation):
        raise ContractRunError(f"{operation_id} is a sign-in: its path cannot be another")
    method = path = problem = ""
    try:
        method, path = read_route(known, text)
    except ConfigurationError as error:
        problem = str(error)
    if problem:
        raise ContractRunError(problem)
    if not _travels_as_it_is(path):
        raise ContractRunError(
            f"{operation_id}: the path {path!r} would not travel as it is written; percent-encode what is no plain"
            " character of a path"
        )
    before = f"{operation.method} {operation.path}"
    # With another specification, its place may be another one than the client's.
    if (method, path) == (operation.method, operation.path) == (known.method, known.path):
        raise ContractRunError(f"{operation_id} has {before} already; give another path, or none")
    return Move(operation_id, known.name, method, path, before)


def _travels_as_it_is(path: str) -> bool:
    import httpx2

    plain = re.sub(r"{[^{}]*}", "x", path)
    if {".", ".."} & {unquote(part) for part in plain.split("/")}:
        return False
    try:
        return httpx2.URL(f"https://host{plain}").raw_path.decode("ascii") == plain
    except (httpx2.InvalidURL, ValueError):
        return False


def moved_spec(spec: Spec, moves: Mapping[str, Move]) -> Spec:
    """A specification that has operations at their other places; the given one stays as it is.

    Args:
        spec: The specification.
        moves: By operationId.

    Raises:
        ContractRunError: Two operations would have the same method and path.
    """
    if not moves:
        return spec
    paths: dict[str, dict[str, Any]] = {}
    for path, item in spec.document["paths"].items():
        kept = {
            key: value for key, value in spec.resolve(item).items() if not _is_moved(value, moves)
        }
        if any(isinstance(value, dict) for value in kept.values()):
            paths[path] = kept
    for move in moves.values():
        _refuse_taken(paths, move)
        place = paths.setdefault(move.path, {})
        place[move.method.lower()] = _raw(spec.operation(move.operation_id), move.path)
    made = Spec(spec.vendor, {**spec.document, "paths": paths})
    made.operations = {key: made.operations[key] for key in spec.operations}
    return made


def _is_moved(value: Any, moves: Mapping[str, Move]) -> bool:
    return isinstance(value, dict) and value.get("operationId") in moves


def _refuse_taken(paths: Mapping[str, Mapping[str, Any]], move: Move) -> None:
    """Names of path parameters do not make paths different."""
    wanted = re.sub(r"{[^{}]*}", "{}", move.path)
    for path, item in paths.items():
        other = item.get(move.method.lower())
        if other is not None and re.sub(r"{[^{}]*}", "{}", path) == wanted:
            raise ContractRunError(
                f"{move.operation_id}: {move.route} is that of {other.get('operationId')}; give another path"
            )


def _raw(operation: Operation, path: str) -> dict[str, Any]:
    """The operation object with all its parameters, those named in the path where they travel now."""
    named = set(re.findall(r"{([^{}]*)}", path))
    parameters = []
    for parameter in operation.parameters:
        raw = parameter.raw
        if parameter.location == "query" and parameter.name in named:
            raw = {k: v for k, v in raw.items() if k not in ("style", "explode", "allowEmptyValue")}
            raw |= {"in": "path", "required": True}
        parameters.append(raw)
    return {**operation.raw, "parameters": parameters}
