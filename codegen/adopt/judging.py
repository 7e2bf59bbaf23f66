"""What a difference means for us: wrong, missing here, missing there, or merely not said."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.adopt.findings import Kind, Raw
from codegen.adopt.matching import Pair
from codegen.adopt.preparing import Prepared
from codegen.compare import JSON, Difference, Facts, Place, differences
from codegen.compare.schemas import LOWER, UPPER

#: Facts that need no agreement: words, our own extensions, and what changes nothing for a client.
_IGNORED = frozenset(
    {
        "operationId", "tags", "title", "summary", "description", "example", "examples", "externalDocs", "servers",
        "method", "path", "discriminator", "readOnly", "writeOnly", "contentEncoding", "contentMediaType",
        "contentType", "allowEmptyValue", "not", "if", "then", "else", "dependentSchemas", "propertyNames",
        "contains", "unevaluatedItems", "unevaluatedProperties", "additionalProperties", "headers",
    }
)  # fmt: skip
#: Facts that have a meaning for one type only.
_OF_THE_TYPE = frozenset(
    {
        "format",
        "enum",
        "default",
        "pattern",
        "multipleOf",
        "uniqueItems",
        "style",
        "explode",
        *LOWER,
        *UPPER,
    }
)
#: Formats that say no more than the type does, or no more than a name.
_EMPTY_FORMATS = frozenset({"int32", "int64", "float", "double", "password", "string"})
_NUMBERS = {"integer", "number"}


def judge(prepared: Prepared, pairs: list[Pair]) -> Iterator[Raw]:
    """Yield what the facts of the paired operations differ in, theirs under our names."""
    yield from _moved(prepared, pairs)
    for place, name in prepared.spelled.items():
        yield _raw(prepared, Kind.WRONG, place, "spelling", place.pointer.rpartition("/")[2], name)
    for place, media in prepared.media.items():
        yield _raw(prepared, Kind.WRONG, place, "media type", place.media, media)
    yield from _Judge(prepared).all()


def _moved(prepared: Prepared, pairs: list[Pair]) -> Iterator[Raw]:
    for pair in pairs:
        if pair.how != "path":
            place = pair.ours
            ours, theirs = _address(prepared.ours, place), _address(prepared.theirs, place)
            yield _raw(prepared, Kind.WRONG, place, "method and path", ours, theirs)


def _address(facts: Facts, place: Place) -> str:
    own = facts.places[place]
    return f"{own['method']} {own['path']}"


def _raw(prepared: Prepared, kind: Kind, place: Place, name: str, ours: JSON, theirs: JSON) -> Raw:
    homes = prepared.ours.home(place), prepared.theirs.home(place)
    return Raw(kind, place, name, ours, theirs, *homes, place)


class _Judge:
    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.ours, self.theirs = prepared.ours, prepared.theirs
        self.found = differences(self.ours, self.theirs)
        self.our_parents = {place.parent for place in self.ours.places if place.pointer}
        self.their_parents = {place.parent for place in self.theirs.places if place.pointer}
        self.silent: set[Place] = set()

    def all(self) -> Iterator[Raw]:
        apart = {entry.place for entry in self.found if self.other_thing(entry)}
        for entry in self.found:
            if any(above in apart for above in entry.place.ancestors()):
                continue
            if entry.kind == "changed":
                if entry.place not in apart or entry.name not in _OF_THE_TYPE:
                    yield from self.changed(entry)
            elif entry.kind == "removed":
                yield from self.removed(entry)
            else:
                yield from self.added(entry)

    def other_thing(self, entry: Difference) -> bool:
        """Return whether the value is of another kind, so that what is in it cannot be compared."""
        if entry.name in ("union", "same_as"):
            return (entry.old is None) is not (entry.new is None)
        if entry.name != "type" or not entry.old or not entry.new:
            return False
        return not (set(entry.old) & set(entry.new) or {*entry.old, *entry.new} <= _NUMBERS)

    def changed(self, entry: Difference) -> Iterator[Raw]:
        name, ours, theirs, place = entry.name, entry.old, entry.new, entry.place
        if name in _IGNORED or name.startswith("x-") or place.part == "link":
            return
        if name == "format":
            ours, theirs = _format(ours), _format(theirs)
            if ours == theirs:
                return
        if name == "name" and _same_name(place, ours, theirs):
            return
        if name == "security":
            ours, theirs = security(ours), security(theirs)
            if ours == theirs:
                return
        if name == "union" and ours is not None and theirs is not None:
            return
        if name in ("style", "explode") and (ours is None or theirs is None):
            return  # only lists have them: the type says it
        kind = self.kind_of(entry, ours, theirs)
        if kind is not None:
            homes = self.ours.home(place, name), self.theirs.home(place, name)
            yield Raw(kind, place, name, ours, theirs, *homes, place)

    def kind_of(self, entry: Difference, ours: JSON, theirs: JSON) -> Kind | None:
        name, request = entry.name, entry.place.direction == "request"
        if name in ("union", "same_as"):
            return Kind.WRONG
        if name == "nullable":
            return Kind.WRONG if theirs else Kind.UNSAID
        if name == "required":
            return Kind.UNSAID if not theirs else Kind.WRONG if request else Kind.LACK
        if name == "deprecated":
            return Kind.LACK if theirs else Kind.UNSAID
        if theirs is None:
            return Kind.UNSAID
        return Kind.LACK if ours is None else Kind.WRONG

    def removed(self, entry: Difference) -> Iterator[Raw]:
        place = entry.place
        parent = place.parent
        if place.part == "link" or parent is None:
            return  # for contract runs; no call depends on it
        kind = Kind.EXTRA
        if place.pointer:
            if place.pointer.rpartition("/")[2][:1] in ("*", "{"):
                kind = Kind.UNSAID
            elif parent not in self.their_parents:
                if parent not in self.silent:
                    self.silent.add(parent)
                    names = self.names_below(self.ours, parent)
                    yield self.raw(Kind.UNSAID, parent, "fields", names, None)
                return
        elif self.weak(place, parent):
            kind = Kind.UNSAID
        readonly = "one way" if place in self.prepared.one_way else ""
        homes = entry.old_home, self.object_home(self.theirs, parent)
        yield Raw(kind, place, readonly, entry.old, None, *homes, parent)

    def weak(self, place: Place, parent: Place) -> bool:
        """Return whether leaving out this header or reply says nothing against ours."""
        if place.part == "header":
            return True
        if place.media:
            return not self.has_content(self.theirs, parent)
        return place.part == "reply" and self.covered(place)

    def covered(self, reply: Place) -> bool:
        """Return whether a reply of theirs stands for more statuses, this one among them."""
        wide = (reply.status[:1] + "XX", "DEFAULT")
        return any(reply._replace(status=status) in self.theirs.places for status in wide)

    def added(self, entry: Difference) -> Iterator[Raw]:
        place = entry.place
        parent = place.parent
        if place.part == "link" or parent is None:
            return  # for contract runs; no call depends on it
        token = place.pointer.rpartition("/")[2][:1]
        if place.pointer and parent not in self.our_parents and token not in ("*", "{"):
            if parent not in self.silent:
                self.silent.add(parent)
                names = self.names_below(self.theirs, parent)
                yield self.raw(Kind.LACK, parent, "fields", None, names)
            return
        if token in ("*", "{") and not self.says(place, self.theirs):
            return
        homes = self.object_home(self.ours, parent), entry.new_home
        yield Raw(Kind.LACK, place, "", None, entry.new, *homes, parent)

    def says(self, place: Place, facts: Facts) -> bool:
        return "type" in facts.places[place] or place in self.their_parents

    def raw(self, kind: Kind, place: Place, name: str, ours: JSON, theirs: JSON) -> Raw:
        homes = self.object_home(self.ours, place), self.object_home(self.theirs, place)
        return Raw(kind, place, name, ours, theirs, *homes, place)

    def object_home(self, facts: Facts, place: Place) -> str:
        """Return where fields of a value are to be stated, which is not where it is used."""
        return facts.home(place, "type") if place.media or place.pointer else facts.home(place)

    def has_content(self, facts: Facts, message: Place) -> bool:
        return any(place.media and place.parent == message for place in facts.places)

    def names_below(self, facts: Facts, parent: Place) -> list[str]:
        return [
            place.pointer.rpartition("/")[2] for place in facts.places if place.parent == parent
        ]


def _format(value: JSON) -> JSON:
    return None if value in _EMPTY_FORMATS else value


def _same_name(place: Place, ours: JSON, theirs: JSON) -> bool:
    """Return whether a name is free: of a path parameter, or in its capitals, of a header."""
    if place.name.startswith("path:"):
        return True
    return place.name.startswith("header:") and str(ours).lower() == str(theirs).lower()


def security(value: JSON) -> JSON:
    """Return the alternatives without scopes; all that sends a bearer token is one."""
    if value is None:
        return None
    result = []
    for alternative in value:
        words = [
            "bearer token" if scheme.split(" ")[0] in ("oauth2", "openIdConnect") else scheme
            for scheme in alternative
        ]
        words = ["bearer token" if word == "http bearer" else word for word in words]
        result.append(sorted(words))
    return sorted(result)
