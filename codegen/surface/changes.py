"""What a change of the surface is, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from codegen.release.versions import Rating

__all__ = ["ChangeKind", "SurfaceChange"]

ChangeKind: TypeAlias = Literal[
    "removed",
    "added",
    "kind",
    "base-removed",
    "base-added",
    "parameter-removed",
    "parameter-renamed",
    "parameter-added",
    "parameter-required",
    "parameter-optional",
    "parameter-moved",
    "parameter-kind",
    "parameter-default",
    "parameter-type",
    "returns",
    "awaited",
    "type",
    "value",
    "default",
]


@dataclass(frozen=True, slots=True)
class SurfaceChange:
    """One change of the public surface.

    Attributes:
        kind: What sort of change.
        name: What changed, as users write it: ``Aitrios.deploy.get_deploy_history``, ``models.Device.name``.
        old: How it was, as source text; None where it was not there.
        new: How it is; None where it is gone.
        rating: What it asks of the version.
        sentence: The change in plain English, ready for a changelog.
    """

    kind: ChangeKind
    name: str
    old: str | None
    new: str | None
    rating: Rating
    sentence: str
