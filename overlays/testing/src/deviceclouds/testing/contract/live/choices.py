"""What a user chose for a run: operations and inputs by name, checked before anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..names import near, operation_named
from ..results import ContractRunError

if TYPE_CHECKING:
    from ..._spec import Spec

__all__ = ["Given", "read_given"]


@dataclass(frozen=True, slots=True)
class Given:
    """Checked choices. Its repr shows no value.

    Attributes:
        only: Operations to call; empty for all.
        writes: Operations that may be called although they may change something.
        inputs: Parameters and body by operation.
    """

    only: tuple[str, ...]
    writes: tuple[str, ...]
    inputs: Mapping[str, Mapping[str, Any]] = field(repr=False)

    def parameters(self, operation_id: str) -> Mapping[str, Any]:
        """Values by name on the wire."""
        found: Mapping[str, Any] = self.inputs.get(operation_id, {}).get("parameters", {})
        return found

    def body(self, operation_id: str) -> Any:
        """The body; None where none was given."""
        return self.inputs.get(operation_id, {}).get("body")


def read_given(
    vendor: str,
    spec: Spec,
    only: Iterable[str],
    writes: Iterable[str],
    inputs: Mapping[str, Any],
) -> Given:
    """Checks choices.

    Args:
        vendor: Name of the vendor.
        spec: Its specification.
        only: operationIds, or namespaces with methods of the client.
        writes: The same.
        inputs: By the same names: ``{"parameters": {...}, "body": ...}``.

    Raises:
        ContractRunError: Something is not known; the message names what is like it.
    """

    def known(name: str) -> str:
        return operation_named(vendor, spec, name)

    if not isinstance(inputs, Mapping):
        raise ContractRunError("inputs is a mapping of operations")
    checked = {known(str(name)): value for name, value in inputs.items()}
    for operation_id, value in checked.items():
        _check_inputs(spec, operation_id, value)
    chosen = tuple(dict.fromkeys(known(name) for name in only))
    return Given(chosen, tuple(dict.fromkeys(known(name) for name in writes)), checked)


def _check_inputs(spec: Spec, operation_id: str, value: Any) -> None:
    if not isinstance(value, Mapping) or not value.keys() <= {"parameters", "body"}:
        raise ContractRunError(
            f"inputs of {operation_id}: give a mapping with 'parameters', 'body' or both"
        )
    operation = spec.operation(operation_id)
    parameters = value.get("parameters", {})
    if not isinstance(parameters, Mapping):
        raise ContractRunError(f"inputs of {operation_id}: 'parameters' is a mapping by name")
    known = [parameter.name for parameter in operation.parameters]
    for name in parameters:
        if name not in known:
            raise ContractRunError(
                f"inputs of {operation_id}: no parameter {name!r}; {near(str(name), known)}"
            )
    if value.get("body") is not None and operation.body is None:
        raise ContractRunError(f"inputs of {operation_id}: it takes no body")
