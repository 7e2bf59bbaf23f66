"""What a changed fact of a value means: its type, its limits, whether it is required."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from codegen.compare import Difference
from codegen.diff.changes import Found, deprecation, from_to, shown
from codegen.diff.kinds import Way
from codegen.names import parameter_name

__all__ = ["STRUCTURE", "value_rules"]

#: Facts that, when they change, change everything below.
STRUCTURE = frozenset({"type", "union"})
#: Formats that have a Python type of their own.
_TYPED_FORMATS = {"date-time": "a `datetime`", "binary": "a file"}
_LOWER = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"}
_UPPER = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"}
_RULES = {
    "pattern", "multipleOf", "uniqueItems", "not", "if", "then", "else", "dependentRequired", "dependentSchemas",
    "propertyNames", "contains", "unevaluatedItems", "unevaluatedProperties", "readOnly", "writeOnly", "never",
}  # fmt: skip
_SERIALIZATION = {
    "style", "explode", "allowReserved", "allowEmptyValue", "content", "contentType",
}  # fmt: skip
_OF_LISTS = {"style", "explode"}
_FORMATS = {"format", "contentEncoding", "contentMediaType"}
#: Said elsewhere, or by the places below.
_SILENT = {"same_as", "in"}

Facts = Mapping[str, Any]


def value_rules(difference: Difference, way: Way, old: Facts, new: Facts) -> Iterator[Found]:
    """What a changed fact of a parameter, header, body, reply, or of anything in one, means.

    Args:
        difference: The fact.
        way: Who sends it.
        old: All facts of the place before.
        new: All facts of the place now.
    """
    name, before, after = difference.name, difference.old, difference.new
    if name in _SILENT:
        return
    rule = _BY_NAME.get(name)
    if rule is not None:
        yield from rule(before, after)
    elif name == "required":
        yield _required(difference, bool(after))
    elif name == "nullable":
        yield _null(difference, way, old, new)
    elif name in _LOWER | _UPPER:
        yield _limit(name, before, after)
    elif name in _RULES:
        yield _rule(name, before, after)
    elif name in _FORMATS:
        yield _format(name, before, after)
    elif name in _OF_LISTS and old.get("type") != new.get("type"):
        return  # only lists and objects have them: the type says it
    elif name in _SERIALIZATION:
        yield Found(
            "serialization-changed" if way == "request" else "detail-changed",
            from_to(name, before, after),
        )
    else:
        yield Found("detail-changed", from_to(f"`{name}`", before, after))


def _required(difference: Difference, now: bool) -> Found:
    place = difference.place
    if place.part == "parameter" and not place.pointer:
        return Found("parameter-now-required" if now else "parameter-now-optional")
    if place.part == "request" and not place.media and place.direction == "request":
        return Found("body-now-required" if now else "body-now-optional")
    return Found("property-now-required" if now else "property-now-optional")


def _null(difference: Difference, way: Way, old: Facts, new: Facts) -> Found:
    if not difference.new:
        return Found("null-forbidden")
    # Items, values of maps and replies as a whole are never left out.
    last = difference.place.pointer.rpartition("/")[2]
    may_be_absent = last[:1] not in ("", "*", "{", "<") and not new.get("required")
    if way == "reply" and may_be_absent and not old.get("required"):
        return Found("null-allowed-where-optional")
    return Found("null-allowed")


def _format(name: str, before: Any, after: Any) -> Found:
    detail = from_to(name, before, after)
    if name != "format" or not {before, after} & _TYPED_FORMATS.keys():
        return Found("format-noted", detail)
    one, other = (_TYPED_FORMATS.get(value, "a `str`") for value in (before, after))
    return Found("format-changed", f"{detail}; it is {other} now, not {one}")


def _limit(name: str, before: Any, after: Any) -> Found:
    detail = from_to(f"`{name}`", before, after)
    if before is None or after is None:
        return Found("limit-tightened" if before is None else "limit-loosened", detail)
    try:
        stricter = after > before if name in _LOWER else after < before
    except TypeError:
        return Found("rule-changed", detail)
    return Found("limit-tightened" if stricter else "limit-loosened", detail)


def _rule(name: str, before: Any, after: Any) -> Found:
    detail = from_to(f"`{name}`", before, after)
    if not before or not after:
        return Found("limit-loosened" if not after else "limit-tightened", detail)
    return Found("rule-changed", detail)


def _type(before: Any, after: Any) -> Iterator[Found]:
    detail = from_to("type", before or ["anything"], after or ["anything"])
    if not before or not after:
        yield Found("type-narrowed" if not before else "type-widened", detail)
    elif _fits(before, after):
        yield Found("type-widened", detail)
    elif _fits(after, before):
        yield Found("type-narrowed", detail)
    else:
        yield Found("type-changed", detail)


def _fits(narrow: list[str], wide: list[str]) -> bool:
    return all(entry in wide or (entry == "integer" and "number" in wide) for entry in narrow)


def _enum(before: Any, after: Any) -> Iterator[Found]:
    if before is None:
        yield Found("enum-introduced", f"only {shown(after)} now")
    elif after is None:
        yield Found("enum-dropped", "no list of values any more")
    elif len(before) == len(after) == 1:
        yield Found("constant-changed", from_to("", before[0], after[0]))
    else:
        for value in after:
            if value not in before:
                yield Found("enum-value-added", f"value {shown(value)} came")
        for value in before:
            if value not in after:
                yield Found("enum-value-removed", f"value {shown(value)} went")


def _default(before: Any, after: Any) -> Iterator[Found]:
    if before is None or after is None:
        kind = "default-added" if before is None else "default-removed"
        yield Found(kind, f"default {shown(after if before is None else before)}")
    else:
        yield Found("default-changed", from_to("default", before, after))


def _union(before: Any, after: Any) -> Iterator[Found]:
    if before and after:
        yield Found("detail-changed", f"{before} is now {after}")
    else:
        yield Found("type-changed", "one-of several now" if after else "one-of several no more")


def _renamed(before: Any, after: Any) -> Iterator[Found]:
    one, other = parameter_name(str(before)), parameter_name(str(after))
    yield Found("path-argument-renamed", f"argument `{one}` is now `{other}`")


def _deprecated(before: Any, after: Any) -> Iterator[Found]:
    yield deprecation(after)


_BY_NAME: dict[str, Callable[[Any, Any], Iterator[Found]]] = {
    "type": _type,
    "enum": _enum,
    "default": _default,
    "union": _union,
    "name": _renamed,
    "deprecated": _deprecated,
}
