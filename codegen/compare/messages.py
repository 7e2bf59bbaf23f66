"""Bodies, replies, headers and links of an operation."""

from __future__ import annotations

from typing import Any

from codegen.compare.fields import Values
from codegen.compare.parameters import follow, schema_of
from codegen.compare.places import JSON, Direction, Place
from codegen.compare.schemas import Location
from codegen.lint.pointers import child

_EXAMPLES: tuple[str, ...] = ("example", "examples")


class Messages:
    """Adds what is sent and what comes back."""

    def __init__(self, values: Values) -> None:
        self.values = values

    def request(self, key: str, where: Location, *, sent_by_us: bool) -> None:
        """Add the body of operation `key`, if it has one."""
        if "requestBody" not in where.schema:
            return
        use = Location(child(where.pointer, "requestBody"), where.schema["requestBody"])
        target = follow(self.values, use)
        facts = _words(target.schema) | (
            {"required": True} if target.schema.get("required") else {}
        )
        place = Place("request", key, "request" if sent_by_us else "reply")
        self._message(place, use, target, facts)

    def replies(self, key: str, where: Location, *, sent_by_us: bool) -> None:
        """Add the replies of operation `key` by status."""
        direction: Direction = "reply" if sent_by_us else "request"
        listed = where.schema.get("responses")
        for status, value in (listed if isinstance(listed, dict) else {}).items():
            if str(status).startswith("x-"):
                continue
            use = Location(child(where.pointer, "responses", status), value)
            target = follow(self.values, use)
            place = Place("reply", key, direction, status=str(status).upper())
            self._message(place, use, target, _words(target.schema))
            self._headers(place, target)
            self._links(place, target)

    def _message(
        self, place: Place, use: Location, target: Location, facts: dict[str, JSON]
    ) -> None:
        self._put(place, use, target, facts)
        for media, entry in _mapping(target.schema.get("content")).items():
            data = _mapping(entry)
            pointer = child(target.pointer, "content", media)
            body = place._replace(media=media_type(str(media)))
            own = {name: data[name] for name in _EXAMPLES if name in data}
            schema = Location(child(pointer, "schema"), data.get("schema", {}))
            self.values.add(body, [schema], own, {"": pointer, **dict.fromkeys(own, pointer)})
            self._encoding(body, _mapping(data.get("encoding")), child(pointer, "encoding"))

    def _encoding(self, body: Place, encoding: dict[str, Any], pointer: str) -> None:
        facts = self.values.facts
        for name, entry in encoding.items():
            place = body._replace(pointer=child("", name))
            if place in facts.places and isinstance(entry, dict):
                own = {key: value for key, value in entry.items() if key != "headers"}
                home = child(pointer, name)
                facts.places[place] = {**facts.places[place], **own}
                facts.homes[place] = {**facts.homes[place], **dict.fromkeys(own, home)}

    def _headers(self, reply: Place, target: Location) -> None:
        for name, value in _mapping(target.schema.get("headers")).items():
            if str(name).lower() == "content-type":
                continue
            use = Location(child(target.pointer, "headers", name), value)
            header = follow(self.values, use)
            own = _words(header.schema)
            own |= {key: header.schema[key] for key in _EXAMPLES if key in header.schema}
            own |= {"required": True} if header.schema.get("required") else {}
            schema = schema_of(header, own)
            homes = {"": use.pointer, **dict.fromkeys(own, header.pointer)}
            place = reply._replace(part="header", name=str(name).lower())
            self.values.add(place, [schema], own, homes)

    def _links(self, reply: Place, target: Location) -> None:
        for name, value in _mapping(target.schema.get("links")).items():
            use = Location(child(target.pointer, "links", name), value)
            link = follow(self.values, use)
            place = reply._replace(part="link", direction="none", name=str(name))
            self._put(place, use, link, dict(link.schema))

    def _put(self, place: Place, use: Location, target: Location, facts: dict[str, JSON]) -> None:
        self.values.facts.places[place] = facts
        self.values.facts.homes[place] = {"": use.pointer, **dict.fromkeys(facts, target.pointer)}


def media_type(text: str) -> str:
    """Return a media type in lower case and without its charset."""
    parts = [part.strip().lower() for part in text.split(";")]
    return ";".join(part for part in parts if not part.startswith("charset="))


def _words(data: dict[str, Any]) -> dict[str, JSON]:
    return {
        name: value
        for name, value in data.items()
        if name in ("description", "summary", "deprecated") or name.startswith("x-")
    }


def _mapping(value: JSON) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
