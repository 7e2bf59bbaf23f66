"""What differs from vendor to vendor in reading replies: one small object of functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._errors import ApiStatusError
    from ._http import Response
    from ._operation import Operation

__all__ = ["ErrorReader", "VendorRules"]

ErrorReader = Callable[[Any], tuple[str | None, str | None]]
"""Takes a decoded error body, gives the vendor's code and message."""


def _status_401(error: ApiStatusError) -> bool:
    return error.status_code == 401


@dataclass(frozen=True, slots=True)
class VendorRules:
    """How a vendor says what.

    Attributes:
        read_error: Takes a decoded error body, gives the vendor's code and message.
        token_refused: Whether an error may mean that the token has expired: a new one is tried, once.
        check_reply: Raises for a success status whose body tells of a failure.
        hint: Takes an error code, gives what it means and what to do, where more is known than the message says.
        headers: Sent with every call of the vendor's API.
        slow: Seconds that operations may take, by namespace and method, where the specification knows no limit.
        variables: Names of the environment variables that hold credentials, for the error's text.
    """

    read_error: ErrorReader
    token_refused: Callable[[ApiStatusError], bool] = _status_401
    check_reply: Callable[[Operation[Any], Response], None] | None = None
    hint: Callable[[str | None], str | None] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    slow: Mapping[str, float] = field(default_factory=dict)
    variables: str = "the vendor's environment variables"
