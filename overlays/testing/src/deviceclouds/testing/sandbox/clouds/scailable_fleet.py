"""Scailable's models and catalogues as they are in the beginning, and what has become of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .drawing import draw, stream, uuid_at
from .scailable_models import ARCHITECTURES, Catalogue, Model

if TYPE_CHECKING:
    from ..world import World

__all__ = ["Store"]

_DAY = 86400
_YEARS = 2 * 365 * _DAY
"""Age of the oldest model."""

_MOST_CHANGES = 100_000

# Ids of the specification's examples.
_SAMPLE_MODEL = "f50af7e0-0dd5-4361-ab96-2e04f7bc7e30"
_SAMPLE_CATALOGUE = "0b9f2a4e-3c1d-4e5f-8a6b-7c8d9e0f1a2b"
_ORGANISATIONS = ("7d7c40a2-5f0e-4c53-93ad-6f2a4f3c9b11", "3c2f8b1e-7a44-4f0c-9d5e-1b6a8c0d2e4f")

_THINGS = (
    "People", "Vehicle", "Bicycle", "Helmet", "Pallet", "Forklift", "Package", "Licence plate",
    "Smoke", "Bird", "Dog", "Bottle", "Shelf", "Queue", "Parking", "Container",
)  # fmt: skip
_JOBS = ("counter", "detector", "classifier", "tracker")
_SIZES = (128, 160, 224, 320, 416, 640)
_SOURCES = (
    ("Example", "https://example.com/models"),
    ("Edge Impulse", "https://example.com/edge-impulse"),
    ("Model zoo", "https://example.org/zoo"),
    ("In house", "https://example.net/models"),
)


class Store:
    """All models and catalogues; 300 are few enough to be kept.

    Args:
        world: Seed, size and start.

    Attributes:
        catalogues: By id, oldest first.
        models: By id, oldest first.
        changes: When models were added and changed, POSIX seconds.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._created = 0
        self.catalogues = {one.uuid: one for one in self._catalogues(world.count(13, 4))}
        filled = list(self.catalogues)[1:]
        made = (self._model(number, filled) for number in range(world.count(300, 12)))
        self.models = {model.uuid: model for model in made}
        self.changes: list[float] = []
        for model in self.models.values():
            self.changes += (model.inserted_at, model.updated_at)

    def new_id(self, kind: str) -> str:
        """An id for a new model or catalogue."""
        self._created += 1
        return uuid_at(stream(self._world.seed, f"scailable/new {kind}"), self._created)

    def changed(self, now: float) -> None:
        """Notes that a model was added or changed; the oldest notes go first, so that memory stays small."""
        self.changes.append(now)
        del self.changes[:-_MOST_CHANGES]

    def _catalogues(self, count: int) -> list[Catalogue]:
        ids = stream(self._world.seed, "scailable/catalogue")
        # Nothing is in the sample's catalogue: so the sample call that deletes an empty one works.
        found = [Catalogue(_SAMPLE_CATALOGUE, "Counting people", _ORGANISATIONS[0])]
        for number in range(1, count):
            year, job = divmod(number - 1, len(_JOBS))
            name = f"{_JOBS[job].capitalize()}s of {2024 + year}"
            found.append(Catalogue(uuid_at(ids, number), name, _ORGANISATIONS[number % 2]))
        return found

    def _model(self, number: int, catalogues: list[str]) -> Model:
        drawn = draw(stream(self._world.seed, "scailable/model"), number)
        uuid = uuid_at(stream(self._world.seed, "scailable/function"), number)
        count = self._world.count(300, 12)
        inserted = int(self._world.started) - _YEARS + number * (_YEARS - 20 * _DAY) // count
        inserted += drawn % _DAY
        homes = () if number % 5 == 0 else (number, *((number // 3,) if number % 7 == 0 else ()))
        return Model(
            uuid if number else _SAMPLE_MODEL,
            _data(number, drawn),
            inserted,
            inserted + (drawn >> 20) % (10 * _DAY),
            inserted,
            fails=number > 0 and drawn >> 40 & 31 == 0,
            catalogues=frozenset(catalogues[home % len(catalogues)] for home in homes),
            architectures=ARCHITECTURES[: 1 + number % 3] if number else ARCHITECTURES,
        )


def _data(number: int, drawn: int) -> dict[str, Any]:
    """Metadata of a model; the first one is the specification's example."""
    round_, rest = divmod(number, len(_THINGS) * len(_JOBS))
    job, thing = _JOBS[rest // len(_THINGS)], _THINGS[rest % len(_THINGS)]
    name = f"{thing} {job}" + (f" {round_ + 1}" if round_ else "")
    source, url = _SOURCES[number % len(_SOURCES)]
    found = {
        "Alias": name.lower().replace(" ", "-"),
        "Documentation": "Counts people that enter." if number == 0 else f"A sample: {name}.",
        "InputDriver": "vision",
        "InputDriverDetails": {
            "channels": 3,
            "height": _SIZES[drawn % 6] if number else 224,
            "width": _SIZES[(drawn >> 8) % 6] if number else 224,
        },
        "Name": name,
        "OutputDriver": "vision",
        "OutputDriverDetails": {"bboxes": "xyxy"} if job in ("detector", "tracker") else {},
        "SourceName": source,
        "SourceUrl": url,
    }
    return {**found, "Customization": "metavms"} if number % 3 == 0 else found
