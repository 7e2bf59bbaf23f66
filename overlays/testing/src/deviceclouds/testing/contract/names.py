"""What the client calls the operations of a specification."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from .results import EXIT_INPUT, ContractRunError

if TYPE_CHECKING:
    from .._spec import Spec

__all__ = ["client_names", "client_operations"]


def client_names(vendor: str, spec: Spec) -> dict[str, str]:
    """Namespace and method of the client by operationId, for the operations it has.

    Raises:
        ContractRunError: The vendor's client is not installed.
    """
    known = client_operations(vendor)
    return {key: known[key].name for key in spec.operations if key in known}


@cache
def client_operations(vendor: str) -> dict[str, Any]:
    """The operations of a vendor's client by operationId. Raises ContractRunError where it is not installed."""
    from .._calls import operations_of

    try:
        return {operation.id: operation for operation in operations_of(vendor)}
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith(f"deviceclouds._generated.{vendor}"):
            raise
    raise ContractRunError(
        f"the client deviceclouds-{vendor} is not installed; install its wheel, which `nox -s build` puts into dist/",
        EXIT_INPUT,
    )
