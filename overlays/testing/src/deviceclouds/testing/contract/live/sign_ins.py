"""How each vendor's client gets its tokens: which requests that may take, and where they may go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ..._operations import Operation

__all__ = ["SIGN_INS", "SignInPlan", "is_sign_in", "plain_address", "sign_in_addresses"]

Addresses = list[tuple[str, re.Pattern[str]]]


class SignInPlan(NamedTuple):
    """How a client gets tokens.

    Attributes:
        text: In words.
        most_requests: How many requests of it a run may send.
        operations: Operations of the specification that are sign-ins.
        addresses: Takes base URL and constructor arguments, gives pairs of method and whole URL without its query.
    """

    text: str
    most_requests: int
    operations: frozenset[str]
    addresses: Callable[[str, Mapping[str, Any]], Addresses]


def is_sign_in(vendor: str, operation: Operation) -> bool:
    """Whether an operation of the specification is the vendor's sign-in."""
    return operation.id in SIGN_INS[vendor].operations


def sign_in_addresses(vendor: str, base_url: str, arguments: Mapping[str, Any]) -> Addresses:
    """Where sign-ins may go.

    Args:
        vendor: Name of the vendor.
        base_url: Where its API is.
        arguments: Of the client's constructor.
    """
    return SIGN_INS[vendor].addresses(base_url, arguments)


def plain_address(url: str) -> str:
    """An address as requests show it: host in lower case, no port where it is the usual one, no user name."""
    import httpx2

    read = httpx2.URL(url)
    return f"{read.scheme}://{read.netloc.decode('ascii')}{read.raw_path.decode('ascii')}"


def _exactly(method: str, url: str) -> tuple[str, re.Pattern[str]]:
    return method, re.compile(re.escape(plain_address(url)))


def _aitrios(base_url: str, arguments: Mapping[str, Any]) -> Addresses:
    tenant = arguments.get("tenant_id")
    if tenant is not None:
        authority = re.compile(rf"https://login\.microsoftonline\.com/{re.escape(str(tenant))}/.+")
        return [("GET", authority), ("POST", authority)]
    if arguments.get("client_id") is None:
        return []
    from deviceclouds.aitrios._auth import PORTAL_TOKEN_URL

    url = arguments.get("token_url") or PORTAL_TOKEN_URL
    return [_exactly("POST", str(url).strip().rstrip("/"))]


def _amnimo(base_url: str, arguments: Mapping[str, Any]) -> Addresses:
    return [_exactly("POST", f"{base_url}/oauth2/token")]


def _proglove(base_url: str, arguments: Mapping[str, Any]) -> Addresses:
    found = [_exactly("GET", f"{base_url}/auth-information")]
    own = arguments.get("cognito_url")
    if own is not None:
        return [*found, _exactly("POST", f"{str(own).strip().rstrip('/')}/")]
    cognito = re.compile(r"https://cognito-idp\.[a-z]{2}(-[a-z]+)+-\d{1,2}\.amazonaws\.com/")
    return [*found, ("POST", cognito)]


def _scailable(base_url: str, arguments: Mapping[str, Any]) -> Addresses:
    url = arguments.get("auth_url") or f"{base_url.removesuffix('/cpt')}/auth"
    bare = str(url).strip().rstrip("/")
    return [_exactly("POST", f"{bare}/authenticate/{name}") for name in ("signin", "refresh-token")]


def _viziosense(base_url: str, arguments: Mapping[str, Any]) -> Addresses:
    return [_exactly("POST", f"{base_url}/login")]


# Twice what one token takes: it may have to be renewed once.
SIGN_INS = {
    "aitrios": SignInPlan(
        "client credentials at the portal (POST, 1 request) or Azure AD (up to 3); none with a token",
        6,
        frozenset(),
        _aitrios,
    ),
    "amnimo": SignInPlan(
        "POST /oauth2/token, which counts against the monthly quota; none while a stored token is valid",
        2,
        frozenset({"issue_token"}),
        _amnimo,
    ),
    "proglove": SignInPlan(
        "GET /auth-information, then Amazon Cognito (POST); none with an IdToken",
        4,
        frozenset(),
        _proglove,
    ),
    "scailable": SignInPlan(
        "POST /authenticate/signin or /authenticate/refresh-token at the authorisation service; none with a token",
        4,
        frozenset(),
        _scailable,
    ),
    "viziosense": SignInPlan(
        "POST /login; none with a token", 2, frozenset({"login"}), _viziosense
    ),
}
"""By vendor."""
