"""What the five clouds have in common: how behaviours are found, how pages are cut, how errors are told."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from .calls import Refusal

if TYPE_CHECKING:
    from starlette.routing import Route

    from .._operations import Operation
    from .._problems import Problem
    from .calls import Call
    from .deliveries import Delivery
    from .world import World

__all__ = ["Cloud", "Handler", "handles", "page"]

Handler = Callable[[Any, "Call"], Any]
"""A method that takes a call and gives what the reply holds: JSON data, or a :class:`~.calls.Reply`."""


def handles(*operation_ids: str) -> Callable[[Handler], Handler]:
    """Marks a method of a :class:`Cloud` as the behaviour of operations."""

    def mark(method: Handler) -> Handler:
        method.operation_ids = operation_ids  # type: ignore[attr-defined]
        return method

    return mark


class Cloud:
    """One vendor's behaviour. An operation without a method answers with its specification's example.

    Args:
        world: What the sandbox holds.
    """

    vendor: ClassVar[str]

    def __init__(self, world: World) -> None:
        self.world = world
        self.handlers: Mapping[str, Callable[[Call], Any]] = {
            operation_id: getattr(self, name)
            for name in dir(type(self))
            for operation_id in getattr(getattr(type(self), name), "operation_ids", ())
        }

    def routes(self) -> list[Route]:
        """Addresses beside the specification's, such as sign-ins; absolute paths."""
        return []

    def fleet(self) -> Mapping[str, int]:
        """What there is, at a glance: words and numbers."""
        return {}

    def admit(self, call: Call) -> None:
        """Looks at each valid call before its behaviour; raises Refusal where the vendor would refuse it."""

    def refuse_token(self, state: str) -> Refusal:
        """The vendor's signal for a token that is ``expired`` or ``unknown``, and for wrong ``credentials``."""
        return Refusal(401, "the token is wrong or has expired")

    def refuse_request(
        self, operation: Operation | None, status: int, problems: Sequence[Problem]
    ) -> Refusal | None:
        """The vendor's words for a request that breaks the specification; None for the documented example's.

        Args:
            operation: What was called; None where there is no such route.
            status: What would be answered.
            problems: What is wrong.
        """
        return None

    def deliveries(
        self, now: float, may_reach: Callable[[str], bool], most: int
    ) -> Iterable[Delivery]:
        """What the cloud has to send by itself since this was asked last.

        Args:
            now: POSIX seconds of the sandbox's clock.
            may_reach: Whether something is sent to an address; where not, one delivery is enough to tell so.
            most: How many of a webhook's are wanted at most, the newest.
        """
        return ()

    def error(self, status: int, code: str | None, message: str) -> Any:
        """The body of an error; None for the shape the specification documents."""
        return None


def page(call: Call, items: Iterable[Any], total: int | None = None) -> dict[str, Any]:
    """Cuts the page that was asked for, by the ``x-pagination`` of the operation.

    Args:
        call: The call.
        items: All items, in order; read only as far as needed.
        total: How many there are; where the reply has to say so and this is None, they are counted.

    Returns:
        ``items``, ``next`` (the cursor, None at the end), ``total``, ``last`` (whether it is the last page),
        ``page`` (its number) and ``size``.

    Raises:
        Refusal: The cursor is none of ours.
    """
    rules = call.operation.extensions["x-pagination"]
    size, offset, number = _window(call, rules)
    if isinstance(items, Sequence):
        total = len(items) if total is None else total
        found = list(items[offset : offset + size])
        more = offset + size < len(items)
    else:
        if total is None and ("total" in rules or "last_page" in rules):
            items = list(items)
            total = len(items)
        cut = list(islice(items, offset, offset + size + 1))
        found, more = cut[:size], len(cut) > size
    return {
        "items": found,
        "next": _cursor(offset + size) if more else None,
        "total": total,
        "last": not more,
        "page": number,
        "size": size,
    }


def _window(call: Call, rules: Mapping[str, Any]) -> tuple[int, int, int]:
    """Size of the page, number of items before it, number of the page."""
    source = call.body.get if rules.get("in") == "body" else call.get
    size_name = rules.get("size_parameter")
    most = rules.get("max_size") or 1000
    size = (source(size_name) if size_name else None) or min(most, 100)
    size = max(1, min(int(size), most))
    style = rules["style"]
    if style in ("cursor", "link"):
        offset = _offset(source(rules["cursor_parameter"]))
        return size, offset, offset // size
    if style == "offset":
        offset = int(source(rules["offset_parameter"]) or 0)
        return size, max(0, offset), max(0, offset) // size
    first = rules.get("first_page", 0)
    given = source(rules["page_parameter"])
    number = int(first if given is None else given)
    return size, max(0, number - first) * size, number


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"at:{offset}".encode()).decode().rstrip("=")


def _offset(cursor: Any) -> int:
    if cursor in (None, ""):
        return 0
    try:
        text = base64.urlsafe_b64decode(str(cursor) + "=" * (-len(str(cursor)) % 4)).decode()
        word, _, digits = text.partition(":")
        if word == "at" and digits.isascii() and digits.isdigit() and len(digits) < 10:
            return int(digits)
    except (binascii.Error, ValueError):
        pass
    raise Refusal(400, "the cursor is none this cloud gave out")
