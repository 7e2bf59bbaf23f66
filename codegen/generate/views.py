"""What templates see of a document: operations, bodies, replies and models, with our names and types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "BodyView",
    "FieldView",
    "ModelView",
    "OperationView",
    "PagingView",
    "ParameterView",
    "ReplyView",
    "TagView",
    "VendorView",
]

Limits = dict[str, Any]
"""Keyword arguments of ``deviceclouds.runtime``'s Limits; empty for none."""


@dataclass(frozen=True)
class FieldView:
    """A property of a model."""

    name: str
    wire: str
    annotation: str
    argument: str
    """The type as an argument of a method."""
    required: bool
    nullable: bool
    """Whether the specification allows null."""
    description: str
    default: Any
    secret: bool
    file: bool
    limits: Limits
    classes: tuple[str, ...]
    const: str | None
    evidence: str


@dataclass(frozen=True)
class ModelView:
    """A schema that becomes a class."""

    name: str
    module: str
    description: str
    evidence: str
    fields: tuple[FieldView, ...]
    sent: bool
    received: bool

    @property
    def classes(self) -> list[str]:
        """Other classes its annotations name."""
        return sorted({cls for f in self.fields for cls in f.classes} - {self.name})


@dataclass(frozen=True)
class ModuleView:
    """A module of models: one that is used on its own, and those that only ever come as parts of it."""

    name: str
    models: tuple[ModelView, ...]

    @property
    def classes(self) -> list[str]:
        """Classes of other modules that annotations name."""
        own = {model.name for model in self.models}
        return sorted({cls for model in self.models for cls in model.classes} - own)

    @property
    def text(self) -> str:
        """All annotations of its models."""
        return " ".join(f.annotation for model in self.models for f in model.fields)


@dataclass(frozen=True)
class ParameterView:
    """A path, query or header parameter."""

    name: str
    wire: str
    location: str
    kind: str
    required: bool
    explode: bool | None
    annotation: str
    classes: tuple[str, ...]
    limits: Limits
    client_supplied: bool
    secret: bool
    description: str
    default: Any
    evidence: str


@dataclass(frozen=True)
class BodyView:
    """A request body."""

    content_type: str
    variants: tuple[str, ...]
    """Model names; none for a free-form object."""
    required: bool
    fields: tuple[FieldView, ...]
    """Fields that are arguments too; empty for a union."""
    description: str


@dataclass(frozen=True)
class ReplyView:
    """A success reply."""

    shape: str
    model: str | None
    annotation: str
    classes: tuple[str, ...]
    description: str


@dataclass(frozen=True)
class PagingView:
    """How a list is paged, with Python names and split pointers, as keyword arguments of Pagination."""

    arguments: dict[str, Any]
    item: str | None
    annotation: str
    classes: tuple[str, ...]


@dataclass(frozen=True)
class OperationView:
    """One operation."""

    id: str
    name: str
    namespace: str
    method: str
    path: str
    summary: str
    description: str
    evidence: str
    evidence_note: str
    idempotent: bool
    time_limit: float | None
    security: tuple[str, ...]
    parameters: tuple[ParameterView, ...]
    body: BodyView | None
    reply: ReplyView
    paging: PagingView | None
    poll: Mapping[str, Any] | None
    errors: tuple[str, ...]

    @property
    def constant(self) -> str:
        """Name of its table entry."""
        return self.name.upper().rstrip("_")

    @property
    def result(self) -> str:
        """The type a call returns, or one item of a list."""
        return self.paging.annotation if self.paging else self.reply.annotation

    @property
    def classes(self) -> set[str]:
        """Model classes its table entry names."""
        return set(self.paging.classes if self.paging else self.reply.classes)

    @property
    def signature_classes(self) -> set[str]:
        """Model classes and enum aliases its methods name."""
        texts = [self.result, *(p.annotation for p in self.parameters)]
        if self.body is not None:
            texts += [*self.body.variants, *(f.argument for f in self.body.fields)]
        known = self.classes | {cls for p in self.parameters for cls in p.classes}
        if self.body is not None:
            known |= {cls for f in self.body.fields for cls in f.classes} | set(self.body.variants)
        words = set(re.findall(r"\w+", " ".join(texts)))
        return words & (known | {f"{cls}Like" for cls in known})

    @property
    def overloaded(self) -> bool:
        """Whether fields or ``body=`` must be told apart by type checkers."""
        return (
            self.body is not None
            and self.body.required
            and any(f.required and f.const is None for f in self.body.fields)
        )


@dataclass(frozen=True)
class TagView:
    """A namespace with its operations."""

    namespace: str
    class_name: str
    description: str
    operations: tuple[OperationView, ...]


@dataclass(frozen=True)
class VendorView:
    """A whole document."""

    vendor: str
    title: str
    api_version: str
    base_url: str
    servers: tuple[str, ...]
    tags: tuple[TagView, ...]
    models: dict[str, ModelView] = field(default_factory=dict)
    enums: dict[str, Any] = field(default_factory=dict)
    webhook_models: int = 0
    """How many models of webhooks were written beside."""

    @property
    def operations(self) -> list[OperationView]:
        """All operations, in the order of the document."""
        return [operation for tag in self.tags for operation in tag.operations]
