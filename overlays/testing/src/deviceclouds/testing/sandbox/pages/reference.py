"""The reference of a vendor's API, made from its specification: what is known, and how well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ..._examples import media_examples
from ..._spec import Spec, load_spec
from .names import EVIDENCE, SHORT_NAMES, method_name
from .overview import Share, evidence_shares
from .shapes import Evidence, Field, body_fields, evidence_of, parameter_field, schema_words

if TYPE_CHECKING:
    from ..._operations import Operation

__all__ = ["OperationView", "ReferencePage", "reference_page"]

_OPEN_BELOW = 3
_LONGEST_EXAMPLE = 6_000


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation as the page shows it."""

    id: str
    tag: str
    client_method: str
    method: str
    path: str
    summary: str
    description: str
    evidence: Evidence
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    body_kind: str | None
    body_example: Any
    replies: tuple[tuple[str, str, str], ...]
    reply: tuple[Field, ...]
    reply_kind: str
    reply_example: Any
    manners: tuple[str, ...]
    searched: str


@dataclass(frozen=True, slots=True)
class ReferencePage:
    """What the page shows, after the filter."""

    vendor: str
    name: str
    title: str
    version: str
    description: str
    shares: tuple[Share, ...]
    statuses: Mapping[str, str]
    tags: Mapping[str, str]
    groups: Mapping[str, list[OperationView]]
    total: int
    found: int
    opened: bool
    words: str
    status: str
    tag: str


def reference_page(
    vendor: str, *, words: str = "", status: str = "", tag: str = ""
) -> ReferencePage:
    """The operations that pass a filter, by tag.

    Args:
        vendor: Name of the vendor.
        words: Each has to occur in name, path, summary, description or a parameter's name; capitals do not matter.
        status: Only operations known in this way.
        tag: Only operations of this tag.
    """
    spec = load_spec(vendor)
    wanted = words[:200].lower().split()
    operations = _operations(vendor)
    found = [
        view
        for view in operations
        if all(word in view.searched for word in wanted)
        and status in ("", view.evidence.status)
        and tag in ("", view.tag)
    ]
    groups: dict[str, list[OperationView]] = {}
    for view in found:
        groups.setdefault(view.tag, []).append(view)
    info = spec.document["info"]
    return ReferencePage(
        vendor=vendor,
        name=SHORT_NAMES[vendor],
        title=info["title"],
        version=info["version"],
        description=info.get("description", ""),
        shares=evidence_shares(vendor),
        statuses=EVIDENCE,
        tags={each["name"]: each.get("description", "") for each in spec.document.get("tags", ())},
        groups=groups,
        total=len(operations),
        found=len(found),
        opened=0 < len(found) <= _OPEN_BELOW,
        words=words[:200],
        status=status,
        tag=tag,
    )


@cache
def _operations(vendor: str) -> tuple[OperationView, ...]:
    spec = load_spec(vendor)
    return tuple(_view(spec, operation) for operation in spec.operations.values())


def _view(spec: Spec, operation: Operation) -> OperationView:
    raw = operation.raw
    tag = raw["tags"][0]
    method = method_name(tag, operation.id)
    parameters = tuple(parameter_field(spec, parameter) for parameter in operation.parameters)
    body = operation.body
    media = () if operation.success is None else tuple(operation.success.content.values())
    shape = media[0].get("schema", {}) if media else {}
    searched = " ".join(
        (
            *(operation.id, method, operation.path, operation.method, tag),
            *(raw.get("summary", ""), raw.get("description", "")),
            *(field.name for field in parameters),
        )
    )
    return OperationView(
        id=operation.id,
        tag=tag,
        client_method=method,
        method=operation.method,
        path=operation.path,
        summary=raw.get("summary", ""),
        description=raw.get("description", ""),
        evidence=evidence_of(operation.extensions["x-evidence"]),
        parameters=parameters,
        body=() if body is None else body_fields(spec, body.schema, "body"),
        body_kind=None
        if body is None
        else f"{body.content_type}, {schema_words(spec, body.schema)}",
        body_example=None if body is None else _example(body.raw),
        replies=tuple(
            _reply_words(spec, status, raw["responses"][status]) for status in raw["responses"]
        ),
        reply=body_fields(spec, shape, "reply"),
        reply_kind=schema_words(spec, shape),
        reply_example=next((_example(each) for each in media), None),
        manners=tuple(_manners(operation)),
        searched=searched.lower(),
    )


def _reply_words(spec: Spec, status: str, raw: Any) -> tuple[str, str, str]:
    reply = spec.resolve(raw)
    shapes = [
        schema_words(spec, media["schema"]) if "schema" in media else kind
        for kind, media in reply.get("content", {}).items()
    ]
    return str(status), reply.get("description", ""), ", ".join(shapes)


def _example(media: Mapping[str, Any]) -> Any:
    """The first example, or None where there is none or it is too long to be read."""
    found = next(iter(media_examples(media).values()), None)
    return None if len(str(found)) > _LONGEST_EXAMPLE else found


def _manners(operation: Operation) -> list[str]:
    """What the extensions say, as sentences."""
    rules = operation.extensions
    found = []
    paging = rules.get("x-pagination")
    if paging:
        most = f", at most {paging['max_size']} items a page" if "max_size" in paging else ""
        found.append(f"Gives pages ({paging['style']}){most}.")
    if "x-timeout" in rules:
        found.append(f"The server gives up after {rules['x-timeout']} s.")
    if "x-poll" in rules:
        found.append(f"Starts work; {rules['x-poll']['operation']} tells when it is done.")
    if "x-idempotent" in rules:
        again = "may be repeated" if rules["x-idempotent"] else "must not be repeated blindly"
        found.append(f"It {again}, unlike others with {operation.method}.")
    if not operation.security:
        found.append("Needs no token.")
    if operation.raw.get("deprecated"):
        found.append("Deprecated.")
    return found
