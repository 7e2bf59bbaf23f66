"""What generated code says about an operation. Data only: the runtime acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Literal, NamedTuple, TypeVar

__all__ = [
    "Body",
    "Evidence",
    "Limits",
    "Operation",
    "PagedOperation",
    "Pagination",
    "Parameter",
    "Poll",
    "Reply",
]

T = TypeVar("T")

EvidenceStatus = Literal["documented", "corroborated", "inferred", "unverified"]
Kind = Literal["string", "integer", "number", "boolean", "date-time"]


class Evidence(NamedTuple):
    """How well a fact is known, and why we think so."""

    status: EvidenceStatus
    note: str = ""


class Limits(NamedTuple):
    """What a value must keep to. Lengths are characters, item counts are items."""

    enum: tuple[str | int, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    pattern: str | None = None


NO_LIMITS = Limits()


class Parameter(NamedTuple):
    """A path, query or header parameter.

    ``explode`` is None for single values; True repeats the name for each item, False joins the items with commas.
    """

    name: str
    wire: str
    location: Literal["path", "query", "header"]
    kind: Kind = "string"
    required: bool = False
    explode: bool | None = None
    limits: Limits = NO_LIMITS
    client_supplied: bool = False
    secret: bool = False


class Body(NamedTuple):
    """A request body. ``variants`` are model names, none for a free-form object."""

    content_type: Literal[
        "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
    ]
    variants: tuple[str, ...]
    required: bool
    flat: bool = False
    """Whether the fields of the one variant are also arguments of the method."""


class Reply(NamedTuple):
    """What a success reply holds.

    ``model`` names a class of the vendor's models, or the variants of a union with ``|`` between them; None is
    free-form JSON.
    """

    shape: Literal["object", "array", "text", "binary", "none"]
    model: str | None = None


class Pagination(NamedTuple):
    """How to get the next page; see ``x-pagination`` in specs/README.md. Pointers are split into their parts."""

    style: Literal["cursor", "link", "offset", "page"]
    items: tuple[str, ...]
    location: Literal["query", "body"] = "query"
    parameter: str = ""
    """Python name of the parameter that moves: the cursor, the offset or the page number."""
    size_parameter: str | None = None
    max_size: int | None = None
    next: tuple[str, ...] | None = None
    total: tuple[str, ...] | None = None
    last: tuple[str, ...] | None = None
    last_page: tuple[str, ...] | None = None
    first_page: int = 0
    short_page_ends: bool = False
    excluded_by: tuple[str, ...] = ()
    guessed: bool = False
    """Whether the parameter that moves is itself a guess."""


class Poll(NamedTuple):
    """How to see whether the work an operation started is done; see ``x-poll`` in specs/README.md."""

    operation: str
    """Namespace and method to look with."""
    status: tuple[str, ...]
    """Where the state is in its reply; a number is a place in a list."""
    done: tuple[str | int, ...]
    failed: tuple[str | int, ...] = ()
    first_wait: float = 0.0
    """Seconds to wait before the first look."""


class Operation(Generic[T]):
    """One operation of a vendor's API; ``T`` is what a call returns."""

    __slots__ = (
        "body",
        "decode",
        "evidence",
        "id",
        "idempotent",
        "item",
        "method",
        "name",
        "pagination",
        "parameters",
        "path",
        "poll",
        "reply",
        "security",
        "time_limit",
        "vendor",
    )

    def __init__(
        self,
        *,
        vendor: str,
        id: str,
        name: str,
        route: str,
        evidence: Evidence,
        reply: Reply,
        parameters: tuple[Parameter, ...] = (),
        body: Body | None = None,
        security: tuple[str, ...] = (),
        idempotent: bool = False,
        time_limit: float | None = None,
        pagination: Pagination | None = None,
        item: str | None = None,
        poll: Poll | None = None,
    ) -> None:
        self.vendor = vendor
        self.id = id
        self.name = name
        self.method, _, self.path = route.partition(" ")
        self.evidence = evidence
        self.reply = reply
        self.parameters = parameters
        self.body = body
        self.security = security
        self.idempotent = idempotent
        self.time_limit = time_limit
        self.pagination = pagination
        self.item = item
        self.poll = poll
        # How a success reply is read; put here by the first call.
        self.decode: Callable[[bytes], object] | None = None

    def __repr__(self) -> str:
        return f"<Operation {self.vendor}.{self.name}: {self.method} {self.path}>"


class PagedOperation(Operation[T]):
    """An operation that returns a list in pages; ``T`` is one item."""

    __slots__ = ()
