"""Whether a request carries the credentials its operation asks for, in the right form."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._problems import Problem
from ._texts import read_pairs

if TYPE_CHECKING:
    from ._operations import Operation
    from ._spec import Spec

__all__ = ["MALFORMED", "MISSING", "presented_token", "security_problems"]

MISSING = "credentials-missing"
MALFORMED = "credentials-malformed"

_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")


def security_problems(
    spec: Spec, operation: Operation, headers: Mapping[str, str], query: str
) -> list[Problem]:
    """Checks form, not validity; nothing of the credentials is in the problems.

    Args:
        spec: The specification.
        operation: The operation; without requirements anything is tolerated.
        headers: Names in lower case.
        query: The query string.
    """
    first: list[Problem] | None = None
    for alternative in operation.security:
        problems: list[Problem] = []
        for name in alternative:
            scheme = spec.resolve(spec.document["components"]["securitySchemes"][name])
            problems += _scheme_problems(scheme, headers, query)
        if not problems:
            return []
        first = problems if first is None else first
    return first or []


def _scheme_problems(
    scheme: dict[str, Any], headers: Mapping[str, str], query: str
) -> list[Problem]:
    if scheme["type"] == "apiKey":
        return _key_problems(scheme, headers, query)
    value = headers.get("authorization", "").strip()
    if not value:
        kind = scheme.get("scheme", "bearer").capitalize()
        return [Problem("header.authorization", f"is required: {kind} credentials", MISSING)]
    word, _, rest = value.partition(" ")
    rest = rest.strip()
    if scheme.get("scheme", "bearer").lower() == "basic":
        good = word.lower() == "basic" and _is_basic(rest)
        said = "must be 'Basic' and base64 of name:password"
    else:
        good = word.lower() == "bearer" and _TOKEN.fullmatch(rest) is not None
        said = "must be 'Bearer' and a token"
    return [] if good else [Problem("header.authorization", said, MALFORMED)]


def _key_problems(scheme: dict[str, Any], headers: Mapping[str, str], query: str) -> list[Problem]:
    name = scheme["name"]
    location = f"{scheme['in']}.{name.lower() if scheme['in'] == 'header' else name}"
    value = (
        headers.get(name.lower())
        if scheme["in"] == "header"
        else dict(read_pairs(query)[0]).get(name)
    )
    if not value or not value.strip():
        return [Problem(location, "is required: the key itself", MISSING)]
    if len(value.split()) > 1:
        return [
            Problem(
                location, "must be the key alone, with no word such as Bearer before it", MALFORMED
            )
        ]
    return []


def _is_basic(text: str) -> bool:
    try:
        return b":" in base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False


def presented_token(
    spec: Spec, operation: Operation, headers: Mapping[str, str]
) -> tuple[str, str]:
    """What a well-formed request shows: ``("bearer", token)``, ``("key", key)`` or ``("basic", "name:password")``.

    Args:
        spec: The specification.
        operation: An operation that needs credentials.
        headers: Names in lower case.
    """
    name = next(iter(operation.security[0]))
    scheme = spec.resolve(spec.document["components"]["securitySchemes"][name])
    if scheme["type"] == "apiKey":
        return "key", headers.get(scheme["name"].lower(), "").strip()
    word, _, rest = headers.get("authorization", "").strip().partition(" ")
    if word.lower() == "basic":
        return "basic", base64.b64decode(rest.strip()).decode("utf-8", "replace")
    return "bearer", rest.strip()
