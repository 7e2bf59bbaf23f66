"""Which models share a module: those that are only ever parts of one other model live with it.

They are decoded together, so they would be imported together anyway; one file is quicker to load and to read.
"""

from __future__ import annotations

from collections.abc import Iterator

from codegen.generate.views import ModelView, ModuleView, VendorView

__all__ = ["model_modules"]


def model_modules(view: VendorView) -> list[ModuleView]:
    """The modules of a vendor's models, each named after the model that leads it."""
    owners = _owners(view)
    members: dict[str, list[ModelView]] = {}
    for name, model in view.models.items():
        leader = name
        while owners.get(leader) is not None:
            leader = owners[leader]
        members.setdefault(leader, []).append(model)
    return [
        ModuleView(
            name=view.models[leader].module,
            models=tuple(sorted(models, key=lambda m: (m.name != leader, m.name))),
        )
        for leader, models in sorted(members.items())
    ]


def _owners(view: VendorView) -> dict[str, str]:
    """For each model that has one user, and only a model, that user."""
    used_by: dict[str, set[str]] = {}
    for model in view.models.values():
        for cls in model.classes:
            used_by.setdefault(cls, set()).add(model.name)
    on_their_own = set(_used_by_operations(view))
    owners: dict[str, str] = {}
    for name in view.models:
        users = used_by.get(name, set())
        if len(users) == 1 and name not in on_their_own:
            (owner,) = users
            if not _leads_back(owners, owner, name):
                owners[name] = owner
    return owners


def _leads_back(owners: dict[str, str], start: str, name: str) -> bool:
    while start in owners:
        start = owners[start]
        if start == name:
            return True
    return start == name


def _used_by_operations(view: VendorView) -> Iterator[str]:
    for operation in view.operations:
        yield from operation.signature_classes
