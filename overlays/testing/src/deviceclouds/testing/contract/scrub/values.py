"""Values of a recording, scrubbed by schema: what a specification does not list becomes a stand-in."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema_rs

from ..._texts import typed
from .substitutes import DATE, DATE_TIME, MAX_TEXT, Substitutes
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from ..._spec import Spec

__all__ = ["HIDDEN", "Scrubber"]

HIDDEN = "***"

_TEXT_RULES = ("enum", "const", "pattern", "format", "minLength", "maxLength")
_NUMBER_RULES = ("enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_NUMBERS = {"integer", "number"}
_UNIONS = ("oneOf", "anyOf")
_SAMPLES = {
    "time": "00:00:00Z",
    "duration": "P1D",
    "hostname": "host.invalid",
    "ipv6": "2001:db8::1",
    "uri": "https://host.invalid/",
    "regex": "a",
    "json-pointer": "/a",
}
_MAX_STRANGERS = 8  # an object with more undocumented names is taken for a map
_MAX_WORDS = 5000
_PLACE = re.compile(
    r"^(lat|lng|lon|long|alt)$|latitude|longitude|altitude|^gps|^geo|geo[A-Z_]|gps[A-Z_]?"
    r"|coord|^(location|position|place)$|(^|_)(lat|lng|lon)(_|e?[0-9]|$)|(?-i:[a-z0-9](Lat|Lng|Lon)(E?[0-9]|$))",
    re.IGNORECASE,
)


class _Where(NamedTuple):
    """What surrounds a value: a secret, a place on earth, a map whose keys somebody chose."""

    secret: bool = False
    place: bool = False
    map: bool = False


class Scrubber:
    """Replaces the values of requests and replies; equal values stay equal.

    Args:
        spec: The specification that says what may be kept.
        substitutes: Makes the stand-ins; shared by everything of one recording.

    Attributes:
        words: Texts that were kept because the specification lists them.
        address: Scrubs a text that is a URL; gives None for any other text.
    """

    def __init__(self, spec: Spec, substitutes: Substitutes | None = None) -> None:
        self.spec = spec
        self.substitutes = substitutes or Substitutes()
        self.words: set[str] = set()
        self.address: Callable[[str], str | None] = lambda text: None
        self._vocabulary = Vocabulary(spec.document)
        self._validators: dict[int, tuple[Any, jsonschema_rs.Draft202012Validator]] = {}

    def json(self, schema: Any, value: Any) -> Any:
        """A value with stand-ins.

        Args:
            schema: A schema object of the document; None where nothing is documented.
            value: What ``json.loads`` gives.

        Raises:
            RecursionError: It is nested too deep.
        """
        return self._value([] if schema is None else [schema], value, _Where())

    def parameter(self, raw: dict[str, Any], name: str, text: str) -> str:
        """The text of a parameter or form field, decoded, with a stand-in where it needs one.

        Args:
            raw: Parameter object, or the field's schema.
            name: Its name.
            text: The value as text; one item of a list.
        """
        schema = self.spec.resolve(raw.get("schema", raw))
        if schema.get("type") == "array":
            schema = self.spec.resolve(schema.get("items", {}))
        where = _Where(bool(raw.get("x-secret")), _PLACE.search(name) is not None)
        value = typed(self.spec, schema, text)
        made = self._value([schema], value, where)
        if isinstance(made, str):
            return made
        return text if made == value and made is not None else str(made).lower()

    def name(self, name: str) -> str:
        """The name of something undocumented: itself, if it is made of plain words."""
        if self._vocabulary.knows(name):
            return name
        return f"field_{self.substitutes.word(name)}"

    def _value(self, schemas: list[Any], value: Any, where: _Where) -> Any:
        if value is None or isinstance(value, bool):
            return value
        parts = [part for schema in schemas for part in self._parts(schema, value)]
        where = where._replace(secret=where.secret or any(p.get("x-secret") for p in parts))
        if isinstance(value, dict):
            return self._object(parts, value, where)
        if isinstance(value, list):
            items = [part["items"] for part in parts if isinstance(part.get("items"), dict)]
            return [self._value(items, item, where) for item in value]
        if isinstance(value, str):
            return self._text(parts, value, where)
        return self._number(parts, value, where)

    def _object(
        self, parts: list[dict[str, Any]], value: dict[str, Any], where: _Where
    ) -> dict[str, Any]:
        tables = [part["properties"] for part in parts if "properties" in part]
        rest = [p["additionalProperties"] for p in parts if "additionalProperties" in p]
        rest = [schema for schema in rest if isinstance(schema, dict)]
        strangers = sum(all(key not in table for table in tables) for key in value)
        free = where.map or bool(rest) or (bool(parts) and not tables)
        is_map = free or strangers > _MAX_STRANGERS
        made: dict[str, Any] = {}
        for key, item in value.items():
            fields = [table[key] for table in tables if key in table]
            place = where.place or _PLACE.search(key) is not None
            name = key if fields else self.substitutes.text(key, 64) if is_map else self.name(key)
            while name in made:
                name += "_"
            inside = _Where(where.secret, place, free and not fields)
            made[name] = self._value(fields or rest, item, inside)
        return made

    def _text(self, parts: list[dict[str, Any]], value: str, where: _Where) -> str:
        if not value:
            return value
        if not where.secret and self._listed(parts, value):
            if len(self.words) < _MAX_WORDS:
                self.words.add(value)
            return value
        if parts and not where.secret and self._is_time(parts, value):
            return value
        rules = [part for part in parts if any(rule in part for rule in _TEXT_RULES)]
        if not rules:
            return next(self._candidates(parts, value, where.secret))
        verdict = self._verdict(rules, value, _TEXT_RULES)

        def fits(text: str) -> bool:
            return self._verdict(rules, text, _TEXT_RULES) == verdict

        first: str | None = None
        for candidate in self._candidates(parts, value, where.secret):
            first = candidate if first is None else first
            if candidate != value and fits(candidate):
                return candidate
        patterns = "\n".join(part["pattern"] for part in rules if "pattern" in part)
        if where.secret or not patterns:
            return first or HIDDEN
        return self.substitutes.within(value, fits, patterns) or first or HIDDEN

    def _candidates(self, parts: list[dict[str, Any]], value: str, secret: bool) -> Iterator[str]:
        if secret:
            yield HIDDEN
            yield "*" * min(len(value), 10_000)
        else:
            address = self.address(value)
            if address is not None:
                yield address
        yield self.substitutes.text(value)
        yield self.substitutes.text(value, None)
        if not secret and len(value) <= MAX_TEXT:  # a longer one is no date or address
            yield from (self.substitutes.plain(value, salt) for salt in range(8))
        yield from (_SAMPLES[f] for part in parts if (f := part.get("format")) in _SAMPLES)
        for part in parts:
            # Public, because the specification has it.
            for example in (part.get("example"), *part.get("examples", ())):
                if isinstance(example, str) and example:
                    yield example

    def _number(self, parts: list[dict[str, Any]], value: float, where: _Where) -> float:
        documented = any(_kinds(part) & _NUMBERS for part in parts) or self._listed(parts, value)
        if documented and not where.secret and not where.place and math.isfinite(value):
            return value
        whole = isinstance(value, int)
        candidates: list[float] = [0, 1, 10**6, -(10**6)] if whole else [0.5, 1e6, -1e6]
        rules = [part for part in parts if any(rule in part for rule in _NUMBER_RULES)]
        for part in rules:
            candidates += [part[r] for r in ("minimum", "maximum") if r in part]
        verdict = self._verdict(rules, value, _NUMBER_RULES)
        fitting = (n for n in candidates if self._verdict(rules, n, _NUMBER_RULES) == verdict)
        return next(fitting, candidates[0])

    def _listed(self, parts: list[dict[str, Any]], value: str | float) -> bool:
        return any(value in part.get("enum", ()) or value == part.get("const") for part in parts)

    def _is_time(self, parts: list[dict[str, Any]], value: str) -> bool:
        if DATE_TIME.fullmatch(value):
            return True
        dated = any(part.get("format") in ("date", "date-time") for part in parts)
        return dated and DATE.fullmatch(value) is not None

    def _verdict(
        self, parts: list[dict[str, Any]], value: Any, rules: tuple[str, ...]
    ) -> list[list[str]]:
        return [
            sorted(error.kind.name for error in self._validator(part, rules).iter_errors(value))
            for part in parts
        ]

    def _validator(
        self, part: dict[str, Any], rules: tuple[str, ...]
    ) -> jsonschema_rs.Draft202012Validator:
        found = self._validators.get(id(part))
        if found is None:
            only = {rule: part[rule] for rule in {*_TEXT_RULES, *_NUMBER_RULES} if rule in part}
            made = jsonschema_rs.Draft202012Validator(only, validate_formats=True, offline=True)
            # The part is kept, because the cache goes by its id.
            found = self._validators[id(part)] = (part, made)
        return found[1]

    def _parts(self, schema: Any, value: Any) -> Iterator[dict[str, Any]]:
        """A schema and all that are applied together with it, with one variant of each union."""
        resolved = self.spec.resolve(schema)
        if not isinstance(resolved, dict):
            return
        if isinstance(schema, dict) and schema.get("x-secret") and schema is not resolved:
            yield {"x-secret": True}
        yield resolved
        for part in resolved.get("allOf", ()):
            yield from self._parts(part, value)
        for union in _UNIONS:
            if resolved.get(union):
                variant = self.spec.checker.variant(resolved[union], value)
                yield from self._parts(variant, value)


def _kinds(part: dict[str, Any]) -> set[str]:
    kinds = part.get("type", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)
