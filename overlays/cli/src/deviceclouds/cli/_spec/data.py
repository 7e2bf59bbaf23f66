"""Operations of a specification as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deviceclouds.testing.sandbox.pages.reference import OperationView
    from deviceclouds.testing.sandbox.pages.shapes import Evidence, Field

__all__ = ["as_data", "is_read_only", "views_of"]


def views_of(vendor: str) -> list[OperationView]:
    """The operations of a vendor in the specification's order."""
    from deviceclouds.testing.sandbox.pages.reference import reference_page

    groups = reference_page(vendor).groups
    return [view for views in groups.values() for view in views]


def is_read_only(vendor: str, operation_id: str) -> bool:
    """Whether the specification says that an operation changes nothing."""
    from deviceclouds.testing import load_spec

    return load_spec(vendor).operation(operation_id).extensions.get("x-read-only") is True


def as_data(vendor: str, view: OperationView) -> dict[str, Any]:
    """All that is known of an operation, as JSON can hold it."""
    return {
        "operation_id": view.id,
        "name": view.client_method,
        "method": view.method,
        "path": view.path,
        "read_only": is_read_only(vendor, view.id),
        "summary": view.summary,
        "description": view.description,
        "evidence": _evidence(view.evidence),
        "parameters": [_field(field) for field in view.parameters],
        "body": None
        if view.body_kind is None
        else {"type": view.body_kind, "fields": [_field(field) for field in view.body]},
        "reply": {"type": view.reply_kind, "fields": [_field(field) for field in view.reply]},
        "replies": [
            {"status": status, "description": words, "type": kind}
            for status, words, kind in view.replies
        ],
        "manners": list(view.manners),
    }


def _evidence(evidence: Evidence) -> dict[str, str]:
    return {"status": evidence.status, "source": evidence.sources, "note": evidence.note}


def _field(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": field.name,
        "in": field.place,
        "type": field.shape,
        "required": field.required,
        "secret": field.secret,
        "description": field.description,
        "evidence": None if field.evidence is None else _evidence(field.evidence),
    }
    return found | ({"variant": field.variant} if field.variant else {})
