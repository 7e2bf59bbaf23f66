"""Models, projects and bundles: as they are in the beginning, and found by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ..drawing import stream, uuid_at
from .material import Material
from .version import Iteration, Model, Project, Version, next_number

if TYPE_CHECKING:
    from ...world import World
    from .fleet import Fleet

__all__ = ["KITS", "Bundle", "BundleVersion", "Training"]

KITS = (
    ("tk-01", "Object detection", "object_detection"),
    ("tk-02", "Classification", "classification"),
)
"""Training kits: id, name, type."""

SAMPLE_PROJECT = "0b5f1c3e-6a52-4a8c-9c55-3f7a2f0c11d2"
"""Id of the project in the specification's examples."""

ENCRYPTS_FOR = 30.0
"""Seconds until an imported bundle is encrypted."""

_MODELS = (
    "person-detector", "people-detector", "forklift-detector", "shelf-classifier", "helmet-detector",
    "legacy-keras-detector", "queue-counter", "pallet-classifier", "vehicle-detector", "parcel-detector",
    "spill-detector", "product-classifier",
)  # fmt: skip
_LABELS = {
    "person": ("person",),
    "people": ("person", "child"),
    "forklift": ("forklift", "pallet", "person"),
    "shelf": ("full", "half full", "empty"),
    "helmet": ("helmet", "no helmet"),
    "pallet": ("wood", "plastic", "none"),
    "vehicle": ("car", "van", "truck", "bicycle"),
    "parcel": ("parcel", "envelope"),
    "product": ("bottle", "can", "box"),
}
_BUNDLES = ("store-analytics", "entrance-bundle", "yard-bundle", "dock-bundle", "line-bundle")


@dataclass(slots=True)
class BundleVersion:
    """A version of a bundle; ``created`` in POSIX seconds."""

    bundle_id: str
    number: str
    created: float

    def encryption(self, now: float) -> str:
        """``encrypt_status``: 02 while it is encrypted, 03 when that is done."""
        return "03" if now >= self.created + ENCRYPTS_FOR else "02"


@dataclass(slots=True)
class Bundle:
    """A model bundle."""

    name: str
    description: str
    created: float
    versions: list[BundleVersion] = field(default_factory=list)


class Training:
    """All of it.

    Args:
        world: Seed and size.
        fleet: Devices' ids, and the hour the records are dated by.
    """

    def __init__(self, world: World, fleet: Fleet) -> None:
        self._fleet = fleet
        self._storage = world.storage
        self._count = world.count(24, 6)
        self._bundle_count = world.count(5)
        self._ids = stream(world.seed, "aitrios/training")
        self._made = 0
        self._archive: list[Project] = []

    @cached_property
    def models(self) -> dict[str, Model]:
        """Models by id."""
        return {model.model_id: model for model in map(self._model, range(self._count))}

    @cached_property
    def projects(self) -> dict[str, Project]:
        """Projects by name."""
        made = [self._project(number) for number in range(self._count)]
        made.insert(1, self._device_project(made[0]))
        return {project.name: project for project in made}

    @cached_property
    def bundles(self) -> dict[str, Bundle]:
        """Bundles by name."""
        return {bundle.name: bundle for bundle in map(self._bundle, range(self._bundle_count))}

    def projects_of(self, model_id: str) -> Iterator[Project]:
        """A model's projects, that of the base model first."""
        found = [*self.projects.values(), *self._archive]
        return (project for project in found if project.model_id == model_id)

    def delete_project(self, project: Project) -> None:
        """Deletes a project; what it made of its model stays."""
        del self.projects[project.name]
        if project.versions:
            self._archive.append(project)

    def delete_model(self, model_id: str) -> None:
        """Deletes a model with all its projects."""
        del self.models[model_id]
        for project in [one for one in self.projects.values() if one.model_id == model_id]:
            del self.projects[project.name]
        self._archive = [one for one in self._archive if one.model_id != model_id]

    def base(self, model_id: str) -> Project | None:
        """The project of a base model."""
        return next((one for one in self.projects_of(model_id) if one.device_id is None), None)

    def for_device(self, model_id: str, device_id: str) -> Project | None:
        """The project of a model that is made for a device."""
        found = self.projects_of(model_id)
        return next((one for one in found if one.device_id == device_id), None)

    def by_id(self, project_id: str) -> Project | None:
        """A project by its id."""
        found = self.projects.values()
        return next((one for one in found if one.project_id == project_id), None)

    def new_id(self) -> str:
        """An id nothing has yet."""
        self._made += 1
        return uuid_at(self._ids, 1_000_000 + self._made)

    def material(self, project: Project) -> Material:
        """A project's pictures and tags."""
        if project.material is None:
            labels = project.versions[0].labels if project.versions else ()
            project.material = Material(
                project.project_id,
                labels or ("object",),
                project.pictures,
                project.modified - 86400 * 3,
                self._storage,
                sample=project.project_id == SAMPLE_PROJECT,
            )
        return project.material

    def installed(self, number: int) -> tuple[str, str]:
        """The model on a seeded device, and its version."""
        model_id = self._name(1 if number < 2 else number % self._count)
        return model_id, _first_numbers(model_id)[0 if number % 3 else -1]

    def _name(self, number: int) -> str:
        name, turn = _MODELS[number % len(_MODELS)], number // len(_MODELS)
        return f"{name}-{turn + 1}" if turn else name

    def _labels(self, model_id: str) -> tuple[str, ...]:
        return _LABELS.get(model_id.partition("-")[0], ("object",))

    def _model(self, number: int) -> Model:
        name = self._name(number)
        words = "Counts people" if number < 2 else f"Tells {', '.join(self._labels(name))}"
        return Model(
            name,
            words,
            "Example Ltd",
            ("Indoor", "Counts people")[number] if number < 2 else f"{name.split('-')[0]} model",
            network_type="01"[number % 5 != 4],
            old_keras=name.startswith("legacy"),
            is_classifier="classifier" in name,
        )

    def _project(self, number: int) -> Project:
        fleet, model_id = self._fleet, self._name(number)
        at = float(fleet.epoch - 86400 * (200 - number))
        kit = KITS["classifier" in model_id][:2]
        first = number == 0
        project = Project(
            "line-a-detector" if first else f"{model_id}-project",
            SAMPLE_PROJECT if first else uuid_at(self._ids, number),
            "1" if number % 4 != 3 else "0",
            None,
            kit,
            "Detects parts on line A" if first else f"Trains {model_id}",
            model_id,
            at,
            pictures=60,
        )
        iteration = (
            "c3a1b6a0-3f0e-4a55-8a3b-6a0d2a4a7e11" if first else uuid_at(self._ids, 5000 + number)
        )
        project.iterations.append(Iteration(iteration, "Iteration 1", at, at + 600))
        for place, version in enumerate(_first_numbers(model_id)):
            project.versions.append(self._version(number, place, version, project.iterations[0]))
        return project

    def _version(self, number: int, place: int, version: str, iteration: Iteration) -> Version:
        model_id = self._name(number)
        at = iteration.ends + 86400 * (1 + 20 * place)
        first = number == 0
        conv_id = (
            "550e8400-e29b-41d4-a716-446655440000"
            if first
            else uuid_at(self._ids, 10_000 + 10 * number + place)
        )
        return Version(
            version,
            at,
            f"{model_id}.tflite",
            400_000 + self._fleet.draw("sizes", number) % 2_000_000,
            comment="First version" if place == 0 else "Fewer false alarms",
            labels=self._labels(model_id),
            iteration=(iteration.iteration_id, iteration.name),
            accuracy=f"0.{80 + self._fleet.draw('accuracy', number) % 19}",
            conv_id=conv_id,
            published=at + 60,
        )

    def _device_project(self, base: Project) -> Project:
        """The model of the specification's examples is there for the first device, too."""
        version = self._version(0, 0, base.versions[0].number, base.iterations[0])
        version.conv_id = uuid_at(self._ids, 20_000)
        return Project(
            "line-a-detector-north-door",
            uuid_at(self._ids, 20_001),
            "1",
            self._fleet.device_id(0),
            base.kit,
            "Adapted to the north door",
            base.model_id,
            base.modified,
            [version],
            list(base.iterations),
            pictures=20,
        )

    def _bundle(self, number: int) -> Bundle:
        name, turn = _BUNDLES[number % len(_BUNDLES)], number // len(_BUNDLES)
        at = float(self._fleet.epoch - 86400 * (90 - number % 80))
        version = BundleVersion(f"mb-{number + 1:04d}", "1.00" if number == 1 else "1.0.0", at)
        words = "Counting and heat map" if number == 0 else "Day and night models"
        return Bundle(f"{name}-{turn + 1}" if turn else name, words, at, [version])


def _first_numbers(model_id: str) -> tuple[str, ...]:
    if model_id == "person-detector":
        return ("0101",)
    return ("1.00", next_number("1.00"))
