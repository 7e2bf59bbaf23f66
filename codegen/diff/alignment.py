"""Operations that moved: the new document is read as if they had not, so that what else changed can be seen."""

from __future__ import annotations

from collections.abc import Mapping

from codegen.compare import Facts, Place

__all__ = ["aligned", "moved"]


def moved(old: Facts, new: Facts) -> dict[str, str]:
    """New key to old key of each operation that kept its id and has another method or path."""
    before, after = _ids(old), _ids(new)
    return {
        after[id_]: key
        for id_, key in before.items()
        if id_ in after and after[id_] != key and not _taken(key, id_, after)
    }


def aligned(new: Facts, renamed: Mapping[str, str]) -> Facts:
    """The same facts, operations that moved at their old places."""

    def back(place: Place) -> Place:
        return place._replace(operation=renamed.get(place.operation, place.operation))

    return Facts(
        {back(place): facts for place, facts in new.places.items()},
        {back(place): homes for place, homes in new.homes.items()},
    )


def _ids(facts: Facts) -> dict[str, str]:
    found = {}
    for place in facts.operations():
        id_ = facts.places[place].get("operationId")
        if isinstance(id_, str) and not place.is_webhook:
            found[id_] = place.operation
    return found


def _taken(key: str, id_: str, after: Mapping[str, str]) -> bool:
    """Whether another operation stands now where this one did."""
    return any(other == key and other_id != id_ for other_id, other in after.items())
