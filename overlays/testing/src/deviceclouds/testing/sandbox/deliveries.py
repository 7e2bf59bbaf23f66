"""What a cloud sends by itself, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Delivered", "Delivery"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is to be sent. Address, headers and body may hold secrets, so they are not shown.

    Attributes:
        vendor: Whose cloud sends it.
        webhook: Id of the webhook.
        kind: Such as ``keepalive``.
        due: When it has to be sent, POSIX seconds of the sandbox's clock.
        method: HTTP method.
        url: Where to.
        headers: Names and values.
        body: None for none.
    """

    vendor: str
    webhook: int
    kind: str
    due: float
    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a delivery.

    Attributes:
        vendor: Whose cloud sent it.
        webhook: Id of the webhook.
        kind: Such as ``keepalive``.
        due: When it had to be sent, POSIX seconds of the sandbox's clock.
        method: HTTP method.
        receiver: Scheme, host and port only: paths and queries may hold secrets.
        status: What the receiver answered; None where it did not.
        problem: Why it was not sent or not answered; None where it was.
    """

    vendor: str
    webhook: int
    kind: str
    due: float
    method: str
    receiver: str
    status: int | None
    problem: str | None
