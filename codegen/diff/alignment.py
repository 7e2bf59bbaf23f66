"""Operations and replies that only moved: the new document is read as if not, so that what else changed is seen."""

from __future__ import annotations

from collections.abc import Mapping

from codegen.compare import Facts, Place

__all__ = ["aligned", "moved", "renumbered", "renumbering"]


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


def renumbering(old: Facts, new: Facts) -> dict[Place, str]:
    """Success replies of the new document, each the only one that came, with the only status that went.

    The client treats any 2xx alike, so the number alone is little; what the reply holds may matter.
    """
    before, after = _successes(old), _successes(new)
    found: dict[Place, str] = {}
    for operation, statuses in before.items():
        went, came = statuses - after.get(operation, set()), after.get(operation, set()) - statuses
        if len(went) == len(came) == 1:
            place = Place("reply", operation, "reply", status=came.pop())
            found[place] = went.pop()
    return found


def renumbered(new: Facts, changes: Mapping[Place, str]) -> Facts:
    """The same facts, replies under the statuses they had."""
    known = {(place.operation, place.status): status for place, status in changes.items()}

    def back(place: Place) -> Place:
        return place._replace(status=known.get((place.operation, place.status), place.status))

    return Facts(
        {back(place): facts for place, facts in new.places.items()},
        {back(place): homes for place, homes in new.homes.items()},
    )


def _successes(facts: Facts) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for place in facts.places:
        reply = place.part == "reply" and not place.media and not place.is_webhook
        if reply and place.status.startswith("2"):
            found.setdefault(place.operation, set()).add(place.status)
    return found
