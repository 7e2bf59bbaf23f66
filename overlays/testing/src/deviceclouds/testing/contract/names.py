"""What the client calls the operations of a specification, and what a name may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from .results import EXIT_INPUT, ContractRunError

if TYPE_CHECKING:
    from .._spec import Spec

__all__ = ["client_names", "client_operations", "near", "operation_named"]


def client_names(vendor: str, spec: Spec) -> dict[str, str]:
    """Namespace and method of the client by operationId, for the operations it has.

    Raises:
        ContractRunError: The vendor's client is not installed.
    """
    known = client_operations(vendor)
    return {key: known[key].name for key in spec.operations if key in known}


def operation_named(vendor: str, spec: Spec, name: str) -> str:
    """The operationId of a name that may be one, or namespace and method of the client. Raises ContractRunError."""
    names = {name: key for key, name in client_names(vendor, spec).items()}
    operation_id = name if name in spec.operations else names.get(name)
    if operation_id is None:
        hint = near(name, [*spec.operations, *names])
        raise ContractRunError(f"{vendor} has no operation {name!r}; {hint}")
    return operation_id


def near(name: str, known: Iterable[str]) -> str:
    """Words for what a name may have meant: those like it, or some of those there are."""
    names = list(dict.fromkeys(known))
    lower = {candidate.lower(): candidate for candidate in reversed(names)}
    found = difflib.get_close_matches(str(name).lower(), lower, n=3, cutoff=0.6)
    if found:
        return f"did you mean {' or '.join(lower[key] for key in found)}?"
    shown = ", ".join(names[:8])
    return f"there are {shown}{', ...' if len(names) > 8 else ''}" if names else "there are none"


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
